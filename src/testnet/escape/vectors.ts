/** A way in which a page can make its browser open a connection. */
export interface EscapeVector {
  readonly name: string;
  /** Where it leads, for markup and code. */
  readonly url: string;
  /** Exactly one of the two. */
  readonly markup?: string;
  readonly code?: string;
}

type Write = (url: string) => string;
const text = (value: string): string => JSON.stringify(value);

/** Elements that fetch. */
const MARKUP: Readonly<Record<string, Write>> = {
  image: (url) => `<img src="${url}" alt="">`,
  'image-set': (url) => `<img srcset="${url} 1x" alt="">`,
  picture: (url) => `<picture><source srcset="${url}"><img alt=""></picture>`,
  'input-image': (url) => `<input type="image" src="${url}">`,
  'svg-image': (url) => `<svg><image href="${url}" width="1" height="1"></image></svg>`,
  'svg-use': (url) => `<svg><use href="${url}#a"></use></svg>`,
  script: (url) => `<script src="${url}"></script>`,
  module: (url) => `<script type="module" src="${url}"></script>`,
  stylesheet: (url) => `<link rel="stylesheet" href="${url}">`,
  'css-import': (url) => `<style>@import url("${url}");</style>`,
  'css-image': (url) => `<div style="background:url(${url});width:9px;height:9px"></div>`,
  'css-font': (url) => `<style>@font-face{font-family:F;src:url(${url})}i{font-family:F}</style><i>text</i>`,
  preload: (url) => `<link rel="preload" as="image" href="${url}">`,
  prefetch: (url) => `<link rel="prefetch" href="${url}">`,
  preconnect: (url) => `<link rel="preconnect" href="${url}">`,
  'dns-prefetch': (url) => `<link rel="dns-prefetch" href="${url}">`,
  prerender: (url) => `<link rel="prerender" href="${url}">`,
  icon: (url) => `<link rel="icon" href="${url}">`,
  manifest: (url) => `<link rel="manifest" href="${url}">`,
  frame: (url) => `<iframe src="${url}"></iframe>`,
  'frame-in-srcdoc': (url) => `<iframe srcdoc="<img src='${url}'>"></iframe>`,
  'frame-in-data': (url) => `<iframe src="data:text/html,<img src='${url}'>"></iframe>`,
  'frame-refresh': (url) => `<iframe srcdoc="<meta http-equiv='refresh' content='0;url=${url}'>"></iframe>`,
  object: (url) => `<object data="${url}"></object>`,
  embed: (url) => `<embed src="${url}">`,
  video: (url) => `<video src="${url}" preload="auto" autoplay muted></video>`,
  poster: (url) => `<video poster="${url}"></video>`,
  audio: (url) => `<audio src="${url}" preload="auto"></audio>`,
  track: (url) => `<video><track default src="${url}"></video>`,
  form: (url) =>
    `<form id="escape-form" action="${url}" method="post" target="escape-frame"><input name="a" value="b"></form><iframe name="escape-frame"></iframe><script>document.getElementById("escape-form").submit()</script>`,
  ping: (url) =>
    `<a id="escape-ping" href="#" ping="${url}">x</a><script>document.getElementById("escape-ping").click()</script>`,
  speculation: (url) =>
    `<script type="speculationrules">{"prefetch":[{"source":"list","urls":["${url}"],"eagerness":"immediate"}],"prerender":[{"source":"list","urls":["${url}"],"eagerness":"immediate"}]}</script>`,
};

/** Script interfaces that connect over TCP. */
const CODE: Readonly<Record<string, Write>> = {
  fetch: (url) => `fetch(${text(url)})`,
  'fetch-no-cors': (url) => `fetch(${text(url)}, { mode: "no-cors", method: "POST", body: "x" })`,
  'fetch-keepalive': (url) => `fetch(${text(url)}, { mode: "no-cors", keepalive: true })`,
  'fetch-with-preflight': (url) => `fetch(${text(url)}, { method: "PUT", headers: { "x-a": "1" } })`,
  xhr: (url) => `const x = new XMLHttpRequest(); x.open("GET", ${text(url)}); x.send()`,
  beacon: (url) => `navigator.sendBeacon(${text(url)}, "x")`,
  'event-source': (url) => `new EventSource(${text(url)})`,
  'web-socket': (url) => `new WebSocket(${text(url.replace(/^http/, 'ws'))})`,
  'secure-web-socket': (url) => `new WebSocket(${text(url.replace(/^http:/, 'wss:'))})`,
  'dynamic-import': (url) => `import(${text(url)})`,
  window: (url) => `open(${text(url)})`,
  'frame-location': (url) =>
    `const f = document.createElement("iframe"); document.body.append(f); f.contentWindow.location = ${text(url)}`,
  'blob-frame': (url) =>
    `const f = document.createElement("iframe"); f.src = URL.createObjectURL(new Blob(['<img src=' + ${text(url)} + '>'], { type: "text/html" })); document.body.append(f)`,
  'worker-fetch': (url) =>
    `new Worker(URL.createObjectURL(new Blob(['fetch(' + ${text(text(url))} + ', { mode: "no-cors" })'])))`,
  'worker-import': (url) =>
    `new Worker(URL.createObjectURL(new Blob(['importScripts(' + ${text(text(url))} + ')'])))`,
  'worker-socket': (url) =>
    `new Worker(URL.createObjectURL(new Blob(['new WebSocket(' + ${text(text(url.replace(/^http/, 'ws')))} + ')'])))`,
  'shared-worker': (url) =>
    `new SharedWorker(URL.createObjectURL(new Blob(['fetch(' + ${text(text(url))} + ', { mode: "no-cors" })'])))`,
  'turn-over-tcp': (url) =>
    `connectPeer({ urls: ${text(`turn:${authority(url)}?transport=tcp`)}, username: "u", credential: "c" })`,
};

/** Script interfaces that connect over UDP. */
const UDP_CODE: Readonly<Record<string, Write>> = {
  stun: (url) => `connectPeer({ urls: ${text(`stun:${authority(url)}`)} })`,
  turn: (url) =>
    `connectPeer({ urls: ${text(`turn:${authority(url)}?transport=udp`)}, username: "u", credential: "c" })`,
  'web-transport': (url) =>
    `new WebTransport(${text(url.replace(/^http:/, 'https:'))}).ready.catch(() => {})`,
};

/** Helpers that the code of vectors may call. */
export const PRELUDE = `
const connectPeer = async (server) => {
  const peer = new RTCPeerConnection({ iceServers: [server], iceCandidatePoolSize: 1 });
  peer.createDataChannel("x");
  await peer.setLocalDescription(await peer.createOffer());
};`;

/** Every way, each to a path of its own name, so that a hit tells how it came. */
export function vectorsTo(tcpBase: string, udpBase: string): EscapeVector[] {
  const write = (table: Readonly<Record<string, Write>>, base: string, kind: 'markup' | 'code') =>
    Object.entries(table).map(([name, toText]) => {
      const url = `${base}/${name}`;
      return { name, url, [kind]: toText(url) };
    });
  return [
    ...write(MARKUP, tcpBase, 'markup'),
    ...write(CODE, tcpBase, 'code'),
    ...write(UDP_CODE, udpBase, 'code'),
  ];
}

function authority(url: string): string {
  return /^[a-z]+:\/\/([^/]+)/.exec(url)![1]!;
}
