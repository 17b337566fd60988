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
 * addresses at the usual ports, which a guard may not even dial.
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
  const vectors = [...direct, ...spelled, ...inner];
  const redirects: Site = {
    host: HOST,
    routes: {
      '/to-canary': redirectReply(302, `${canary}/redirect`),
      '/to-canary-307': redirectReply(307, `${canary}/redirect-307`),
      '/to-metadata': redirectReply(302, 'http://169.254.169.254/latest/meta-data/redirect'),
      '/to-localhost': redirectReply(302, 'http://localhost/redirect'),
      '/refresh-to-canary': htmlReply('<p>wait', { headers: { refresh: `0; url=${canary}/refresh` } }),
      '/meta-to-canary': htmlReply(
        `<meta http-equiv="refresh" content="0;url=${canary}/meta-refresh"><p>wait`,
      ),
      '/script-to-canary': htmlReply(`<p>wait<script>location.href = "${canary}/script-location"</script>`),
    },
  };
  const urls = ['http://', 'https://'].map((scheme) => `${scheme}${HOST}/`);
  const startUrls = Object.keys(redirects.routes).map((path) => `https://${HOST}${path}`);
  const page: Site = {
    host: HOST,
    routes: {
      '/': htmlReply(pageWith(vectors, redirects), {
        headers: {
          link: `<${canary}/link-header>; rel=preload; as=image, <${canary}/link-preconnect>; rel=preconnect`,
          'content-security-policy-report-only': `img-src 'none'; report-uri ${canary}/csp-report`,
          'reporting-endpoints': `default="${canary.replace('http:', 'https:')}/report"`,
          nel: '{"report_to":"default","max_age":60,"success_fraction":1}',
        },
      }),
      '/service-worker.js': scriptReply(
        `addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(fetch("${canary}/service-worker", { mode: "no-cors" }).catch(() => {})));`,
      ),
    },
  };
  return { sites: mergeSites([redirects, page, ...targetSites]), urls: [...urls, ...startUrls], vectors };
}

function imageVector(name: string, url: string): EscapeVector {
  return { name, url, markup: `<img src="${url}" alt="">` };
}

function fetchVector(name: string, url: string): EscapeVector {
  return { name, url, code: `fetch(${JSON.stringify(url)}, { mode: "no-cors" })` };
}

function pageWith(vectors: readonly EscapeVector[], redirects: Site): string {
  const markup = vectors.map((vector) => vector.markup ?? '').join('\n');
  const attempts = vectors.flatMap(({ code }) => (code === undefined ? [] : [attempt(code)]));
  const redirected = Object.keys(redirects.routes).map((path) => [
    `<img src="${path}" alt=""><iframe src="${path}"></iframe>`,
    attempt(`fetch("${path}", { method: "POST", mode: "no-cors" })`),
  ]);
  const schemes = SCHEMES.map((url) => `<iframe src="${url}"></iframe><img src="${url}" alt="">`).join('');
  return `<!doctype html><html><head><meta charset="utf-8"><title>Escape</title></head><body>
<script>${PRELUDE}</script>
${markup}
${redirected.map(([elements]) => elements).join('\n')}
${schemes}
<script>
${[...attempts, ...redirected.map(([, code]) => code!)].join('\n')}
${attempt('navigator.serviceWorker.register("/service-worker.js")')}
let turn = 0;
const again = setInterval(() => {
  const address = "//${REBINDING}/" + turn++;
  ${attempt('fetch("http:" + address, { mode: "no-cors" })')}
  ${attempt('new WebSocket("ws:" + address)')}
  new Image().src = "http:" + address;
  if (turn === 12) clearInterval(again);
}, 200);
</script></body></html>`;
}

/** Code that may throw or reject without keeping the rest from running. */
function attempt(code: string): string {
  return `(async () => { try { await (async () => { ${returning(code)} })(); } catch {} })();`;
}

function returning(code: string): string {
  return /^(?:fetch|connectPeer|import|navigator)/.test(code) ? `return ${code};` : `${code};`;
}
