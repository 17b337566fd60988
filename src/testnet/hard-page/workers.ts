import { png } from '../asset.ts';
import { jsonReply, pngReply, scriptReply, textReply } from '../reply.ts';
import { expectCause, HOME, THIRD, type Fragment } from './fragment.ts';

const SERVICE_WORKER = `
importScripts("/worker/service-import.js");
addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open("v1").then((cache) => cache.addAll(["/precache/one.txt", "/precache/two.txt"])));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim().then(() =>
  fetch("https://${THIRD}/from-service", { method: "POST", mode: "no-cors", body: "activated" }))));
addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (pathname === "/api/synthetic") event.respondWith(new Response("made in the service worker"));
  else if (pathname.includes("through-service")) event.respondWith(fetch(event.request));
});`;

/** Workers of every kind, and what they fetch. A service worker's pass-through counts as its own fetch. */
export const workers: Fragment = {
  script: `
new Worker("/worker/plain.js");
new Worker("/worker/module.js", { type: "module" });
new SharedWorker("/worker/shared.js");
new Worker(URL.createObjectURL(new Blob(['fetch("https://${HOME}/api/from-blob").then((a) => a.text())'], { type: "text/javascript" })));
const controlled = () => navigator.serviceWorker.controller === null
  ? new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done))
  : undefined;
navigator.serviceWorker.register("/service-worker.js").then(() => navigator.serviceWorker.ready).then(controlled).then(() => {
  fetch("/api/through-service").then((answer) => answer.text());
  fetch("/api/synthetic").then((answer) => answer.text()).then((body) => console.log(body));
  new Image().src = "/image/through-service.png";
});`,
  sites: [
    {
      host: HOME,
      routes: {
        '/worker/plain.js': scriptReply(
          'importScripts("/worker/plain-import.js"); fetch("/api/from-worker").then((a) => a.text()); const x = new XMLHttpRequest(); x.open("GET", "/api/from-worker-xhr"); x.send();',
        ),
        '/worker/plain-import.js': scriptReply('self.imported = true;'),
        '/worker/module.js': scriptReply(
          'import "./module-import.js"; fetch("/api/from-module").then((a) => a.text());',
        ),
        '/worker/module-import.js': scriptReply('export const imported = true;'),
        '/worker/shared.js': scriptReply('fetch("/api/from-shared").then((a) => a.text());'),
        '/worker/service-import.js': scriptReply('self.imported = true;'),
        '/service-worker.js': scriptReply(SERVICE_WORKER),
        '/precache/one.txt': textReply('kept ahead, one'),
        '/precache/two.txt': textReply('kept ahead, two'),
        '/image/through-service.png': pngReply(png(80)),
        ...Object.fromEntries(
          [
            'from-worker',
            'from-worker-xhr',
            'from-module',
            'from-shared',
            'from-blob',
            'through-service',
          ].map((name) => [`/api/${name}`, jsonReply({ name })]),
        ),
      },
    },
    { host: THIRD, routes: { '/from-service': jsonReply({ received: true }) } },
  ],
  expected: [
    ...expectCause('worker', HOME, [
      '/worker/plain.js',
      '/worker/module.js',
      '/worker/shared.js',
      '/service-worker.js',
    ]),
    ...expectCause('script.import', HOME, [
      '/worker/plain-import.js',
      '/worker/module-import.js',
      '/worker/service-import.js',
    ]),
    ...expectCause('fetch', HOME, [
      '/api/from-worker',
      '/api/from-module',
      '/api/from-shared',
      '/api/from-blob',
      '/api/through-service',
      '/image/through-service.png',
      '/precache/one.txt',
      '/precache/two.txt',
    ]),
    ...expectCause('xmlhttprequest', HOME, ['/api/from-worker-xhr']),
    ...expectCause('fetch', HOME, [`https://${THIRD}/from-service`], { method: 'POST' }),
  ],
};
