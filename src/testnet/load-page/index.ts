import { png } from '../asset.ts';
import { cssReply, htmlReply, jsonReply, mergeSites, pngReply, scriptReply } from '../reply.ts';
import type { Site } from '../site.ts';

export interface LoadPage {
  readonly sites: readonly Site[];
  readonly startUrl: string;
  /** Requests that a visit makes, favicon included where the browser asks for it. */
  readonly requests: number;
}

const BASE = 'load.example';
const STYLES = 3;
const SCRIPTS = 6;
const IMAGES = 14;
const styleHost = (index: number) => `static${index % 3}.${BASE}`;
const imageHost = (index: number) => `images${index % 2}.${BASE}`;

/**
 * An ordinary page to measure throughput with: 30 resources on 7 hosts, about 0.7 MB, a little work in each script, and
 * nothing that waits.
 */
export function loadPage(): LoadPage {
  const range = (count: number) => Array.from({ length: count }, (_, index) => index);
  const styles = range(STYLES).map((i): Site => ({
    host: styleHost(i),
    routes: {
      [`/style${i}.css`]: cssReply(
        `.part${i} { background: url(/background${i}.png) }\n${'.rule { color: #333 }\n'.repeat(1200)}`,
      ),
      [`/background${i}.png`]: pngReply(png(200 + i, 20_000)),
    },
  }));
  const scripts = range(SCRIPTS).map((i): Site => ({
    host: styleHost(i),
    routes: {
      [`/script${i}.js`]: scriptReply(
        `(() => { let sum = 0; for (let i = 0; i < 200000; i++) sum += i % 7; window.sum${i} = sum; })();\n${'/* as long as scripts are */\n'.repeat(1200)}`,
      ),
    },
  }));
  const images = range(IMAGES).map((i): Site => ({
    host: imageHost(i),
    routes: { [`/image${i}.png`]: pngReply(png(300 + i, 14_000 + i * 2000)) },
  }));
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An ordinary page</title><link rel="icon" href="/favicon.png">
${range(STYLES)
  .map((i) => `<link rel="stylesheet" href="https://${styleHost(i)}/style${i}.css">`)
  .join('')}
${range(SCRIPTS)
  .map((i) => `<script src="https://${styleHost(i)}/script${i}.js"></script>`)
  .join('')}</head><body>
${range(STYLES)
  .map((i) => `<div class="part${i}">part</div>`)
  .join('')}
${range(IMAGES)
  .map((i) => `<img src="https://${imageHost(i)}/image${i}.png" width="60" alt="">`)
  .join('')}
<iframe src="https://advertisement.${BASE}/frame.html"></iframe><p>${'Ordinary words of an ordinary page. '.repeat(300)}</p>
<script>for (const name of ["a", "b"]) fetch("/api/" + name).then((answer) => answer.json());</script></body></html>`;
  return {
    sites: mergeSites([
      ...styles,
      ...scripts,
      ...images,
      {
        host: `advertisement.${BASE}`,
        routes: {
          '/frame.html': htmlReply(
            '<img src="/advertisement.png" alt=""><script>document.cookie = "shown=1";</script>',
          ),
          '/advertisement.png': pngReply(png(400, 9000)),
        },
      },
      {
        host: BASE,
        routes: {
          '/': htmlReply(page, { headers: { 'set-cookie': 'session=1; Path=/; Secure; HttpOnly' } }),
          '/api/a': jsonReply({ a: 1 }),
          '/api/b': jsonReply({ b: 1 }),
          '/favicon.png': pngReply(png(401, 300)),
        },
      },
    ]),
    startUrl: `https://${BASE}/`,
    requests: 1 + STYLES * 2 + SCRIPTS + IMAGES + 2 + 2 + 1,
  };
}
