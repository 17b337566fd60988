import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CaptureFixture } from '../capture-fixture.ts';
import { openContext } from '../context.ts';
import { cookies, parseCookieDate, parseSetCookie } from './index.ts';

const NOW = Date.parse('2017-11-20T10:00:00Z');

describe('parseSetCookie', () => {
  it('reads name, value and attributes', () => {
    assert.deepEqual(
      parseSetCookie(
        'id=a3fWa; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/app; Domain=.Example.ORG; Secure; HttpOnly; SameSite=lax',
        NOW,
      ),
      {
        name: 'id',
        value: 'a3fWa',
        domain: 'example.org',
        path: '/app',
        expiresAt: Date.parse('2026-10-21T07:28:00Z'),
        secure: true,
        httpOnly: true,
        sameSite: 'Lax',
      },
    );
  });

  it('lets Max-Age win over Expires, and the last of each count', () => {
    const cookie = parseSetCookie(
      'a=1; max-age=60; expires=Wed, 21 Oct 2026 07:28:00 GMT; path=/x; path=/y',
      NOW,
    );
    assert.equal(cookie?.expiresAt, NOW + 60_000);
    assert.equal(cookie?.path, '/y');
    assert.equal(parseSetCookie('a=1; Max-Age=-1', NOW)?.expiresAt, NOW);
  });

  it('reads odd ones as browsers do', () => {
    assert.equal(parseSetCookie('novalue', NOW)?.name, '');
    assert.equal(parseSetCookie(' a = b ; HttpOnly', NOW)?.value, 'b');
    assert.equal(parseSetCookie('a="b c"', NOW)?.value, '"b c"');
    assert.equal(parseSetCookie('a=1; domain=', NOW)?.domain, undefined);
    assert.equal(parseSetCookie('a=1; path=x', NOW)?.path, undefined);
    assert.equal(parseSetCookie('a=1; samesite=maybe', NOW)?.sameSite, undefined);
    for (const header of ['', '=', ';', 'a=\u0000', `a=${'x'.repeat(5_000)}`]) {
      assert.equal(parseSetCookie(header, NOW), undefined, header.slice(0, 10));
    }
  });
});

describe('parseCookieDate', () => {
  it('reads all the forms that servers write', () => {
    for (const text of [
      'Wed, 21 Oct 2015 07:28:00 GMT',
      'Wed, 21-Oct-15 07:28:00 GMT',
      'Wed, 21-Oct-2015 07:28:00 GMT',
      'Wed Oct 21 07:28:00 2015',
      '21 oct 2015 07:28:00',
    ]) {
      assert.equal(parseCookieDate(text), Date.parse('2015-10-21T07:28:00Z'), text);
    }
    assert.equal(parseCookieDate('Thu, 01 Jan 70 00:00:00 GMT'), 0);
  });

  it('takes none that is impossible', () => {
    for (const text of [
      '',
      'tomorrow',
      'Wed, 31 Feb 2015 07:28:00 GMT',
      'Wed, 21 Oct 2015 24:28:00 GMT',
      '21 Oct 1500 07:28:00',
    ]) {
      assert.equal(parseCookieDate(text), undefined, text);
    }
  });
});

describe('cookies of a capture', () => {
  it('are those that hosts may set, with their setter', () => {
    const fixture = new CaptureFixture('https://www.shop.example/');
    fixture.exchange({
      url: 'https://www.shop.example/',
      headers: {
        'Set-Cookie': [
          'sid=1; HttpOnly',
          'lang=de; Domain=shop.example; Secure; SameSite=None; Max-Age=60',
          'stolen=1; Domain=bank.example',
          'wide=1; Domain=example',
          '=x',
        ],
      },
      body: '<html></html>',
    });
    fixture.document({ url: 'https://www.shop.example/', exchange: 0 });
    const script = { url: 'https://cdn.example/t.js', functionName: 'set', lineNumber: 4, columnNumber: 9 };
    const cookie = { value: '1', path: '/', secure: false, httpOnly: false };
    fixture.set({
      cookies: [
        { ...cookie, name: 'sid', domain: 'www.shop.example', setBy: { kind: 'header', exchange: 0 } },
        { ...cookie, name: '_ga', domain: '.shop.example', setBy: { kind: 'script', frame: script } },
        { ...cookie, name: 'odd', domain: 'else.example', setBy: { kind: 'unknown' } },
      ],
    });
    const found = cookies(openContext(fixture.reader()));
    assert.deepEqual(
      found.map(({ source, label, target, detail }) => [source, label, target, detail['setter']]),
      [
        ['www.shop.example', 'www.shop.example', 'sid', 'header'],
        ['www.shop.example', 'shop.example', 'lang', 'header'],
        ['www.shop.example', 'shop.example', '_ga', 'https://cdn.example/t.js'],
        ['else.example', 'else.example', 'odd', 'unknown'],
      ],
    );
    assert.deepEqual(found[1]!.detail, {
      secure: true,
      httpOnly: false,
      sameSite: 'None',
      setter: 'header',
      expiresAt: '2017-11-20T10:01:00.000Z',
    });
    assert.deepEqual(found[0]!.evidence, { exchange: 0, header: 'Set-Cookie' });
    assert.deepEqual(found[2]!.evidence, {
      script: 'https://cdn.example/t.js',
      line: 5,
      column: 10,
      functionName: 'set',
    });
  });
});
