import assert from 'node:assert/strict';
import { test } from 'node:test';
import PostalMime, { type Email } from 'postal-mime';
import { hostOfUrl, parseUrl, refang } from '#model';
import { campaign } from '../index.ts';
import { elementsOf, fieldOf, replyTo } from '../visit-fixture.ts';
import { encodedWord, mailDate, message, text } from './mime.ts';

const { fakes, innocents, mails } = campaign;
const source = (name: string) =>
  Buffer.from(mails.find((mail) => mail.name === name)!.eml).toString('latin1');
const read = (eml: Uint8Array) => PostalMime.parse(eml, { forceRfc822Attachments: false });

test('every mail names its URLs, each of which the story answers', async () => {
  for (const { name, eml, urls } of mails) {
    const found = urlsIn(await read(eml));
    assert.deepEqual([...found].sort(), [...urls].sort(), name);
    for (const url of urls) {
      assert.equal(parseUrl(url), url);
      assert.ok(((await replyTo(url))?.status ?? 200) < 400, url);
    }
  }
});

/** The web URLs of a message: in its text, its HTML, its headers and the HTML attached. */
function urlsIn(email: Email): Set<string> {
  const pages = email.attachments
    .filter(({ mimeType }) => mimeType === 'text/html')
    .map(({ content }) => new TextDecoder().decode(content as ArrayBuffer)); // parsed with the default encoding
  const html = [email.html ?? '', ...pages].join('\n');
  const texts = [
    email.text ?? '',
    html.replaceAll(/<[^>]*>/g, ' '),
    ...email.headers.map(({ value }) => value),
  ];
  const hrefs = elementsOf(html).flatMap(({ attrs }) => attrs.filter(({ name }) => name === 'href'));
  const candidates = [
    ...hrefs.map(({ value }) => value),
    ...texts.flatMap((each) => Array.from(refang(each).matchAll(/https?:\/\/[^\s<>"]+/g), ([url]) => url)),
  ];
  return new Set(candidates.map((url) => parseUrl(url)).filter((url) => url !== undefined));
}

test('every fake is named by a mail, the declared ones by one of the first', () => {
  const initial = mails.filter(({ isInitial }) => isInitial);
  const names = (some: typeof mails, host: string) =>
    some.some(({ urls }) => urls.some((url) => hostOfUrl(url) === host));
  for (const { host, inMail } of fakes) {
    assert.ok(names(mails, host), host);
    assert.equal(names(initial, host), inMail === 'initial', host);
  }
});

test('the ordinary mails lead to innocent hosts only', () => {
  const ordinary = mails.filter(
    ({ urls }) => !urls.some((url) => fakes.some(({ host }) => host === hostOfUrl(url))),
  );
  assert.equal(ordinary.length, 3);
  for (const { urls } of ordinary) {
    for (const url of urls)
      assert.ok(
        innocents.some((host) => host === hostOfUrl(url)),
        url,
      );
  }
});

test('dates carry the right weekday and lie in the days of the campaign', async () => {
  for (const { name, eml, sentAt } of mails) {
    const [, weekday, rest] = /^Date: (\w{3}), (.*)$/m.exec(source(name))!;
    assert.equal(new Date(rest!).getTime(), sentAt.getTime(), name);
    const [day, month, year] = rest!.split(' ');
    assert.equal(new Date(`${day} ${month} ${year} 12:00 GMT`).toUTCString().slice(0, 3), weekday, name);
    assert.ok(sentAt >= new Date('2017-11-10T00:00Z') && sentAt < new Date('2017-11-18T00:00Z'), name);
    assert.equal(new Date((await read(eml)).date!).getTime(), sentAt.getTime());
  }
  assert.equal(mailDate(new Date('2017-11-10T23:30:00Z'), 330), 'Sat, 11 Nov 2017 05:00:00 +0530');
  assert.equal(mailDate(new Date('2017-11-10T00:30:00Z'), -210), 'Thu, 09 Nov 2017 21:00:00 -0330');
});

test('the mails have the shapes that mails have', async () => {
  assert.match(source('01-wallet-release.eml'), /multipart\/alternative[^]*quoted-printable/);
  assert.match(
    source('02-official-wallet.eml'),
    /Content-Type: text\/html; charset=utf-8\r\nContent-Transfer-Encoding: base64/,
  );
  assert.match(source('03-forwarded.eml'), /Content-Type: message\/rfc822/);
  assert.match(source('04-analysts-note.eml'), /hxxps:\/\/xn--bitcingold-hcb\[\.\]org/);
  assert.match(source('05-invitation.eml'), /filename="invitation\.html"/);
  assert.match(
    Buffer.from(source('06-electrum-update.eml'), 'latin1').toString('utf8'),
    /https:\/\/electrüm\.org\//,
  );

  const first = await read(mails[0]!.eml);
  assert.equal(first.subject, 'Bitcoin Gold wallet – first release');
  assert.equal(first.from?.address, 'tech@xn--bitcoingld-lcb.org');
  assert.match(
    first.html ?? '',
    /href="https:\/\/xn--bitcoingld-lcb\.org\/[^>]*>https:\/\/bitcoingold\.org\//,
  );
  const second = await read(mails[1]!.eml);
  assert.equal(second.from?.address, 'info@bitcoingoľd.com');
  const third = await read(mails[2]!.eml);
  assert.match(third.html ?? '', /£0/, 'a part in another charset');
});

test('every line keeps to the limits of RFC 5322 and RFC 2045', () => {
  for (const { name } of mails) {
    const lines = source(name).split('\r\n');
    assert.ok(
      lines.every((line) => !line.includes('\n') && Buffer.byteLength(line, 'latin1') <= 998),
      name,
    );
  }
});

test('quoted-printable and encoded words come back as they were', async () => {
  const hard = `tab\tand space at the end \n=3D ${'long '.repeat(40)}\nö€😀 ${'ü'.repeat(60)}\n\n.`;
  const eml = message(
    [`Subject: ${encodedWord('Größe = _1_ €', 'Q')}`],
    text('plain', hard, 'quoted-printable'),
  );
  const lines = Buffer.from(eml).toString('latin1').split('\r\n');
  assert.ok(lines.every((line) => line.length <= 76));
  const email = await PostalMime.parse(eml);
  assert.equal(email.text?.replaceAll('\r\n', '\n').trimEnd(), hard);
  assert.equal(email.subject, 'Größe = _1_ €');
  assert.equal(fieldOf({ headers: { 'X-A': 'b' } }, 'x-a'), 'b');
});
