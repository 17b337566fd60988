import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { toCaptureReader, type CaptureSource } from '#archive';
import type { Capture, Exchange } from '#model';
import { openTestnet, type Site, type Testnet } from '#testnet';
import type { CaptureLimits } from './limits.ts';
import { findBrowser } from './process/find-browser.ts';
import { openVirtualUsers, type PersonVisit, type VirtualUsers } from './virtual-users.ts';

const html = (body: string, headers: Record<string, string> = {}) => ({
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body: `<!doctype html><meta charset=utf-8>${body}`,
});
const script = (body: string) => ({ headers: { 'content-type': 'text/javascript' }, body });
const EXE = new Uint8Array(200_000).fill(0x4d);

/** What a page, a frame, a worker and a service worker say of themselves, sent back to the server. */
const SELF_PORTRAIT = `JSON.stringify([navigator.userAgent, navigator.language, navigator.platform, navigator.webdriver,
  Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.userAgentData?.platform])`;

const SITES: Site[] = [
  {
    host: 'lure.example',
    routes: {
      '/': { status: 302, headers: { location: 'https://lure.example/page' }, body: 'moved' },
      '/page': html(
        `<title>Lure</title><link rel=stylesheet href="https://genuine.example/style.css">
         <script src="/app.js"></script>
         <iframe src="https://genuine.example/frame"></iframe>
         <button id=get onclick="getWallet('win')">Download the wallet</button>
         <div id=host></div><p style="margin-top:2500px">end</p>`,
        { 'set-cookie': 'session=abc; HttpOnly' },
      ),
      '/app.js': script(`document.cookie = 'seen=1';
        localStorage.setItem('k', 'v');
        console.warn('careful');
        const root = document.addEventListener('DOMContentLoaded', () => {
          document.getElementById('host').attachShadow({ mode: 'closed' }).innerHTML = '<b>in the shadow</b>';
          const image = new Image();
          document.body.append(image);
          image.src = '/pixel.gif';
          image.remove();
        });
        async function getWallet(system) {
          await fetch('/stat?' + system, { method: 'POST', body: 'chosen=' + system });
          location.href = '/go';
        }`),
      '/pixel.gif': { headers: { 'content-type': 'image/gif' }, body: new Uint8Array([71, 73, 70]) },
      '/stat': html('counted'),
      '/go': { status: 302, headers: { location: 'http://files.example/wallet.exe' }, body: 'this way' },
    },
  },
  {
    host: 'genuine.example',
    routes: {
      '/style.css': { headers: { 'content-type': 'text/css' }, body: 'h1 { color: red }' },
      '/frame': html(
        '<p>framed</p><script>setTimeout(() => { throw new Error("in the frame") }, 10)</script>',
      ),
    },
  },
  {
    host: 'files.example',
    routes: {
      '/wallet.exe': {
        headers: { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' },
        body: EXE,
      },
    },
  },
  {
    host: 'app.example',
    routes: {
      '/': html(`<title>App</title>
        <a id=blob download="notes.txt">Download notes</a>
        <a href="/manual.bin" download>Download manual</a>
        <button onclick="window.open('/popup')">Continue</button>
        <button onclick="note.textContent = confirm('Sure?') + prompt('Name?', 'me')">Confirm</button><p id=note></p>
        <script>
          blob.href = URL.createObjectURL(new Blob(['made here']));
          const socket = new WebSocket('wss://app.example/socket');
          socket.onopen = () => socket.send('hello');
          navigator.serviceWorker.oncontrollerchange = () => fetch('/from-sw');
          navigator.serviceWorker.register('/sw.js');
          addEventListener('pagehide', () => navigator.sendBeacon('/beacon', 'bye'));
        </script>`),
      '/manual.bin': { headers: { 'content-type': 'application/octet-stream' }, body: 'a manual' },
      '/popup': html('<title>Popup</title><p>popped up</p>'),
      '/socket': { webSocket: { isEcho: true } },
      '/sw.js':
        script(`addEventListener('install', (event) => { skipWaiting(); event.waitUntil(fetch('/precache')); });
        addEventListener('activate', (event) => event.waitUntil(clients.claim()));
        addEventListener('fetch', (event) => {
          if (event.request.url.endsWith('/from-sw')) event.respondWith(new Response('synthetic'));
        });`),
      '/precache': { body: 'cached' },
    },
  },
  {
    host: 'mirror.example',
    routes: {
      '/': html(`<script>
        const tell = (who, text) => fetch('/told?' + who, { method: 'POST', body: text });
        tell('page', ${SELF_PORTRAIT});
        new Worker('/worker.js');
        navigator.serviceWorker.register('/service.js');
      </script>`),
      '/worker.js': script(`fetch('/told?worker', { method: 'POST', body: ${SELF_PORTRAIT} })`),
      '/service.js': script(
        `addEventListener('install', (event) => event.waitUntil(fetch('/told?service', { method: 'POST', body: ${SELF_PORTRAIT} })))`,
      ),
      '/told': { status: 204 },
    },
  },
];

/** On a slow machine what belongs together comes with pauses between, and late. */
const PATIENT: Partial<CaptureLimits> = {
  totalMs: 600_000,
  loadMs: 120_000,
  settleMs: 120_000,
  quietMs: 2_500,
  interactMs: 300_000,
};

let testnet: Testnet;
let users: VirtualUsers;
const skip = findBrowser() === undefined && 'there is no Chromium or Chrome on this machine';

before(async () => {
  if (skip !== false) return;
  testnet = await openTestnet({ sites: SITES });
  users = await openVirtualUsers({ network: testnet.network, limits: PATIENT });
});
after(async () => {
  await users?.[Symbol.asyncDispose]();
  await testnet?.[Symbol.asyncDispose]();
});

const visit = (url: string, more: Partial<PersonVisit> = {}) => users.visit({ url, ...more });

function find({ exchanges }: Capture, url: string): Exchange {
  const exchange = exchanges.find((each) => each.url === url);
  assert.ok(exchange, `${url} among ${exchanges.map((each) => each.url).join(' ')}`);
  return exchange;
}

function text(source: CaptureSource, exchange: Exchange): string {
  return Buffer.from(toCaptureReader(source).responseBody(exchange) ?? []).toString();
}

test(
  'a lure is captured whole: redirects, frames, shadow roots, cookies, and the chain from a click to a file',
  { skip },
  async () => {
    await using source = await visit('http://lure.example/');
    const { capture } = source;
    assert.equal(capture.outcome.kind, 'ok');
    assert.equal(capture.finalUrl, 'https://lure.example/page');
    assert.equal(capture.title, 'Lure');
    assert.deepEqual(capture.limits, []);

    const first = find(capture, 'http://lure.example/');
    assert.equal(first.response?.status, 302);
    assert.equal(text(source, first), 'moved');
    const page = find(capture, 'https://lure.example/page');
    assert.equal(page.redirectedFrom, first.id);
    assert.equal(page.source, 'wire');
    assert.ok((page.tls?.chain.length ?? 0) > 0);
    assert.equal(page.tls?.distrust, undefined);
    const style = find(capture, 'https://genuine.example/style.css');
    assert.equal(style.initiator?.type, 'parser');
    assert.equal(style.initiator?.url, 'https://lure.example/page');

    const [main, frame] = capture.documents;
    assert.equal(main?.exchange, page.id);
    assert.equal(frame?.parentFrame, main?.frame);
    assert.equal(frame?.exchange, find(capture, 'https://genuine.example/frame').id);
    const dom = Buffer.from(source.attachments.get(main!.loaded!)!).toString();
    assert.match(dom, /<template shadowrootmode="closed"><b>in the shadow<\/b>/);
    assert.match(Buffer.from(source.attachments.get(frame!.text!)!).toString(), /framed/);
    // The image was removed again, yet seen.
    assert.ok(
      capture.urlElements.some(
        ({ element, attributes }) => element === 'img' && attributes['src'] === '/pixel.gif',
      ),
    );
    assert.equal(find(capture, 'https://lure.example/pixel.gif').initiator?.type, 'script');

    const cookies = new Map(capture.cookies.map((cookie) => [cookie.name, cookie]));
    assert.deepEqual(cookies.get('session')?.setBy, { kind: 'header', exchange: page.id });
    const setter = cookies.get('seen')?.setBy;
    assert.ok(setter?.kind === 'script');
    assert.equal(setter.frame?.url, 'https://lure.example/app.js');
    assert.deepEqual(capture.storage, [
      { origin: 'https://lure.example', kind: 'local', key: 'k', value: 'v' },
    ]);
    assert.ok(capture.console.some(({ kind, text }) => kind === 'warning' && text === 'careful'));
    assert.ok(capture.console.some(({ kind, text }) => kind === 'exception' && /in the frame/.test(text)));

    const click = capture.steps.find(({ kind }) => kind === 'click');
    assert.equal(click?.control?.onclick, "getWallet('win')");
    assert.deepEqual(
      click.caused.exchanges.map((id) => capture.exchanges[id]!.url),
      ['https://lure.example/stat?win', 'https://lure.example/go', 'http://files.example/wallet.exe'],
    );
    const stat = capture.exchanges[click.caused.exchanges[0]!]!;
    assert.ok(stat.initiator?.stack?.some(({ functionName }) => functionName === 'getWallet'));
    assert.equal(Buffer.from(toCaptureReader(source).requestBody(stat) ?? []).toString(), 'chosen=win');
    const [download] = capture.downloads;
    assert.equal(download?.state, 'completed');
    assert.equal(download.exchange, click.caused.exchanges[2]);
    assert.equal(download.file?.sizeBytes, EXE.length);
    assert.deepEqual(
      capture.screenshots.map(({ kind }) => kind),
      ['viewport', 'step', 'fullPage'],
    );
  },
);

test(
  'popups, dialogs, downloads of links and blobs, WebSockets and service workers are kept',
  { skip },
  async () => {
    await using source = await visit('https://app.example/');
    const { capture } = source;
    assert.equal(capture.outcome.kind, 'ok');
    assert.deepEqual(capture.downloads.map(({ suggestedName, state }) => [suggestedName, state]).sort(), [
      ['manual.bin', 'completed'],
      ['notes.txt', 'completed'],
    ]);
    const [made, manual] = [/^blob:/, /^https:/].map((scheme) =>
      capture.downloads.find(({ url }) => scheme.test(url)),
    );
    assert.equal(made?.exchange, undefined);
    assert.equal(Buffer.from(toCaptureReader(source).downloadBody(made!) ?? []).toString(), 'made here');
    assert.equal(text(source, capture.exchanges[manual!.exchange!]!), 'a manual');
    assert.deepEqual(
      capture.popups.map(({ url, wasBlocked }) => [url, wasBlocked]),
      [['https://app.example/popup', false]],
    );
    assert.ok(
      capture.documents.some(({ title, openerFrame }) => title === 'Popup' && openerFrame !== undefined),
    );
    assert.deepEqual(
      capture.dialogs.map(({ kind, message }) => [kind, message]),
      [
        ['confirm', 'Sure?'],
        ['prompt', 'Name?'],
      ],
    );
    const [socket] = capture.webSockets;
    assert.deepEqual(
      socket?.messages.map(({ isSent, data }) => [isSent, data]),
      [
        [true, 'hello'],
        [false, 'hello'],
      ],
    );
    assert.equal(capture.exchanges[socket.exchange!]?.response?.status, 101);
    assert.equal(find(capture, 'https://app.example/precache').target, 'service_worker');
    const synthetic = find(capture, 'https://app.example/from-sw');
    assert.equal(synthetic.servedBy, 'serviceWorker');
    assert.equal(text(source, synthetic), 'synthetic');
    assert.ok(capture.workers.some(({ type, url }) => type === 'service_worker' && url.endsWith('/sw.js')));
  },
);

test('the persona is what page, worker, service worker and headers show', { skip }, async () => {
  for (const [persona, platform, hint] of [
    ['chrome-windows', 'Win32', 'Windows'],
    ['safari-iphone', 'iPhone', ''],
  ] as const) {
    testnet.clearLog();
    await using source = await visit('https://mirror.example/', {
      persona,
      interact: false,
    });
    const { capture } = source;
    const reader = toCaptureReader(source);
    for (const who of ['page', 'worker', 'service']) {
      const told = find(capture, `https://mirror.example/told?${who}`);
      const [userAgent, language, ownPlatform, webdriver, timeZone, hinted] = JSON.parse(
        Buffer.from(reader.requestBody(told) ?? []).toString(),
      ) as unknown[];
      assert.equal(userAgent, capture.persona.userAgent, who);
      assert.equal(language, 'en-US', who);
      assert.equal(ownPlatform, platform, who);
      assert.ok(webdriver !== true, who);
      assert.equal(timeZone, 'America/New_York', who);
      if (hint !== '') assert.equal(hinted, hint, who);
    }
    const headers = new Map(find(capture, 'https://mirror.example/').request.headers);
    assert.equal(headers.get('user-agent'), capture.persona.userAgent);
    assert.equal(headers.get('accept-language'), 'en-US,en;q=0.9');
    const order = [...headers.keys()].filter((name) => /^(accept|user-agent$)/.test(name));
    assert.deepEqual(
      order,
      ['user-agent', 'accept', 'accept-encoding', 'accept-language'],
      'in Chromium’s own order',
    );
    assert.equal(headers.get('sec-ch-ua-platform'), hint === '' ? undefined : `"${hint}"`);
  }
});
