import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sha256 } from '#model';
import { CaptureFixture } from '../capture-fixture.ts';
import { openContext } from '../context.ts';
import { readPageFacts } from '../marks/page-facts.ts';
import { domShape, fingerprints, iconHash, murmur3 } from './index.ts';

describe('murmur3', () => {
  it('agrees with the reference vectors', () => {
    const of = (text: string, seed = 0): number => murmur3(Buffer.from(text), seed) >>> 0;
    assert.equal(of(''), 0);
    assert.equal(of('', 1), 0x514e28b7);
    assert.equal(of('', 0xffffffff), 0x81f16f39);
    assert.equal(murmur3(Buffer.alloc(4), 0) >>> 0, 0x2362f9de);
    assert.equal(of('aaaa', 0x9747b28c), 0x5a97808a);
    assert.equal(of('aaa', 0x9747b28c), 0x283e0130);
    assert.equal(of('abcd', 0x9747b28c), 0xf0478627);
    assert.equal(of('Hello, world!', 0x9747b28c), 0x24884cba);
    assert.equal(of('The quick brown fox jumps over the lazy dog', 0x9747b28c), 0x2fa826cd);
  });

  it('reads bytes that are part of a larger buffer', () => {
    const whole = Buffer.from('xxHello, world!');
    assert.equal(murmur3(whole.subarray(2), 0x9747b28c) >>> 0, 0x24884cba);
  });
});

describe('iconHash', () => {
  it('is what Shodan computes', () => {
    assert.equal(iconHash(new Uint8Array()), 0);
    assert.equal(iconHash(Buffer.from('GIF89a')), -851503336);
    assert.equal(iconHash(Uint8Array.from({ length: 256 }, (_, byte) => byte)), -757223386);
    assert.equal(iconHash(new Uint8Array(1_150)), 1949090991);
  });
});

describe('domShape', () => {
  const shape = (html: string): string | undefined =>
    domShape(readPageFacts(html, 'https://a.example/').structure);
  const page = (title: string, list: string): string =>
    `<html><head><title>${title}</title></head><body class="x"><div><ul>${list}</ul></div></body></html>`;

  it('does not see texts, attributes and comments', () => {
    const a = shape(page('One', '<li>a</li><li>b</li>'));
    const b = shape(page('Two', '<li id="1">c</li><!-- x --><li>d</li>'));
    assert.match(a ?? '', /^[0-9a-f]{32}$/);
    assert.equal(a, b);
  });

  it('sees another element, and another nesting', () => {
    const a = shape(page('One', '<li>a</li><li>b</li>'));
    assert.notEqual(a, shape(page('One', '<li>a</li><li>b</li><li>c</li>')));
    assert.notEqual(a, shape(page('One', '<li>a<li>b</li></li>')));
  });

  it('says nothing of pages with hardly any elements', () => {
    assert.equal(shape('<html><body><p>x</p></body></html>'), undefined);
  });
});

describe('fingerprints of a capture', () => {
  const body = `<html><head><title> Sign \n in </title></head><body>${'<p>x</p>'.repeat(8)}</body></html>`;
  const icon = Buffer.from('GIF89a');
  const text = 'Please sign in with your account to go on. '.repeat(3);

  function capture(): CaptureFixture {
    const fixture = new CaptureFixture('https://kit.example/');
    const page = fixture.exchange({
      url: 'https://kit.example/',
      headers: { Server: 'nginx', 'content-type': 'text/html', 'Set-Cookie': ['a=1', 'b=2'] },
      body,
    });
    fixture.document({ url: 'https://kit.example/', exchange: page, text });
    fixture.exchange({ url: 'https://ads.example/frame', body: '<title>Frame</title>' });
    fixture.document({ url: 'https://ads.example/frame', exchange: 1, frame: 'f', isMainFrame: false });
    return fixture;
  }

  it('are those of the main frame', () => {
    const fixture = capture();
    const found = fingerprints(openContext(fixture.reader()));
    const byLabel = new Map(found.map(({ label, target }) => [label, target]));
    assert.ok(found.every(({ source }) => source === 'kit.example'));
    assert.equal(byLabel.get('title'), 'Sign in');
    assert.equal(byLabel.get('body.sha256'), sha256(body));
    assert.equal(byLabel.get('headers.order'), 'Server,content-type,Set-Cookie');
    assert.equal(byLabel.get('text.sha256'), sha256(text.trim()));
    assert.match(byLabel.get('dom.shape') ?? '', /^[0-9a-f]{32}$/);
    assert.equal(byLabel.has('favicon.mmh3'), false);
  });

  it('hold the icon, as the browser names it or as it lies in its usual place', () => {
    const named = capture();
    const exchange = named.exchange({
      url: 'https://cdn.example/i.gif',
      headers: { 'content-type': 'image/gif' },
      body: icon,
    });
    named.set({ favicon: { url: 'https://cdn.example/i.gif', exchange } });
    const usual = capture();
    usual.exchange({
      url: 'https://kit.example/favicon.ico',
      headers: { 'content-type': 'image/x-icon' },
      body: icon,
    });
    for (const fixture of [named, usual]) {
      const found = fingerprints(openContext(fixture.reader()));
      const of = (label: string) => found.find((each) => each.label === label);
      assert.equal(of('favicon.mmh3')?.target, '-851503336');
      assert.equal(of('favicon.sha256')?.target, sha256(icon));
      assert.equal(of('favicon.mmh3')?.source, 'kit.example');
      assert.deepEqual(of('favicon.mmh3')?.evidence, { exchange: 2 });
    }
  });
});
