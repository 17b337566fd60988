import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { constants, createBrotliDecompress, createGunzip, gunzipSync } from 'node:zlib';
import { openTestnet, type Testnet } from '../testnet.ts';
import { dial, visit, type VisitOptions } from '../visit-fixture.ts';
import { goodPage, hostilePages } from './index.ts';

const pages = hostilePages();
const urlOf = (name: string): string => {
  const page = pages.find((each) => each.name === name);
  assert.ok(page !== undefined, name);
  return page.url;
};

let testnet: Testnet;
before(async () => {
  testnet = await openTestnet({ sites: [...pages.flatMap(({ sites }) => sites), ...goodPage().sites] });
});
after(() => testnet[Symbol.asyncDispose]());
const get = (name: string, options: VisitOptions = {}, path = '') =>
  visit(testnet, new URL(path, urlOf(name)).href, options);

test('pages have unique names and hosts, a description and at least one right outcome', () => {
  assert.equal(new Set(pages.map(({ name }) => name)).size, pages.length);
  assert.equal(new Set(pages.map(({ url }) => url)).size, pages.length);
  for (const { name, description, outcomes } of pages) {
    assert.match(description, /^[A-Z].*\.$/, name);
    assert.ok(outcomes.length > 0, name);
  }
  assert.ok(pages.length > 50);
});

test('pages of script are well-formed and say what they do in code that parses', async () => {
  const scripted = [
    'alert-loop',
    'thousand-popups',
    'system-handlers',
    'busy-workers',
    'buffer-bomb',
    'heap-bomb',
  ];
  scripted.push(
    'many-nodes',
    'growing-document',
    'deep-document',
    'console-flood',
    'fetch-flood',
    'history-flood',
  );
  scripted.push(
    'confirm-loop',
    'beforeunload-trap',
    'print-loop',
    'debugger-loop',
    'finally-recursion',
    'late-loop',
  );
  for (const name of scripted) {
    const got = await get(name);
    const code = /<script>([\s\S]*?)<\/script>/.exec(got.body.toString())?.[1];
    assert.ok(code !== undefined, name);
    assert.doesNotThrow(() => new Function(code), name);
  }
});

test('endless answers go on, at any length that one reads', async () => {
  for (const [name, path] of [
    ['endless-page', ''],
    ['endless-download', '/file'],
    ['endless-file', ''],
    ['endless-image', '/picture.png'],
    ['ten-gigabytes', ''],
  ] as const) {
    const got = await get(name, { maxBytes: 3_000_000, protocol: 'h2' }, path);
    assert.ok(got.body.length >= 3_000_000, name);
    assert.equal(got.isComplete, false, name);
  }
  const announced = await get('ten-gigabytes', { maxBytes: 1 });
  assert.equal(announced.headers['content-length'], String(10 * 1024 ** 3));
});

test('bombs are small on the wire and huge unpacked', async () => {
  const gzip = await get('gzip-bomb');
  assert.equal(gzip.headers['content-encoding'], 'gzip');
  assert.ok(gzip.body.length < 1_000_000);
  assert.equal(await unpackedSize(gzip.body, createGunzip()), 300 * 1024 * 1024);
  const brotli = await get('brotli-bomb', {}, '/bomb');
  assert.equal(brotli.headers['content-encoding'], 'br');
  assert.ok(brotli.body.length < 100_000, String(brotli.body.length));
  assert.equal(await unpackedSize(brotli.body, createBrotliDecompress()), 1024 ** 3);
});

async function unpackedSize(packed: Uint8Array, unpack: NodeJS.ReadWriteStream): Promise<number> {
  unpack.end(packed);
  let size = 0;
  for await (const chunk of unpack) size += chunk.length;
  return size;
}

test('slow and silent servers are slow and silent', async () => {
  await assert.rejects(get('no-answer', { maxMs: 150 }), { name: 'AbortError' });
  const slow = await get('byte-a-second', { maxMs: 300 });
  assert.ok(slow.body.length <= 2);
  assert.equal(slow.isComplete, false);
});

test('broken answers are broken in the way they say', async () => {
  await assert.rejects(get('garbage'), /Parse Error|Expected HTTP/);
  await assert.rejects(get('reset'));
  const cut = await get('cut-page');
  assert.ok(cut.body.length < Number(cut.headers['content-length']));
  assert.equal(cut.isComplete, false);
  assert.equal((await get('wrong-length', { maxMs: 500 }).catch(() => undefined))?.body.length ?? 10, 10);
  assert.ok(String((await get('huge-header')).headers['x-huge']).length > 300_000);
  const falsely = await get('false-encoding');
  assert.equal(falsely.headers['content-encoding'], 'gzip');
  assert.throws(() => gunzipSync(falsely.body, { finishFlush: constants.Z_SYNC_FLUSH }));
});

test('redirects lead on for ever', async () => {
  let url = urlOf('redirect-chain');
  for (let hop = 1; hop <= 30; hop++) {
    const got = await visit(testnet, url);
    assert.equal(got.status, 302);
    url = new URL(String(got.headers['location']), url).href;
    assert.equal(new URL(url).search, `?n=${hop}`);
  }
  assert.equal((await get('redirect-loop')).headers['location'], '/');
  assert.match((await get('meta-refresh-loop', {}, '/?n=7')).body.toString(), /url=\/\?n=8"/);
  assert.match((await get('script-redirect-loop', {}, '/?n=7')).body.toString(), /"\/\?n=8"/);
});

test('walls stand, and cloaks show each visitor another page', async () => {
  const challenge = await get('challenge-wall');
  assert.deepEqual([challenge.status, challenge.headers['cf-mitigated']], [403, 'challenge']);
  assert.equal((await get('too-many-requests')).status, 429);
  assert.match((await get('captcha-wall')).body.toString(), /data-sitekey/);
  assert.equal((await get('password-prompt')).headers['www-authenticate'], 'Basic realm="Members only"');
  const title = async (name: string, headers: Record<string, string>) => {
    const got = await get(name, { headers });
    return /<title>(.*)<\/title>/.exec(got.body.toString())?.[1] ?? got.status;
  };
  assert.equal(await title('cloaked-by-agent', { 'user-agent': 'Mozilla/5.0 (Linux; Android 14)' }), 'Moved');
  assert.equal(
    await title('cloaked-by-agent', { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0)' }),
    'Garden tips',
  );
  assert.equal(await title('cloaked-by-language', { 'accept-language': 'de-DE,de' }), 'Your parcel');
  assert.equal(await title('cloaked-by-language', { 'accept-language': 'en-US' }), 'Garden tips');
  assert.equal(await title('cloaked-by-referrer', { referer: 'https://search.example/' }), 'Your parcel');
  assert.equal(await title('cloaked-by-referrer', {}), 404);
  assert.equal(await title('first-visit-only', {}), 'Your parcel');
  assert.equal(await title('first-visit-only', { cookie: 'seen=1' }), 'Garden tips');
});

test('unreachable hosts are unreachable each in its own way', async () => {
  const reach = (name: string) => dial(testnet, new URL(urlOf(name)));
  await assert.rejects(reach('no-such-name'), { code: 'ENOTFOUND' });
  await assert.rejects(reach('broken-name-server'), { code: 'ESERVFAIL' });
  await assert.rejects(reach('closed-port'), { code: 'ECONNREFUSED' });
  const [silent] = await testnet.network.resolve(new URL(urlOf('silent-host')).hostname);
  await assert.rejects(testnet.network.dial(silent!.address, 443, AbortSignal.timeout(30)), {
    code: 'ETIMEDOUT',
  });
  const answer = testnet.network.resolve(new URL(urlOf('silent-name-server')).hostname);
  const first = await Promise.race([answer, new Promise((done) => setTimeout(done, 100, 'still silent'))]);
  assert.equal(first, 'still silent');
  const [inner] = await testnet.network.resolve(new URL(urlOf('private-address')).hostname);
  assert.equal(inner!.address, '10.0.0.17');
  await assert.rejects(get('expired-certificate'), { code: 'CERT_HAS_EXPIRED' });
  await assert.rejects(get('wrong-name-certificate'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  await assert.rejects(get('self-signed-certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});

test('the good page is good', async () => {
  assert.equal((await visit(testnet, goodPage().url)).status, 200);
});
