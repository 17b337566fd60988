import { noise } from '../asset.ts';
import { fileReply, jsonReply, redirectReply, textReply } from '../reply.ts';
import type { Reply, TestRequest } from '../site.ts';
import { expectCause, HOME, OPEN_TO_ALL, THIRD, TRACKER, type Fragment } from './fragment.ts';

const SOCKETS = 'sockets.example';
const REPORTS = 'reports.example';

const BIG_JSON = {
  rows: Array.from({ length: 100_000 }, (_, row) => `row ${row} ${(row * 2_654_435_761) >>> 0}`),
};
const BIG_BYTES = noise(12_000_000, 70);

/** What scripts ask for: fetch, XHR, event streams, sockets, beacons; read, unread, aborted, opaque, cached, redirected. */
export const requests: Fragment = {
  body: `<a id="pinging" href="#pinged" ping="https://${TRACKER}/ping">pinging</a>`,
  script: `
const text = (answer) => answer.text();
console.error("an error that the page logs");
fetch("/api/get").then(text);
fetch("/api/post", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ typed: "secret" }) }).then(text);
fetch("https://${THIRD}/cors", { method: "PUT", headers: { "x-custom": "1" }, body: "put body" }).then(text);
fetch("https://${THIRD}/opaque", { method: "POST", mode: "no-cors", body: "taken" });
const xhr = new XMLHttpRequest();
xhr.open("POST", "/api/xhr");
xhr.send("a=1&b=2");
const syncXhr = new XMLHttpRequest();
syncXhr.open("GET", "/api/sync-xhr", false);
syncXhr.send();
fetch("/api/redirected", { method: "POST", body: "kept through 307" }).then(text);
fetch("/api/big.json").then(text);
fetch("/api/big.bin").then((answer) => answer.arrayBuffer());
fetch("/api/chunked").then(text);
fetch("/api/deflated").then(text);
fetch("/api/nothing");
fetch("/api/failing").then(text);
fetch("/api/head", { method: "HEAD" });
fetch("/api/unread");
const aborter = new AbortController();
setTimeout(() => aborter.abort(), 300);
fetch("/api/aborted", { signal: aborter.signal }).then(text).catch(() => console.log("aborted"));
fetch("/api/etag").then(text).then(() => fetch("/api/etag")).then(text);
fetch("/api/cached").then(text).then(() => fetch("/api/cached")).then(text);
const events = new EventSource("/api/events");
events.onmessage = (event) => console.log("event", event.data);
const socket = new WebSocket("wss://${SOCKETS}/echo");
socket.onopen = () => { socket.send("hello ".repeat(50)); socket.send(new Uint8Array([1, 2, 3])); };
let echoes = 0;
socket.onmessage = () => { if (++echoes === 3) socket.close(); };
navigator.sendBeacon("https://${TRACKER}/beacon", "beacon data");
document.getElementById("pinging").click();`,
  sites: [
    {
      host: HOME,
      routes: {
        '/api/get': jsonReply({ got: 1 }),
        '/api/post': ({ body }) => jsonReply({ received: body.length }),
        '/api/xhr': jsonReply({ xhr: 1 }),
        '/api/sync-xhr': jsonReply({ xhr: 'synchronous' }),
        '/api/redirected': redirectReply(307, '/api/after-redirect'),
        '/api/after-redirect': ({ body }) => textReply(Buffer.from(body).toString()),
        '/api/big.json': jsonReply(BIG_JSON),
        '/api/big.bin': fileReply('application/octet-stream', BIG_BYTES),
        '/api/chunked': {
          ...textReply(''),
          chunks: ['part one, ', 'part two, ', 'part three'],
          chunkDelayMs: 80,
        },
        '/api/deflated': textReply('deflated text '.repeat(500), { encoding: 'deflate' }),
        '/api/nothing': { status: 204 },
        '/api/failing': jsonReply({ error: 'the server failed and says so' }, { status: 500 }),
        '/api/head': textReply('a body that HEAD leaves out'),
        '/api/unread': textReply('nobody reads this. '.repeat(15_000)),
        '/api/aborted': {
          ...textReply(''),
          chunks: Array.from({ length: 20 }, (_, piece) => `piece ${piece}${' '.repeat(3000)}\n`),
          chunkDelayMs: 100,
        },
        '/api/etag': conditional,
        '/api/cached': textReply('asked for once', { headers: { 'cache-control': 'max-age=3600' } }),
        '/api/events': {
          headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
          chunks: ['retry: 600000\ndata: one\n\n', 'data: two\n\n', 'data: three\n\n', 'data: four\n\n'],
          chunkDelayMs: 100,
        },
      },
    },
    { host: THIRD, routes: { '/cors': acrossOrigins, '/opaque': jsonReply({ stolen: true }) } },
    { host: TRACKER, routes: { '/beacon': textReply('noted'), '/ping': { status: 204 } } },
    {
      host: SOCKETS,
      routes: { '/echo': { webSocket: { greeting: ['welcome '.repeat(40)], isEcho: true }, status: 426 } },
    },
    { host: REPORTS, routes: { '/csp': { status: 204 } } },
  ],
  expected: [
    ...expectCause(
      'fetch',
      HOME,
      [
        'get',
        'big.json',
        'big.bin',
        'chunked',
        'deflated',
        'nothing',
        'failing',
        'unread',
        'aborted',
        'etag',
        'cached',
      ].map((name) => `/api/${name}`),
    ),
    ...expectCause('fetch', HOME, ['/api/post', '/api/redirected', `https://${THIRD}/opaque`], {
      method: 'POST',
    }),
    ...expectCause('redirect', HOME, ['/api/after-redirect'], { method: 'POST' }),
    ...expectCause('fetch', HOME, ['/api/head'], { method: 'HEAD' }),
    ...expectCause('fetch', HOME, [`https://${THIRD}/cors`], { method: 'OPTIONS' }),
    ...expectCause('fetch', HOME, [`https://${THIRD}/cors`], { method: 'PUT' }),
    ...expectCause('xmlhttprequest', HOME, ['/api/xhr'], { method: 'POST' }),
    ...expectCause('xmlhttprequest', HOME, ['/api/sync-xhr']),
    ...expectCause('eventsource', HOME, ['/api/events']),
    ...expectCause('websocket', HOME, [`wss://${SOCKETS}/echo`]),
    ...expectCause(
      'beacon',
      HOME,
      [`https://${TRACKER}/beacon`, `https://${TRACKER}/ping`, `https://${REPORTS}/csp`],
      {
        method: 'POST',
      },
    ),
  ],
};

/** Sends the page's one violation, the font of another host, to a host of its own. */
export const REPORTING_POLICY = `font-src 'self'; report-uri https://${REPORTS}/csp`;

function conditional({ headers }: TestRequest): Reply {
  const validator = { etag: '"v1"', 'cache-control': 'no-cache' };
  return headers['if-none-match'] === '"v1"'
    ? { status: 304, headers: validator }
    : textReply('asked for twice, sent once', { headers: validator });
}

function acrossOrigins({ method }: TestRequest): Reply {
  if (method !== 'OPTIONS') return jsonReply({ allowed: true }, { headers: OPEN_TO_ALL });
  const allowed = { 'access-control-allow-methods': 'PUT', 'access-control-allow-headers': 'x-custom' };
  return { status: 204, headers: { ...OPEN_TO_ALL, ...allowed } };
}
