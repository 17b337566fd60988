import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { sha256 } from '#model';
import { ELECTRUM_COPIED_AT } from './electrum-fake.ts';
import { campaign } from '../index.ts';
import { inertFile } from '../inert-file.ts';
import { attributeOf, elementsOf, fieldOf, htmlOf, referencesOf, replyTo } from '../visit-fixture.ts';
import { mirrorName } from './httrack.ts';
import { payloads } from './operator.ts';

const { brands, fakes } = campaign;
const genuine = await htmlOf(brands[0]!.url);
const bitcoinGoldFakes = fakes.filter(({ brand }) => brand === brands[0]!.host);

test('the genuine page has a logo and a Roadmap button and nothing that calls a function', () => {
  const elements = elementsOf(genuine);
  assert.equal(elements.filter((element) => attributeOf(element, 'class') === 'hero-coin').length, 1);
  assert.equal(elements.filter((element) => attributeOf(element, 'id') === 'roadmap-button').length, 1);
  assert.ok(elements.every((element) => attributeOf(element, 'onclick') === undefined));
});

test('a fake of it has lost the logo and has a download button above the Roadmap button', async () => {
  for (const { url } of bitcoinGoldFakes) {
    const elements = elementsOf(await htmlOf(url));
    const at = (id: string) => elements.findIndex((element) => attributeOf(element, 'id') === id);
    assert.ok(!elements.some((element) => attributeOf(element, 'class') === 'hero-coin'));
    assert.ok(at('download') > 0 && at('download') < at('roadmap-button'), url);
  }
});

test("the button's onclick calls a function of a page script, which redirects lead from to the inert file", async () => {
  for (const { url, download } of fakes) {
    const html = await htmlOf(url);
    const calls = elementsOf(html).filter((element) =>
      attributeOf(element, 'onclick')?.includes(`${download.functionName}(`),
    );
    assert.ok(calls.length >= 2, `${url}: ${download.functionName}`);
    assert.ok((await scriptsOf(html, url)).includes(`function ${download.functionName}(`), url);

    assert.ok(download.hops.length >= 2, 'at least one redirect');
    for (const [n, hop] of download.hops.slice(0, -1).entries()) {
      const reply = await replyTo(hop);
      assert.ok([301, 302, 303].includes(reply?.status ?? 0), hop);
      assert.equal(new URL(fieldOf(reply!, 'location'), hop).href, download.hops[n + 1]);
    }
    const file = await replyTo(download.hops.at(-1)!);
    assert.equal(sha256(Buffer.from(file?.body ?? '')), download.sha256);
    assert.equal(file?.body?.length, download.sizeBytes);
    assert.ok(fieldOf(file!, 'content-disposition').includes(download.fileName));
  }
});

async function scriptsOf(html: string, url: string): Promise<string> {
  const own = referencesOf(html, url).filter(
    ({ element, url: src }) => element === 'script' && src.startsWith(url),
  );
  const bodies = await Promise.all(own.map(async ({ url: src }) => String((await replyTo(src))?.body)));
  return [html, ...bodies].join('\n');
}

test('links to the other systems still go to the genuine installers', async () => {
  const installers = (html: string, url: string) =>
    referencesOf(html, url)
      .map((reference) => reference.url)
      .filter((link) => /\.(?:dmg|tar\.gz|apk)$/.test(link));
  for (const { url, brand } of fakes) {
    const genuineUrl = `https://${brand}/`;
    const expected = installers(await htmlOf(genuineUrl), genuineUrl);
    assert.ok(expected.length >= 2);
    assert.deepEqual(installers(await htmlOf(url), url), expected);
  }
});

test('the payloads begin like a program, are none, and say so', () => {
  for (const { bytes } of Object.values(payloads)) {
    assert.equal(bytes.subarray(0, 2).toString('latin1'), 'MZ');
    const header = bytes.readUInt32LE(0x3c);
    assert.notEqual(bytes.subarray(header, header + 2).toString('latin1'), 'PE');
    assert.ok(
      bytes.readUInt16LE(0x04) * 512 > bytes.length,
      'claims more than there is, so no loader takes it',
    );
    assert.match(bytes.subarray(64).toString('latin1'), /^[\r\n -~]*$/);
    assert.ok(bytes.includes('INERT FILE, NO PROGRAM'));
  }
  const digests = Object.values(payloads).map(({ bytes }) => sha256(bytes));
  assert.equal(new Set(digests).size, digests.length);
  assert.equal(sha256(inertFile('exe', 'a', 1000)), sha256(inertFile('exe', 'a', 1000)));
});

test('the Electrum copy is stamped where and as HTTrack stamps, in the second of the copy', async () => {
  const html = await htmlOf('https://xn--electrm-s2a.org/index.html');
  const stamp =
    "<!-- Mirrored from electrum.org/index.html by HTTrack Website Copier/3.x [XR&CO'2014], Fri, 17 Nov 2017 03:27:29 GMT -->";
  const added =
    '<!-- Added by HTTrack --><meta http-equiv="content-type" content="text/html;charset=utf-8" /><!-- /Added by HTTrack -->';
  const [before, between, after] = html.split(stamp);
  assert.ok(before?.endsWith('<html lang="en">\n\n'));
  assert.ok(between?.startsWith(`\n${added}\n<head>\n`));
  assert.ok(between?.endsWith('</body>\n\n'));
  assert.equal(after, '\n</html>\n');
  assert.equal(ELECTRUM_COPIED_AT.getUTCDay(), 5, 'a Friday');
  assert.ok(!(await htmlOf('https://electrum.org/')).includes('HTTrack'));
});

test("HTTrack's renaming: four digits of the query's MD5 in the name, the query kept in the link", async () => {
  assert.equal(mirrorName('/css/main.css?v=2'), '/css/main5e1f.css');
  assert.equal(mirrorName('/sub/q.html?id=1&x=2'), '/sub/q5368.html');
  assert.equal(mirrorName('/plain.css'), '/plain.css');
  const address = 'https://xn--electrm-s2a.org/index.html';
  const renamed = referencesOf(await htmlOf(address), address).flatMap(({ url }) => {
    const match = /([0-9a-f]{4})\.\w+\?(.+)$/.exec(url);
    return match === null || !url.startsWith('https://xn--electrm') ? [] : [match];
  });
  assert.equal(renamed.length, 3);
  for (const [url, digits, query] of renamed) {
    assert.equal(createHash('md5').update(query!).digest('hex').slice(0, 4), digits, url);
  }
});

test('what HTTrack did not copy is absolute to the genuine host, forms always', async () => {
  const address = 'https://xn--electrm-s2a.org/';
  const genuineLinks = referencesOf(await htmlOf(address), address).filter(({ url }) =>
    url.startsWith('https://electrum.org/'),
  );
  assert.deepEqual(
    genuineLinks.map(({ element, attribute, url }) => `${element}.${attribute} ${url}`),
    ['a.href https://electrum.org/documentation.html', 'form.action https://electrum.org/subscribe'],
  );
});

test('one fake counts with the genuine id and one of its own, one sets a session cookie, one sends http to https', async () => {
  const pages = await Promise.all(bitcoinGoldFakes.map(({ url }) => htmlOf(url)));
  const counts = pages.map((html) => [html.includes('UA-108214377-1'), /UA-109733512-\d/.test(html)]);
  assert.deepEqual(counts, [
    [true, true],
    [true, false],
    [true, false],
    [false, true],
  ]);

  const replies = await Promise.all(fakes.map(({ url }) => replyTo(url)));
  const sessions = replies.map((reply) => fieldOf(reply!, 'set-cookie').startsWith('PHPSESSID='));
  assert.deepEqual(sessions, [true, false, false, false, false]);

  const plain = await Promise.all(fakes.map(({ host }) => replyTo(`http://${host}/`)));
  assert.deepEqual(
    plain.map((reply) => reply?.status ?? 200),
    [301, 200, 200, 200, 200],
  );
  assert.equal(fieldOf(plain[0]!, 'location'), fakes[0]!.url);
});
