import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { atSignFindings, decodeCloudflareMail } from './mail-address.ts';
import { findTrackers } from './index.ts';

const mails = (text: string): string[] =>
  atSignFindings(text)
    .filter(({ type }) => type === 'MailAddress')
    .map(({ value }) => value);

describe('mail addresses', () => {
  it('are found in lower case', () => {
    assert.deepEqual(mails('<a href="mailto:Info@Firma.DE?subject=x">'), ['info@firma.de']);
    assert.deepEqual(mails('first.last+tag@mail.example-corp.co.uk.'), [
      'first.last+tag@mail.example-corp.co.uk',
    ]);
  });

  it('are freed from the escapes before them', () => {
    assert.deepEqual(mails('mailto:%20desk@paper.fr'), ['desk@paper.fr']);
    assert.deepEqual(mails('\\u003Edesk@paper.fr'), ['desk@paper.fr']);
    assert.deepEqual(mails('"\\ndesk@paper.fr"'), ['desk@paper.fr']);
  });

  it('are none in file names, packages, URLs and examples', () => {
    for (const text of [
      'logo@2x.png',
      'jquery@3.4.1/dist',
      'https://medium.com/@user.name',
      'https://user@host.org/',
      'you@example.com',
      'name@yourdomain.com',
      '0cc175b9c0f1b6a831c399e269772661@phx.gbl.net',
      '@media.screen',
      'a..b@firma.de',
      'x@localhost',
    ]) {
      assert.deepEqual(mails(text), [], text);
    }
  });

  it('are read from behind Cloudflare', () => {
    const hide = (mail: string, key: number): string =>
      Buffer.from([key, ...Buffer.from(mail).map((byte) => byte ^ key)]).toString('hex');
    assert.equal(decodeCloudflareMail(hide('info@firma.de', 0x5c)), 'info@firma.de');
    assert.equal(decodeCloudflareMail('00112233445566'), undefined);
    const page = `<a data-cfemail="${hide('press@paper.fr', 0x11)}">[email&#160;protected]</a>`;
    assert.deepEqual(
      findTrackers(page, 'page').map(({ type, value }) => `${type} ${value}`),
      ['MailAddress press@paper.fr'],
    );
  });
});
