import { pdf, png, svg } from '../asset.ts';
import { cssReply, fileReply, htmlReply, jsonReply, pngReply, svgReply } from '../reply.ts';
import { expectCause, HOME, THIRD, TRACKER, type Fragment } from './fragment.ts';

const FRAMES = 'frames.example';
const DEEP = 'deep.example';
const SANDBOX = 'sandbox.example';

/** Documents inside the page: frames of the same and other sites, without address, sandboxed, nested, framesets, objects. */
export const frames: Fragment = {
  body: `
<iframe src="/frame/same.html"></iframe><iframe src="https://${FRAMES}/frame.html"></iframe>
<iframe srcdoc="<img src='https://${HOME}/image/in-srcdoc.png' alt=''>"></iframe>
<iframe sandbox="allow-scripts" src="https://${SANDBOX}/frame.html"></iframe>
<iframe src="data:text/html,<img src='https://${THIRD}/in-data.png'>"></iframe>
<iframe src="/frame/frameset.html"></iframe><iframe src="https://${FRAMES}/leaving.html" id="leaving"></iframe>
<iframe src="/document.pdf" width="100" height="100"></iframe>
<object data="/object.svg" type="image/svg+xml"></object><object data="/object.html" type="text/html"></object>
<embed src="/embed.svg" type="image/svg+xml">
<form action="https://${THIRD}/form" method="post" target="answer"><input name="field" value="typed"></form><iframe name="answer"></iframe>`,
  script: `
const blobFrame = document.createElement("iframe");
blobFrame.src = URL.createObjectURL(new Blob(['<img src="https://${THIRD}/in-blob.png">'], { type: "text/html" }));
document.body.append(blobFrame);
setTimeout(() => {
  document.body.insertAdjacentHTML("beforeend", '<iframe src="https://${FRAMES}/late.html"></iframe>');
  document.querySelector("form").submit();
}, 200);
setTimeout(() => document.getElementById("leaving").remove(), 1500);`,
  sites: [
    {
      host: HOME,
      routes: {
        '/frame/same.html': htmlReply(
          '<img src="/image/in-same.png" alt=""><script>localStorage.setItem("frame", "same"); console.warn("in a frame");</script>',
        ),
        '/frame/frameset.html': htmlReply(
          `<!doctype html><title>Frameset</title><frameset cols="*"><frame src="https://${FRAMES}/in-frameset.html"></frameset>`,
        ),
        '/document.pdf': fileReply('application/pdf', pdf('A document in a frame')),
        '/object.svg': svgReply(svg(50, '<image href="/image/in-object.png" width="5" height="5"/>')),
        '/object.html': htmlReply('<img src="/image/in-object-page.png" alt="">'),
        '/embed.svg': svgReply(svg(51)),
        ...Object.fromEntries(
          ['in-same', 'in-srcdoc', 'in-object', 'in-object-page'].map((name, seed) => [
            `/image/${name}.png`,
            pngReply(png(52 + seed)),
          ]),
        ),
      },
    },
    {
      host: FRAMES,
      routes: {
        '/frame.html': htmlReply(
          `<link rel="stylesheet" href="/frame.css"><img src="/image.png" alt=""><iframe src="https://${DEEP}/frame.html"></iframe>
<script>fetch("/data.json", { method: "POST", body: "from a frame" }).then((answer) => answer.json());</script>`,
          { headers: { 'set-cookie': 'framed=1; SameSite=None; Secure' } },
        ),
        '/frame.css': cssReply('body { background: url(/background.png) }'),
        '/image.png': pngReply(png(57)),
        '/background.png': pngReply(png(58)),
        '/data.json': jsonReply({ from: 'frame' }),
        '/leaving.html': htmlReply(
          `<script>addEventListener("pagehide", () => {
navigator.sendBeacon("https://${TRACKER}/left", "goodbye");
fetch("/kept-alive", { method: "POST", body: "last words", keepalive: true });
});</script>`,
        ),
        '/kept-alive': jsonReply({ kept: true }),
        '/late.html': htmlReply('<p>a frame that came late'),
        '/in-frameset.html': htmlReply('<p>a frame of a frameset'),
      },
    },
    {
      host: DEEP,
      routes: { '/frame.html': htmlReply('<img src="/image.png" alt="">'), '/image.png': pngReply(png(59)) },
    },
    {
      host: SANDBOX,
      routes: {
        '/frame.html': htmlReply('<script>new Image().src = "/image.png";</script>'),
        '/image.png': pngReply(png(60)),
      },
    },
    {
      host: THIRD,
      routes: {
        '/in-data.png': pngReply(png(61)),
        '/in-blob.png': pngReply(png(62)),
        '/form': htmlReply('<p>form received'),
      },
    },
    { host: TRACKER, routes: { '/left': { status: 204 } } },
  ],
  expected: [
    ...expectCause('iframe.src', HOME, [
      '/frame/same.html',
      `https://${FRAMES}/frame.html`,
      `https://${SANDBOX}/frame.html`,
      '/frame/frameset.html',
      `https://${FRAMES}/leaving.html`,
      '/document.pdf',
      `https://${FRAMES}/late.html`,
    ]),
    ...expectCause('iframe.src', FRAMES, [`https://${DEEP}/frame.html`]),
    ...expectCause('frame.src', HOME, [`https://${FRAMES}/in-frameset.html`]),
    ...expectCause('object.data', HOME, ['/object.svg', '/object.html']),
    ...expectCause('embed.src', HOME, ['/embed.svg']),
    ...expectCause('img.src', HOME, [
      '/image/in-same.png',
      '/image/in-srcdoc.png',
      '/image/in-object.png',
      '/image/in-object-page.png',
      `https://${THIRD}/in-data.png`,
      `https://${THIRD}/in-blob.png`,
    ]),
    ...expectCause('link.href', FRAMES, [`https://${FRAMES}/frame.css`]),
    ...expectCause('css.url', FRAMES, [`https://${FRAMES}/background.png`]),
    ...expectCause('img.src', FRAMES, [`https://${FRAMES}/image.png`]),
    ...expectCause('img.src', DEEP, [`https://${DEEP}/image.png`]),
    ...expectCause('img.src', SANDBOX, [`https://${SANDBOX}/image.png`]),
    ...expectCause('fetch', FRAMES, [`https://${FRAMES}/data.json`], { method: 'POST' }),
    ...expectCause('form.action', HOME, [`https://${THIRD}/form`], { method: 'POST' }),
    ...expectCause('beacon', FRAMES, [`https://${TRACKER}/left`], { method: 'POST' }),
    ...expectCause('fetch', FRAMES, [`https://${FRAMES}/kept-alive`], { method: 'POST' }),
  ],
};
