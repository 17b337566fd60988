import { brokenFont, png, svg, wav } from '../asset.ts';
import { cssReply, fileReply, htmlReply, pngReply, redirectReply, scriptReply, svgReply } from '../reply.ts';
import type { Reply, TestRequest } from '../site.ts';
import { CDN, expectCause, HOME, OPEN_TO_ALL, THIRD, TRACKER, type Fragment } from './fragment.ts';

const IMAGES = [
  'first',
  'twice',
  'pixel-ratio-1',
  'picture',
  'button',
  'svg-image',
  'poster',
  'lazy',
  'linked',
];

/** Elements that name what the browser fetches: images in all their spellings, links, scripts. */
export const elements: Fragment = {
  head: `
<link rel="icon" href="/favicon.png"><link rel="manifest" href="/app.webmanifest">
<link rel="preload" as="script" href="/preloaded.js"><link rel="modulepreload" href="/module.js"><link rel="prefetch" href="/prefetched.html">
<link rel="dns-prefetch" href="//dns-prefetch.example"><link rel="preconnect" href="https://preconnect.example">
<link rel="stylesheet" media="print" href="/print.css">
<script src="/first.js"></script><script async src="https://${THIRD}/async.js"></script><script type="module" src="/module.js"></script>
<script type="speculationrules">{"prefetch":[{"source":"list","urls":["/speculative.html"],"eagerness":"immediate"}],"prerender":[{"source":"list","urls":["/prerendered.html"],"eagerness":"immediate"}]}</script>`,
  body: `
<img src="/image/first.png" alt=""><img src="/image/twice.png" alt=""><img src="/image/twice.png" alt="">
<img srcset="/image/pixel-ratio-1.png 1x, /image/pixel-ratio-2.png 2x" alt="">
<picture><source srcset="/image/picture.png" type="image/png"><img src="/image/picture-fallback.png" alt=""></picture>
<input type="image" src="/image/button.png" alt="" onclick="return false">
<svg width="10" height="10"><image href="/image/svg-image.png" width="10" height="10"></image></svg>
<svg width="10" height="10"><use href="/sprite.svg#a"></use></svg>
<video src="/media/video.wav" poster="/image/poster.png" preload="auto" muted autoplay width="40" height="20"><track default kind="captions" src="/media/captions.vtt"></video>
<audio preload="auto"><source src="/media/audio.wav" type="audio/wav"></audio>
<img src="https://${THIRD}/hop-1" alt=""><img src="/missing.png" alt=""><img src="https://no-such-host.invalid/x.png" alt="">
<img src="/replaced-parts" alt="" width="5">
<p style="margin-top:4000px"><img src="/image/lazy.png" loading="lazy" width="20" height="20" alt=""></p>`,
  sites: [
    {
      host: HOME,
      routes: {
        ...Object.fromEntries(IMAGES.map((name, seed) => [`/image/${name}.png`, pngReply(png(seed, 300))])),
        '/favicon.png': pngReply(png(20, 200)),
        '/app.webmanifest': fileReply(
          'application/manifest+json',
          Buffer.from('{"name":"Hard page","start_url":"/"}'),
        ),
        '/preloaded.js': scriptReply('window.preloaded = true;'),
        '/prefetched.html': htmlReply('<p>prefetched'),
        '/speculative.html': htmlReply('<p>fetched ahead'),
        '/prerendered.html': htmlReply('<p>rendered ahead<img src="/image/linked.png" alt="">'),
        '/print.css': cssReply('body { color: black }'),
        '/first.js': scriptReply(
          `document.write('<script src="https://${THIRD}/written.js"><\\/script>'); console.log("first", { ran: true });`,
        ),
        '/module.js': scriptReply(
          'import "./imported.js"; import("./imported-later.js").then(() => console.log("imported later"));',
        ),
        '/imported.js': scriptReply('export const imported = 1;'),
        '/imported-later.js': scriptReply('export const imported = 2;'),
        '/sprite.svg': svgReply(svg(21)),
        '/media/video.wav': byRange('audio/wav', wav(2_000_000)),
        '/media/audio.wav': byRange('audio/wav', wav(40_000)),
        '/media/captions.vtt': fileReply(
          'text/vtt',
          Buffer.from('WEBVTT\n\n00:00.000 --> 00:09.000\nhello\n'),
        ),
        '/missing.png': htmlReply('<h1>There is no such picture</h1>', { status: 404 }),
        '/replaced-parts': {
          headers: { 'content-type': 'multipart/x-mixed-replace; boundary=part' },
          body: Buffer.concat([part(png(22)), part(png(23)), Buffer.from('--part--\r\n')]),
        },
      },
    },
    {
      host: THIRD,
      routes: {
        '/async.js': scriptReply(
          `document.cookie = "seen=1; path=/"; new Image().src = "https://${TRACKER}/pixel.png?from=async";`,
        ),
        '/written.js': scriptReply('window.written = true;'),
        '/hop-1': redirectReply(302, '/hop-2', { headers: { 'set-cookie': 'hop=1; SameSite=None; Secure' } }),
        '/hop-2': redirectReply(302, `https://${TRACKER}/arrived.png`),
      },
    },
    {
      host: TRACKER,
      routes: {
        '/pixel.png': pngReply(png(24), {
          headers: { 'set-cookie': 'id=abc123; SameSite=None; Secure; Path=/' },
        }),
        '/arrived.png': pngReply(png(25)),
      },
    },
    { host: 'preconnect.example', routes: {} },
    { host: 'dns-prefetch.example', routes: {} },
  ],
  expected: [
    ...expectCause('link.href', HOME, ['/favicon.png', '/app.webmanifest'], { isOptional: true }),
    ...expectCause('link.href', HOME, ['/preloaded.js', '/prefetched.html', '/print.css']),
    ...expectCause('link.href', HOME, ['/speculative.html', '/prerendered.html'], { isOptional: true }),
    ...expectCause('img.src', HOME, ['/image/linked.png'], { isOptional: true }),
    ...expectCause('script.src', HOME, [
      '/first.js',
      `https://${THIRD}/async.js`,
      `https://${THIRD}/written.js`,
    ]),
    ...expectCause('link.href', HOME, ['/module.js']),
    ...expectCause('script.import', HOME, ['/imported.js', '/imported-later.js']),
    ...expectCause(
      'img.src',
      HOME,
      ['first', 'twice', 'pixel-ratio-1', 'picture', 'button', 'svg-image'].map(
        (name) => `/image/${name}.png`,
      ),
    ),
    ...expectCause('img.src', HOME, ['/image/lazy.png'], { when: 'scroll' }),
    ...expectCause('img.src', HOME, ['/sprite.svg', '/missing.png', '/replaced-parts']),
    ...expectCause('media.src', HOME, ['/media/video.wav', '/image/poster.png', '/media/audio.wav']),
    ...expectCause('media.src', HOME, ['/media/captions.vtt'], { isOptional: true }),
    ...expectCause('img.src', HOME, [`https://${THIRD}/hop-1`, `https://${TRACKER}/pixel.png?from=async`]),
    ...expectCause('redirect', THIRD, [`https://${THIRD}/hop-2`, `https://${TRACKER}/arrived.png`]),
  ],
};

const CDN_IMAGES = ['background', 'imported-background', 'bullet'];

/** What stylesheets pull in: imports, fonts, backgrounds; in links, style elements and style attributes. */
export const styles: Fragment = {
  head: `
<link rel="stylesheet" href="https://${CDN}/main.css">
<style>@import url("/inline-import.css"); .inline-rule { background: url(/image/inline-rule.png); width: 5px; height: 5px }</style>`,
  body: `
<div class="inline-rule"></div><div style="background-image:url(/image/style-attribute.png);width:5px;height:5px"></div>
<div class="third-background"></div><p class="imported-background">text in the fetched font</p><ul class="bullets"><li>bullet</li></ul>`,
  sites: [
    {
      host: CDN,
      routes: {
        '/main.css': cssReply(
          `@import url("imported.css");
@font-face { font-family: Fetched; src: url(/font.woff2) }
body { font-family: Fetched, sans-serif; background: url("image/background.png") }
.third-background { background-image: url(https://${THIRD}/background.png); width: 5px; height: 5px }
.bullets { list-style-image: url(image/bullet.png) }`,
          { headers: OPEN_TO_ALL },
        ),
        '/imported.css': cssReply(
          '.imported-background { background: url(image/imported-background.png); height: 10px }',
        ),
        '/font.woff2': fileReply('font/woff2', brokenFont(37, 3000), { headers: OPEN_TO_ALL }),
        ...Object.fromEntries(
          CDN_IMAGES.map((name, seed) => [`/image/${name}.png`, pngReply(png(30 + seed))]),
        ),
      },
    },
    {
      host: HOME,
      routes: {
        '/inline-import.css': cssReply('.third-background { border: 0 }'),
        '/image/inline-rule.png': pngReply(png(34)),
        '/image/style-attribute.png': pngReply(png(35)),
      },
    },
    { host: THIRD, routes: { '/background.png': pngReply(png(36)) } },
  ],
  expected: [
    ...expectCause('link.href', HOME, [`https://${CDN}/main.css`]),
    ...expectCause('css.import', CDN, [`https://${CDN}/imported.css`]),
    ...expectCause('css.import', HOME, ['/inline-import.css']),
    ...expectCause('css.url', CDN, [
      ...CDN_IMAGES.map((name) => `https://${CDN}/image/${name}.png`),
      `https://${CDN}/font.woff2`,
      `https://${THIRD}/background.png`,
    ]),
    ...expectCause('css.url', HOME, ['/image/inline-rule.png', '/image/style-attribute.png']),
  ],
};

/** What scripts add to the page later, and what shadow roots of each kind hold. */
export const additions: Fragment = {
  body: `
<div id="closed-host"></div><div id="open-host"></div>
<div><template shadowrootmode="open"><img src="/image/declarative.png" alt=""></template></div>`,
  script: `
const closed = document.getElementById("closed-host").attachShadow({ mode: "closed" });
closed.innerHTML = '<style>@import url("/shadow.css");</style><img src="/image/in-closed.png" alt="">';
document.getElementById("open-host").attachShadow({ mode: "open" }).innerHTML = '<img src="/image/in-open.png" alt="">';
setTimeout(() => {
  const script = document.createElement("script");
  script.src = "https://${THIRD}/injected.js";
  document.head.append(script);
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = "/added.css";
  document.head.append(link);
  document.body.insertAdjacentHTML("beforeend", '<img src="/image/inserted.png" alt=""><div style="background:url(https://${THIRD}/late.png);height:5px"></div>');
  const removed = document.createElement("img");
  removed.src = "/image/removed.png";
  document.body.append(removed);
  setTimeout(() => removed.remove(), 5);
}, 150);`,
  sites: [
    {
      host: HOME,
      routes: {
        '/shadow.css': cssReply('img { opacity: 0.9 }'),
        '/added.css': cssReply('body { outline: 0 url(/image/none.png) }'),
        ...Object.fromEntries(
          ['declarative', 'in-closed', 'in-open', 'inserted', 'removed'].map((name, seed) => [
            `/image/${name}.png`,
            pngReply(png(40 + seed)),
          ]),
        ),
      },
    },
    {
      host: THIRD,
      routes: { '/injected.js': scriptReply('window.injected = true;'), '/late.png': pngReply(png(46)) },
    },
  ],
  expected: [
    ...expectCause('css.import', HOME, ['/shadow.css']),
    ...expectCause('script.src', HOME, [`https://${THIRD}/injected.js`]),
    ...expectCause('link.href', HOME, ['/added.css']),
    ...expectCause('css.url', HOME, [`https://${THIRD}/late.png`]),
    ...expectCause(
      'img.src',
      HOME,
      ['declarative', 'in-closed', 'in-open', 'inserted', 'removed'].map((name) => `/image/${name}.png`),
    ),
  ],
};

function part(image: Uint8Array): Uint8Array {
  return Buffer.concat([
    Buffer.from('--part\r\nContent-Type: image/png\r\n\r\n'),
    image,
    Buffer.from('\r\n'),
  ]);
}

/** Answers Range requests with 206, as media servers do. */
function byRange(contentType: string, file: Uint8Array): (request: TestRequest) => Reply {
  return ({ headers }) => {
    const range = /^bytes=(\d+)-(\d*)$/.exec(headers['range'] ?? '');
    if (range === null) return fileReply(contentType, file, { headers: { 'accept-ranges': 'bytes' } });
    const start = Math.min(Number(range[1]), file.length - 1);
    const end = range[2] === '' ? file.length - 1 : Math.min(Number(range[2]), file.length - 1);
    return fileReply(contentType, file.subarray(start, end + 1), {
      status: 206,
      headers: { 'accept-ranges': 'bytes', 'content-range': `bytes ${start}-${end}/${file.length}` },
    });
  };
}
