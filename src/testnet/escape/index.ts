import { htmlReply, mergeSites, redirectReply, scriptReply } from '../reply.ts';
import type { Site } from '../site.ts';
import { FORBIDDEN_NAMES, LOOPBACK_SPELLINGS, PRIVATE_ADDRESSES, REBINDING, targetSites } from './targets.ts';
import { PRELUDE, vectorsTo, type EscapeVector } from './vectors.ts';

export { openCanary, type Canary, type CanaryHit } from './canary.ts';
export type { EscapeVector } from './vectors.ts';

export interface EscapePages {
  readonly sites: readonly Site[];
  /** Pages to visit one after another; each gives its browser about three seconds of work. */
  readonly urls: readonly string[];
  /** What the pages try; a few more ways (redirects, rebinding, reports, service workers, other schemes) have no row. */
  readonly vectors: readonly EscapeVector[];
}

const HOST = 'escape.example';
const SCHEMES = [
  'file:///etc/passwd',
  'view-source:file:///etc/passwd',
  'ftp://127.0.0.1/',
  'chrome://version/',
  'filesystem:http://127.0.0.1/x',
];

/**
 * Pages that try every known way around an egress guard: to a canary on this machine at its own ports, and to private
 * addresses at the usual ports, which a guard may not even dial. Each page opens fewer than 200 connections, so that a
 * limit on those does not hide what the vetting of addresses lets through.
 */
export function escapePage({
  canaryTcpPort,
  canaryUdpPort,
}: {
  readonly canaryTcpPort: number;
  readonly canaryUdpPort: number;
}): EscapePages {
  const canary = `http://127.0.0.1:${canaryTcpPort}`;
  const direct = vectorsTo(canary, `http://127.0.0.1:${canaryUdpPort}`);
  const spelled = [...LOOPBACK_SPELLINGS, ...FORBIDDEN_NAMES].flatMap(({ name, host }) => [
    imageVector(`${name}-canary`, `http://${host}:${canaryTcpPort}/${name}`),
    fetchVector(`${name}-http`, `http://${host}/${name}`),
  ]);
  const inner = PRIVATE_ADDRESSES.map(({ name, host }) =>
    imageVector(name, `http://${host}/latest/meta-data/${name}`),
  );
  const leaving = pagesThatLeave(canary);
  const pages: Site['routes'] = {
    '/interfaces': htmlReply(pageOf(direct), { headers: headersTo(canary) }),
    '/spellings': htmlReply(pageOf([...spelled, ...inner])),
    '/detours': htmlReply(detours(Object.keys(leaving))),
    '/service-worker.js': scriptReply(
      `addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(fetch("${canary}/service-worker", { mode: "no-cors" }).catch(() => {})));`,
    ),
  };
  const paths = ['/interfaces', '/spellings', '/detours'];
  return {
    sites: mergeSites([{ host: HOST, routes: { ...pages, ...leaving } }, ...targetSites]),
    urls: [
      ...paths.flatMap((path) => [`http://${HOST}${path}`, `https://${HOST}${path}`]),
      ...Object.keys(leaving).map((path) => `https://${HOST}${path}`),
    ],
    vectors: [...direct, ...spelled, ...inner],
  };
}

/** Pages that themselves lead to where no visit may go. */
function pagesThatLeave(canary: string): Site['routes'] {
  return {
    '/to-canary': redirectReply(302, `${canary}/redirect`),
    '/to-canary-307': redirectReply(307, `${canary}/redirect-307`),
    '/to-metadata': redirectReply(302, 'http://169.254.169.254/latest/meta-data/redirect'),
    '/to-localhost': redirectReply(302, 'http://localhost/redirect'),
    '/refresh-to-canary': htmlReply('<p>wait', { headers: { refresh: `0; url=${canary}/refresh` } }),
    '/meta-to-canary': htmlReply(`<meta http-equiv="refresh" content="0;url=${canary}/meta-refresh"><p>wait`),
    '/script-to-canary': htmlReply(`<p>wait<script>location.href = "${canary}/script-location"</script>`),
  };
}

/** Header fields that make a browser connect. */
function headersTo(canary: string): Record<string, string> {
  return {
    link: `<${canary}/link-header>; rel=preload; as=image, <${canary}/link-preconnect>; rel=preconnect`,
    'content-security-policy-report-only': `font-src 'none'; report-uri ${canary}/csp-report`,
    'reporting-endpoints': `default="${canary.replace('http:', 'https:')}/report"`,
    nel: '{"report_to":"default","max_age":60,"success_fraction":1}',
  };
}

function imageVector(name: string, url: string): EscapeVector {
  return { name, url, markup: `<img src="${url}" alt="">` };
}

function fetchVector(name: string, url: string): EscapeVector {
  return { name, url, code: `fetch(${JSON.stringify(url)}, { mode: "no-cors" })` };
}

function pageOf(vectors: readonly EscapeVector[]): string {
  const markup = vectors.flatMap((vector) => vector.markup ?? []);
  const code = vectors.flatMap((vector) => (vector.code === undefined ? [] : attempt(vector.code)));
  return page(`<script>${PRELUDE}</script>\n${markup.join('\n')}\n<script>\n${code.join('\n')}\n</script>`);
}

/** Ways that lead there only in the end: redirects, a service worker, other schemes, a name whose address changes. */
function detours(leavingPaths: readonly string[]): string {
  const elements = leavingPaths.map((path) => `<img src="${path}" alt=""><iframe src="${path}"></iframe>`);
  const requests = leavingPaths.map((path) =>
    attempt(`fetch("${path}", { method: "POST", mode: "no-cors" })`),
  );
  const schemes = SCHEMES.map((url) => `<iframe src="${url}"></iframe><img src="${url}" alt="">`);
  return page(`${[...elements, ...schemes].join('\n')}
<script>
${requests.join('\n')}
${attempt('navigator.serviceWorker.register("/service-worker.js")')}
let turn = 0;
const again = setInterval(() => {
  const address = "//${REBINDING}/" + turn++;
  ${attempt('fetch("http:" + address, { mode: "no-cors" })')}
  ${attempt('new WebSocket("ws:" + address)')}
  new Image().src = "http:" + address;
  if (turn === 12) clearInterval(again);
}, 200);
</script>`);
}

function page(body: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"><title>Escape</title></head><body>\n${body}\n</body></html>`;
}

/** Code that may throw or reject without keeping the rest from running. */
function attempt(code: string): string {
  return `(async () => { try { await (async () => { ${returning(code)} })(); } catch {} })();`;
}

function returning(code: string): string {
  return /^(?:fetch|connectPeer|import|navigator)/.test(code) ? `return ${code};` : `${code};`;
}
