import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readSource, toCaptureReader, type CaptureSource } from '#archive';
import { AditError, captureSchema, sha256, type Exchange } from '#model';
import { openTestnet, type Site, type Testnet } from '#testnet';
import { dialTcp, type Network } from '../egress/network.ts';
import { captureHttp, type HttpCaptureRequest } from './capture-http.ts';
import { PERSONA } from './persona-fixture.ts';

const PAGE = `<!doctype html><title>Shop</title><h1>Welcome</h1>${'<p>Many fine things to buy.</p>'.repeat(50)}`;
const HTML = { 'content-type': 'text/html; charset=utf-8' };
const endless = {
  *[Symbol.iterator]() {
    for (;;) yield new Uint8Array(65_536);
  },
};
const drip = {
  *[Symbol.iterator]() {
    for (;;) yield '<p>drop';
  },
};
/** For visits that something else ends. */
const PATIENT = { loadMs: 120_000, totalMs: 180_000 };
const bomb = gzipSync(Buffer.alloc(30_000_000, 'a'));

const sites: readonly Site[] = [
  {
    host: 'shop.example',
    routes: {
      '/': { headers: HTML, body: PAGE },
      '/h1': { headers: HTML, body: PAGE, encoding: 'gzip' },
      '/empty': { headers: HTML, body: '' },
      '/none': { status: 204 },
      '/missing': { status: 404, headers: HTML, body: '<title>Gone</title>' },
      '/pieces': { headers: HTML, chunks: ['<title>In ', 'pieces</title>'], encoding: 'identity' },
      '/to-login': {
        status: 302,
        headers: {
          location: '/login?next=1#frag',
          'set-cookie': ['sid=1; Path=/; HttpOnly', 'x=y; Domain=example'],
        },
        body: 'moved here',
      },
      '/login': ({ headers }) => ({
        headers: HTML,
        body: `<title>cookie: ${headers['cookie'] ?? 'none'}</title>`,
      }),
      '/away': { status: 301, headers: { location: 'https://other.example/' } },
      '/loop': { status: 302, headers: { location: '/loop' } },
      '/to-app': { status: 302, headers: { location: 'intent://open#x' } },
      '/to-nowhere': { status: 302, headers: { location: 'http://nowhere.example/' } },
      '/endless-redirect': { status: 302, headers: { location: '/' }, chunks: endless },
      '/meta': { headers: HTML, body: '<base href="/deep/"><meta http-equiv=refresh content="0; url=next">' },
      '/deep/next': ({ headers }) => ({
        headers: { ...HTML, refresh: '1;url=/end' },
        body: `<title>from ${headers['referer']}</title>`,
      }),
      '/end': { headers: HTML, body: '<title>The end</title>' },
      '/noscript': {
        headers: HTML,
        body: '<title>Stay</title><noscript><meta http-equiv=refresh content="0; url=/end"></noscript>',
      },
      '/reload': { headers: HTML, body: '<title>Again</title><meta http-equiv=refresh content="0">' },
      '/ping': { headers: HTML, body: '<meta http-equiv=refresh content="0; url=/pong">' },
      '/pong': { headers: HTML, body: '<meta http-equiv=refresh content="0; url=/ping">' },
      '/setup': {
        headers: {
          'content-type': 'application/octet-stream',
          'content-disposition': 'attachment; filename="..\\\\wallet.exe"',
        },
        body: Buffer.concat([Buffer.from('MZ'), Buffer.alloc(300)]),
      },
      '/wall': {
        status: 403,
        headers: { ...HTML, 'cf-mitigated': 'challenge' },
        body: '<title>Just a moment...</title>',
      },
      '/bomb': { headers: { ...HTML, 'content-encoding': 'gzip' }, body: bomb },
      '/false-encoding': { headers: { ...HTML, 'content-encoding': 'gzip' }, body: PAGE },
      '/endless': { headers: HTML, chunks: endless },
      '/drip': { headers: HTML, chunks: drip, chunkDelayMs: 20 },
      '/hang': { fault: 'hang' },
      '/reset': { fault: 'reset' },
      '/cut': { fault: 'cut', headers: HTML, body: PAGE, encoding: 'identity' },
      '/echo': ({ headers }) => ({
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(headers),
      }),
    },
  },
  {
    host: 'other.example',
    protocols: ['http/1.1'],
    routes: {
      '*': ({ headers }) => ({ headers: HTML, body: `<title>${headers['sec-fetch-site']}</title>` }),
    },
  },
  { host: 'old.example', certificate: 'expired', routes: { '/': { headers: HTML, body: PAGE } } },
  { host: 'own.example', certificate: 'selfSigned', routes: { '/': { headers: HTML, body: PAGE } } },
  { host: 'wrong.example', certificate: 'wrongName', routes: { '/': { headers: HTML, body: PAGE } } },
  { host: 'garbage.example', protocols: ['http/1.1'], routes: { '/': { fault: 'garbage' } } },
  { host: 'closed.example', connect: 'refused', routes: {} },
  { host: 'silent.example', connect: 'timeout', routes: {} },
  { host: 'servfail.example', dns: { fault: 'SERVFAIL' }, routes: {} },
  { host: 'inside.example', addresses: ['127.0.0.1'], routes: { '/': { body: 'secret' } } },
  {
    host: 'rebind.example',
    dns: { answers: [['45.9.9.2'], ['127.0.0.1']] },
    routes: { '/': { status: 302, headers: { location: '/2' } }, '/2': { headers: HTML, body: PAGE } },
  },
];

let testnet: Testnet;
before(async () => {
  testnet = await openTestnet({ sites });
});
after(() => testnet[Symbol.asyncDispose]());

function capture(url: string, options: Partial<HttpCaptureRequest> = {}): Promise<CaptureSource> {
  return captureHttp({ url, persona: PERSONA, network: testnet.network, ...options });
}

function received(source: CaptureSource, exchange: Exchange | undefined): Buffer {
  assert(exchange !== undefined);
  const bytes = source.responseBytes(exchange.id);
  assert(bytes !== undefined, `no bytes of ${exchange.url}`);
  return Buffer.from(readSource(bytes));
}

for (const url of ['http://shop.example/', 'https://shop.example/', 'https://other.example/x']) {
  test(`${url}: the exchange is what the server saw and sent`, async () => {
    await using source = await capture(url);
    const { capture: got } = source;
    assert.deepEqual(got.outcome, { kind: 'ok' });
    const [exchange] = got.exchanges;
    assert(exchange?.response?.body !== undefined);
    const logged = testnet.log.findLast((entry) => entry.url === url);
    assert(logged !== undefined);
    const order = exchange.request.headers.map(([name, value]) => [name.toLowerCase(), value]);
    assert.deepEqual(
      order,
      logged.requestHeaders.map(([name, value]) => [name.toLowerCase(), value]),
    );
    assert.equal(exchange.protocol, logged.protocol);
    assert.equal(exchange.remote?.address, logged.address);
    assert.equal(exchange.response.body.sha256, logged.sha256);
    assert.equal(exchange.response.body.encodedSizeBytes, logged.encodedSize);
    assert.equal(sha256(toCaptureReader(source).responseBody(exchange)!), logged.sha256);
    // What is kept is what a bundle may hold.
    captureSchema.parse(JSON.parse(JSON.stringify(got)));
  });
}

test('fields go out in Chromium’s order, as the persona; secure origins are told more', async () => {
  await using plain = await capture('http://shop.example/echo', {
    persona: { ...PERSONA, referrer: 'https://search.example/?q=1' },
  });
  assert.deepEqual(
    plain.capture.exchanges[0]?.request.headers.map(([name]) => name),
    [
      'Host',
      'Connection',
      'Upgrade-Insecure-Requests',
      'User-Agent',
      'Accept',
      'Accept-Encoding',
      'Accept-Language',
    ],
  );
  await using secure = await capture('https://shop.example/echo', {
    persona: { ...PERSONA, referrer: 'https://search.example/?q=1' },
  });
  const headers = secure.capture.exchanges[0]!.request.headers;
  assert.deepEqual(
    headers.map(([name]) => name),
    [
      'sec-ch-ua',
      'sec-ch-ua-mobile',
      'sec-ch-ua-platform',
      'upgrade-insecure-requests',
      'user-agent',
      'accept',
      'sec-fetch-site',
      'sec-fetch-mode',
      'sec-fetch-user',
      'sec-fetch-dest',
      'referer',
      'accept-encoding',
      'accept-language',
      'priority',
    ],
  );
  const values = new Map(headers);
  assert.equal(values.get('sec-ch-ua'), '"Chromium";v="150", "Not.A/Brand";v="8"');
  assert.equal(values.get('referer'), 'https://search.example/');
  assert.equal(values.get('sec-fetch-site'), 'cross-site');
  assert.equal(values.get('accept-language'), 'en-US,en;q=0.9,de;q=0.8');
});

test('TLS is recorded: version, suite, ALPN, chain; a good chain is not distrusted', async () => {
  await using source = await capture('https://shop.example/');
  const { tls } = source.capture.exchanges[0]!;
  assert.equal(tls?.version, 'TLSv1.3');
  assert.match(tls.cipherSuite, /^TLS_/);
  assert.deepEqual([tls.alpn, tls.distrust], ['h2', undefined]);
  assert.equal(source.capture.certificates.length, tls.chain.length);
  for (const { sha256: hash, der } of source.capture.certificates)
    assert.equal(sha256(source.attachments.get(der)!), hash);
});

for (const [host, distrust] of [
  ['old.example', 'CERT_HAS_EXPIRED'],
  ['own.example', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['wrong.example', 'ERR_TLS_CERT_ALTNAME_INVALID'],
] as const) {
  test(`${host}: the page is captured, its certificate distrusted`, async () => {
    await using source = await capture(`https://${host}/`);
    const { outcome, exchanges, title } = source.capture;
    assert.deepEqual([outcome.kind, title, exchanges[0]?.tls?.distrust], ['ok', 'Shop', distrust]);
    assert.match(outcome.detail ?? '', new RegExp(distrust));
    assert(exchanges[0]!.tls!.chain.length >= 1);
  });
}

test('chunked framing and content-encoding are kept as received', async () => {
  await using pieces = await capture('http://shop.example/pieces');
  const [exchange] = pieces.capture.exchanges;
  assert.equal(received(pieces, exchange).toString(), 'a\r\n<title>In \r\ne\r\npieces</title>\r\n0\r\n\r\n');
  assert.equal(
    Buffer.from(toCaptureReader(pieces).responseBody(exchange!)!).toString(),
    '<title>In pieces</title>',
  );
  assert.equal(pieces.capture.title, 'In pieces');
  await using zipped = await capture('http://shop.example/h1');
  assert.deepEqual([...received(zipped, zipped.capture.exchanges[0]).subarray(0, 2)], [0x1f, 0x8b]);
  assert.equal(
    Buffer.from(toCaptureReader(zipped).responseBody(zipped.capture.exchanges[0]!)!).toString(),
    PAGE,
  );
});

test('redirects are exchanges of their own, with bodies, and cookies go along', async () => {
  await using source = await capture('http://shop.example/to-login');
  const { exchanges, cookies, finalUrl, title } = source.capture;
  assert.deepEqual(
    exchanges.map(({ id, url, response, redirectedFrom }) => [id, url, response?.status, redirectedFrom]),
    [
      [0, 'http://shop.example/to-login', 302, undefined],
      [1, 'http://shop.example/login?next=1', 200, 0],
    ],
  );
  assert.equal(Buffer.from(toCaptureReader(source).responseBody(exchanges[0]!)!).toString(), 'moved here');
  assert.deepEqual([finalUrl, title], ['http://shop.example/login?next=1', 'cookie: sid=1']);
  assert.deepEqual(
    cookies.map(({ name, setBy }) => [name, setBy]),
    [['sid', { kind: 'header', exchange: 0 }]],
  );
});

test('a redirect to another site: new name, new connection, same arrival', async () => {
  await using source = await capture('https://shop.example/away');
  assert.equal(source.capture.title, 'none');
  assert.deepEqual(
    source.capture.resolutions.map(({ host }) => host),
    ['shop.example', 'other.example'],
  );
  assert.deepEqual(
    source.capture.exchanges.map(({ protocol }) => protocol),
    ['h2', 'http/1.1'],
  );
});

test('refreshes are navigations, by meta and by header, with the page as referrer', async () => {
  await using source = await capture('http://shop.example/meta');
  assert.deepEqual(
    source.capture.navigations.map(({ fromUrl, url, reason }) => [fromUrl, url, reason]),
    [
      ['http://shop.example/meta', 'http://shop.example/deep/next', 'metaTagRefresh'],
      ['http://shop.example/deep/next', 'http://shop.example/end', 'httpHeaderRefresh'],
    ],
  );
  assert.deepEqual(
    source.capture.documents.map(({ title, exchange }) => [title, exchange]),
    [
      [undefined, 0],
      ['from http://shop.example/meta', 1],
      ['The end', 2],
    ],
  );
  assert.deepEqual(
    source.capture.exchanges.map(({ redirectedFrom }) => redirectedFrom),
    [undefined, undefined, undefined],
  );
});

for (const [path, title] of [
  ['/noscript', 'Stay'],
  ['/reload', 'Again'],
] as const) {
  test(`${path} leads nowhere else`, async () => {
    await using source = await capture(`http://shop.example${path}`);
    assert.deepEqual(
      [source.capture.title, source.capture.exchanges.length, source.capture.outcome.kind],
      [title, 1, 'ok'],
    );
  });
}

/** What each bad page ends as. */
const OUTCOMES: readonly (readonly [
  url: string,
  kind: string,
  reason: string | undefined,
  options?: Partial<HttpCaptureRequest>,
])[] = [
  ['http://shop.example/missing', 'httpError', '404'],
  ['http://shop.example/wall', 'blocked', '403'],
  ['http://shop.example/setup', 'notAPage', undefined],
  ['http://shop.example/to-app', 'notAPage', 'intent:'],
  ['http://shop.example/to-nowhere', 'dnsFailure', 'ENOTFOUND'],
  ['http://shop.example/loop', 'redirectLoop', 'redirects'],
  ['http://shop.example/ping', 'redirectLoop', 'navigations'],
  ['http://shop.example/bomb', 'tooLarge', 'decodedBodyBytes', { limits: { decodedBodyBytes: 1_000_000 } }],
  ['http://shop.example/false-encoding', 'protocolFault', 'gzip: not coded so'],
  ['http://shop.example/endless', 'tooLarge', 'bodyBytes', { limits: { bodyBytes: 3_000_000 } }],
  ['https://shop.example/endless', 'tooLarge', 'bodyBytes', { limits: { bodyBytes: 3_000_000 } }],
  ['http://shop.example/drip', 'timeout', 'time is up', { limits: { loadMs: 300 } }],
  ['https://shop.example/drip', 'timeout', 'time is up', { limits: { totalMs: 300 } }],
  ['http://shop.example/hang', 'timeout', 'time is up', { limits: { loadMs: 200 } }],
  ['https://shop.example/hang', 'timeout', 'time is up', { limits: { loadMs: 200 } }],
  ['http://silent.example/', 'timeout', 'time is up', { limits: { loadMs: 200 } }],
  ['http://closed.example/', 'connectionFailure', 'ECONNREFUSED'],
  ['http://unknown.example/', 'dnsFailure', 'ENOTFOUND'],
  ['http://servfail.example/', 'dnsFailure', 'ESERVFAIL'],
  ['http://garbage.example/', 'protocolFault', 'the answer is no HTTP'],
  ['https://garbage.example/', 'protocolFault', 'the answer is no HTTP'],
  ['http://shop.example/cut', 'connectionFailure', 'closed within the body'],
  ['http://shop.example/empty', 'ok', undefined],
  ['http://shop.example/none', 'ok', undefined],
];
for (const [url, kind, reason, options] of OUTCOMES) {
  test(`${url} is ${kind}`, async () => {
    await using source = await capture(url, options);
    assert.deepEqual([source.capture.outcome.kind, source.capture.outcome.reason], [kind, reason]);
    captureSchema.parse(JSON.parse(JSON.stringify(source.capture)));
  });
}

for (const url of ['http://shop.example/reset', 'https://shop.example/reset']) {
  test(`${url}: a connection that breaks off is a failure, kept as an exchange`, async () => {
    await using source = await capture(url);
    const [exchange] = source.capture.exchanges;
    assert.match(source.capture.outcome.kind, /^(connectionFailure|protocolFault)$/);
    assert.equal(exchange?.failure?.kind, source.capture.outcome.kind);
    assert.equal(exchange?.response, undefined);
    assert(exchange.request.headers.length > 0);
  });
}

test('what was cut is kept up to there and marked', async () => {
  await using large = await capture('http://shop.example/endless', { limits: { bodyBytes: 3_000_000 } });
  const exchange = large.capture.exchanges[0]!;
  assert.equal(exchange.response?.body?.truncated, 'length');
  assert.equal(received(large, exchange).length, 3_000_000);
  assert.deepEqual(
    large.capture.limits.map(({ limit, allowed }) => [limit, allowed]),
    [['bodyBytes', 3_000_000]],
  );
  // Enough for its beginning, on any machine; it has no end.
  await using slow = await capture('http://shop.example/drip', { limits: { loadMs: 4_000 } });
  assert.equal(slow.capture.exchanges[0]?.response?.body?.truncated, 'time');
  assert.match(received(slow, slow.capture.exchanges[0]).toString(), /<p>drop/);
  assert.deepEqual(
    slow.capture.limits.map(({ limit }) => limit),
    ['loadMs'],
  );
  await using cut = await capture('http://shop.example/cut');
  assert.equal(cut.capture.exchanges[0]?.response?.body?.truncated, 'disconnect');
  assert.equal(cut.capture.title, 'Shop');
});

test('a redirect with an endless body is followed all the same', async () => {
  await using source = await capture('http://shop.example/endless-redirect');
  const [redirect, page] = source.capture.exchanges;
  assert.deepEqual([source.capture.outcome.kind, page?.url], ['ok', 'http://shop.example/']);
  assert.equal(redirect?.response?.body?.truncated, 'length');
});

test('a download is a file, under a name that is no path', async () => {
  await using source = await capture('http://shop.example/setup');
  const [download] = source.capture.downloads;
  assert.deepEqual(
    [download?.suggestedName, download?.state, download?.exchange],
    ['wallet.exe', 'completed', 0],
  );
  assert.equal(download?.file?.magic, 'application/x-dosexec');
  assert.deepEqual([source.capture.documents.length, source.capture.exchanges[0]?.isDownload], [0, true]);
});

test('redirect chains end where asked', async () => {
  await using source = await capture('http://shop.example/loop', { followRedirects: 3 });
  assert.equal(source.capture.exchanges.length, 4);
  assert.deepEqual(
    source.capture.limits.map(({ limit, allowed }) => [limit, allowed]),
    [['redirects', 3]],
  );
});

test('addresses that are not public are refused, however they come', async () => {
  for (const url of [
    'http://inside.example/',
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://localhost/',
    'http://169.254.169.254/latest/',
  ]) {
    await using source = await capture(url);
    assert.equal(source.capture.outcome.kind, 'refused', url);
    assert.equal(source.capture.denied.length, 1, url);
  }
  await using rebound = await capture('http://rebind.example/');
  assert.equal(rebound.capture.outcome.kind, 'ok');
  assert.deepEqual(
    new Set(rebound.capture.exchanges.map(({ remote }) => remote?.address)),
    new Set(['45.9.9.2']),
  );
});

test('a private range that is allowed can be visited', async () => {
  await using source = await capture('http://inside.example/', { allowNetworks: ['127.0.0.0/8'] });
  assert.notEqual(source.capture.outcome.kind, 'refused');
  assert.equal(source.capture.denied.length, 0);
});

test('a stop keeps what there is', async () => {
  const stop = new AbortController();
  testnet.clearLog();
  const isArriving = setInterval(() => {
    if (testnet.log.some(({ encodedSize }) => encodedSize > 100)) stop.abort();
  }, 20);
  await using source = await capture('http://shop.example/drip', { signal: stop.signal, limits: PATIENT });
  clearInterval(isArriving);
  assert.equal(source.capture.outcome.kind, 'aborted');
  assert.match(received(source, source.capture.exchanges[0]).toString(), /<p>drop/);
  assert.deepEqual(source.capture.limits, []);
});

test('what the request itself gets wrong is an error with a code', async () => {
  const wrong: readonly (readonly [Partial<HttpCaptureRequest>, string])[] = [
    [{ url: 'ftp://shop.example/' }, 'url-invalid'],
    [{ url: 'nonsense' }, 'url-invalid'],
    [{ allowNetworks: ['nonsense'] }, 'bad-allowed-network'],
    [{ persona: { ...PERSONA, proxy: 'nonsense' } }, 'bad-upstream-proxy'],
  ];
  for (const [options, code] of wrong) {
    await assert.rejects(
      capture('http://shop.example/', options),
      (error) => error instanceof AditError && error.code === code,
    );
  }
});

test('spool files go with the source', async () => {
  const source = await capture('http://shop.example/endless', { limits: { bodyBytes: 3_000_000 } });
  const bytes = source.responseBytes(0);
  assert(bytes !== undefined && 'path' in bytes);
  assert.equal(existsSync(bytes.path), true);
  await source[Symbol.asyncDispose]();
  assert.equal(existsSync(bytes.path), false);
});

/** What a server may send instead of an honest answer, over plain TCP, and what becomes of the visit. */
const RAW: readonly (readonly [
  what: string,
  scheme: 'http' | 'https',
  answer: string,
  kind: string,
  reason: RegExp | undefined,
])[] = [
  ['another protocol', 'http', 'SSH-2.0-OpenSSH_9.2\r\n', 'protocolFault', /no HTTP/],
  ['nothing', 'http', '', 'connectionFailure', /without an answer/],
  ['half a head', 'http', 'HTTP/1.1 200 OK\r\nContent-', 'connectionFailure', /within the header/],
  [
    'two lengths',
    'http',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    'protocolFault',
    /Content-Length/,
  ],
  [
    'a broken chunk',
    'http',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello',
    'protocolFault',
    /chunked/,
  ],
  [
    'a head without end',
    'http',
    `HTTP/1.1 200 OK\r\n${'X-Fill: yes\r\n'.repeat(30_000)}`,
    'protocolFault',
    /too large/,
  ],
  ['the least there can be', 'http', 'HTTP/1.0 200\n\n<title>bare</title>', 'ok', undefined],
  ['plain text where TLS should be', 'https', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'tlsFault', /SSL/],
  ['nothing where TLS should be', 'https', '', 'tlsFault', /./],
];
for (const [what, scheme, answer, kind, reason] of RAW) {
  test(`a server that sends ${what}`, async () => {
    await using server = await rawServer(answer);
    await using source = await capture(`${scheme}://odd.example/`, { network: server.network });
    const { outcome, exchanges } = source.capture;
    assert.deepEqual([outcome.kind, exchanges.length], [kind, 1]);
    if (reason !== undefined) assert.match(outcome.reason ?? '', reason);
    assert.deepEqual(exchanges[0]?.remote, { address: '45.1.2.3', port: scheme === 'http' ? 80 : 443 });
  });
}

/** A server on loopback that answers any first bytes with these, and a network where every name leads to it. */
async function rawServer(answer: string): Promise<AsyncDisposable & { readonly network: Network }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(answer, 'latin1'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    network: {
      resolve: async () => [{ address: '45.1.2.3', type: 'A' }],
      dial: (_address, _port, signal) => dialTcp('127.0.0.1', port, signal),
    },
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
