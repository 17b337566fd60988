import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import type net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { WebSocketServer } from 'ws';
import { openEgressGuard } from '../egress/index.ts';
import { dialTcp } from '../egress/network.ts';
import { decodeWire } from './index.ts';
import { authority, readToEnd, serverIdentity } from './wire-fixture.ts';

const CHROMIUM = ['/usr/lib/chromium/chromium', '/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const NOBODY = 65_534;
const HOST = 'zoo.example';

const BIG = randomBytes(3_000_000);
const TEXT = 'the quick brown fox '.repeat(500);

const PAGE = `<!doctype html><link rel=stylesheet href=/style.css><img src=/big.png><script src=/br.js></script><script>
(async () => {
  await fetch('/zstd').then((r) => r.text());
  await fetch('/chunked').then((r) => r.text());
  await fetch('/post', { method: 'POST', body: 'x'.repeat(100000) });
  await fetch('/head', { method: 'HEAD' });
  await fetch('/204');
  await fetch('/redirect').then((r) => r.text());
  await fetch('https://other.${HOST}/cors', { mode: 'no-cors' });
  const abort = new AbortController();
  fetch('/endless', { signal: abort.signal }).catch(() => {});
  await Promise.all(Array.from({ length: 30 }, (_, n) => fetch('/many/' + n).then((r) => r.arrayBuffer())));
  abort.abort();
  await new Promise((resolve) => {
    const socket = new WebSocket('wss://${HOST}/socket');
    socket.onopen = () => { socket.send('from the page'); socket.send(new Uint8Array([1, 2, 3])); };
    let heard = 0;
    socket.onmessage = () => ++heard === 3 && socket.close();
    socket.onclose = resolve;
  });
  navigator.sendBeacon('/beacon', 'bye');
  await new Promise((resolve) => setTimeout(resolve, 100));
  await fetch('/done').then((r) => r.text());
  fetch('/over');
})();
</script>`;

interface Logged {
  readonly method: string;
  readonly url: string;
  /** SHA-256 of the bodies before encoding. */
  readonly sent: string;
  readonly answered: string;
}

const line = (request: string, sent: string, answered: string): string =>
  `${request} ${sent.slice(0, 8)} ${answered.slice(0, 8)}`;

type Answer = readonly [status: number, headers: Record<string, string>, body?: Buffer | string];

const ENCODERS: Readonly<Record<string, (content: Buffer | string) => Buffer>> = {
  gzip: gzipSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};

function answerTo(path: string): Answer {
  if (path.startsWith('/many/')) return [200, { 'content-encoding': 'gzip' }, path.repeat(300)];
  const answers: Readonly<Record<string, Answer>> = {
    '/': [200, { 'content-type': 'text/html' }, PAGE],
    '/style.css': [
      200,
      { 'content-type': 'text/css', 'content-encoding': 'gzip' },
      'body{background:url(/bg.png)}',
    ],
    '/br.js': [200, { 'content-type': 'text/javascript', 'content-encoding': 'br' }, 'var x = 1;'],
    '/zstd': [200, { 'content-encoding': 'zstd' }, TEXT],
    '/big.png': [200, { 'content-type': 'application/octet-stream' }, BIG],
    '/204': [204, {}],
    '/redirect': [302, { location: '/redirected' }, 'a redirect with a body'],
  };
  return answers[path] ?? [200, { 'content-type': 'text/plain' }, `this is ${path}`];
}

const hash = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** The servers: one for http, one for https; what they received and sent, as they saw it. */
async function openZoo(t: TestContext): Promise<{
  log: Logged[];
  done: Promise<void>;
  dial: (port: number, signal: AbortSignal) => Promise<net.Socket>;
}> {
  const log: Logged[] = [];
  const done = Promise.withResolvers<void>();
  const serve = async (
    request: http2.Http2ServerRequest | http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> => {
    const path = request.url ?? '';
    const isTls = 'encrypted' in request.socket;
    // Both kinds of request are readable streams.
    const body = await readToEnd(request as http.IncomingMessage).catch(() => Buffer.alloc(0));
    const moved: Answer = [301, { location: `https://${HOST}/` }, 'moved'];
    const [status, headers, content = ''] = isTls ? answerTo(path) : moved;
    const authority = request.headers[':authority'] ?? request.headers.host;
    const url = `${isTls ? 'https' : 'http'}://${String(authority)}${path}`;
    const { method = '' } = request;
    log.push({ method, url, sent: hash(body), answered: hash(method === 'HEAD' ? '' : content) });
    response.writeHead(status, headers);
    if (path === '/endless') response.write('part');
    else response.end(ENCODERS[headers['content-encoding'] ?? '']?.(content) ?? content);
    if (path === '/over') done.resolve();
  };
  const plain = http.createServer((request, response) => void serve(request, response));
  const secure = http2.createSecureServer({
    ...serverIdentity(HOST, `*.${HOST}`),
    allowHTTP1: true,
    maxSessionMemory: 1_000,
  });
  // Node gives compatible objects for both versions.
  secure.on(
    'request',
    (request, response) => void serve(request, response as unknown as http.ServerResponse),
  );
  const sockets = new Set<net.Socket>();
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: true });
  secure.on('upgrade', (request: http.IncomingMessage, socket: net.Socket, head: Buffer) =>
    webSockets.handleUpgrade(request, socket, head, (client) => {
      client.send('welcome '.repeat(300));
      client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
    }),
  );
  for (const server of [plain, secure]) {
    server.on('connection', (socket: net.Socket) => sockets.add(socket.on('error', () => {})));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  secure.on('sessionError', () => {});
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    plain.close();
    secure.close();
  });
  const portOf = (server: net.Server): number => (server.address() as net.AddressInfo).port; // a TCP server
  const dial = (port: number, signal: AbortSignal): Promise<net.Socket> =>
    dialTcp('127.0.0.1', portOf(port === 80 ? plain : secure), signal);
  return { log, done: done.promise, dial };
}

test(
  'what Chromium does through the guard is on the wire record, byte for byte',
  { skip: CHROMIUM === undefined && 'no Chromium here', timeout: 600_000 },
  async (t) => {
    assert.ok(CHROMIUM !== undefined);
    const zoo = await openZoo(t);
    const home = mkdtempSync(join(tmpdir(), 'adit-chromium-'));
    const profile = join(home, 'profile');
    const spoolDir = join(home, 'spool');
    for (const directory of [profile, spoolDir]) mkdirSync(directory);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) for (const path of [home, profile]) chownSync(path, NOBODY, NOBODY);
    await using guard = await openEgressGuard({
      network: {
        resolve: async () => [{ address: '93.184.216.34', type: 'A' }],
        dial: (_address, port, signal) => zoo.dial(port, signal),
      },
      spoolDir,
    });
    const keyLogPath = join(profile, 'keys.log');
    const browser = spawn(
      CHROMIUM,
      [
        '--headless=new',
        '--remote-debugging-pipe',
        `--user-data-dir=${profile}`,
        `--proxy-server=socks5://127.0.0.1:${guard.port}`,
        '--proxy-bypass-list=<-loopback>',
        `--ssl-key-log-file=${keyLogPath}`,
        `--ignore-certificate-errors-spki-list=${authority.spkiSha256Base64}`,
        '--disable-gpu',
        '--no-first-run',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,OptimizationHints,MediaRouter',
        `http://${HOST}/start`,
      ],
      {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
        env: { HOME: profile, PATH: process.env.PATH },
        detached: true,
        ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
      },
    );
    const stop = async (): Promise<void> => {
      if (browser.exitCode !== null || browser.signalCode !== null || browser.pid === undefined) return;
      process.kill(-browser.pid, 'SIGKILL');
      await once(browser, 'exit');
    };
    t.after(async () => {
      await stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    });
    const gone = once(browser, 'exit').then(() => Promise.reject(new Error('the browser ended')));
    await Promise.race([zoo.done, gone]);
    // What is still on its way arrives, and keys are written down: nothing more comes for a while.
    const soFar = (): number => guard.bytesDown + guard.bytesUp + statSync(keyLogPath).size;
    for (let before = -1; soFar() !== before;) {
      before = soFar();
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
    gone.catch(() => {});
    await stop();

    const record = await decodeWire({
      tunnels: await guard.seal(),
      keyLogPath,
      spoolDir,
      extraRoots: [authority.pem],
    });
    const ours = record.exchanges.filter(({ url }) => new URL(url).hostname.endsWith(HOST));
    const lost = record.undecrypted.filter(({ host }) => host.endsWith(HOST));
    assert.deepEqual(lost, []);
    const seen = ours.filter(({ isWebSocket, url }) => !isWebSocket && !url.endsWith('/endless'));
    const found = seen.map(({ method, url, request, response }) =>
      line(`${method} ${url}`, request.body?.sha256 ?? hash(''), response?.body?.sha256 ?? hash('')),
    );
    const expected = zoo.log
      .filter(({ url }) => new URL(url).hostname.endsWith(HOST) && !url.endsWith('/endless'))
      .map(({ method, url, sent, answered }) => line(`${method} ${url}`, sent, answered));
    assert.deepEqual(found.toSorted(), expected.toSorted());
    assert.ok(expected.length >= 42, `${expected.length} requests`);
    assert.ok(seen.every(({ isComplete, failure }) => isComplete && failure === undefined));

    const endless = ours.find(({ url }) => url.endsWith('/endless'));
    assert.equal(endless?.failure?.kind, 'cancelled');
    assert.equal(endless.response?.body?.truncated, 'disconnect');
    assert.ok(
      ours.some(({ protocol }) => protocol === 'h2') && ours.some(({ protocol }) => protocol === 'http/1.1'),
    );
    assert.equal(ours.find(({ protocol }) => protocol === 'h2')?.tls?.distrust, undefined);
    const [webSocket] = record.webSockets;
    assert.deepEqual(webSocket?.messages.map(({ isSent, data }) => [isSent, data.slice(0, 16)]).toSorted(), [
      [false, 'AQID'],
      [false, 'from the page'],
      [false, 'welcome welcome '],
      [true, 'AQID'],
      [true, 'from the page'],
    ]);
  },
);
