import { paintPng } from './art/png.ts';
import { content } from './content.ts';
import { hostNamed } from './names.ts';
import { http2Server, serve } from './server.ts';

/** Third parties by their real names, so that what they leave in pages looks as it does outside. What they serve is our own. */
const CDN = hostNamed('cdn.jsdelivr.net');
const ANALYTICS = hostNamed('www.google-analytics.com');
const TAG_MANAGER = hostNamed('www.googletagmanager.com');
const PIXEL_SCRIPTS = hostNamed('connect.facebook.net');
const PIXELS = hostNamed('www.facebook.com');
const HEAT_MAPS = hostNamed('static.hotjar.com');
const METRICA = hostNamed('mc.yandex.ru');
export const TELEGRAM = hostNamed('api.telegram.org');

/** How a page takes a library from the CDN. */
export const libraries = {
  jquery: `<script src="https://${CDN}/npm/jquery@1.12.4/dist/jquery.min.js"></script>`,
  jquery3: `<script src="https://${CDN}/npm/jquery@3.2.1/dist/jquery.min.js"></script>`,
  bootstrapStyle: `<link rel="stylesheet" href="https://${CDN}/npm/bootstrap@3.3.7/dist/css/bootstrap.min.css">`,
  bootstrapScript: `<script src="https://${CDN}/npm/bootstrap@3.3.7/dist/js/bootstrap.min.js"></script>`,
  normalize: `<link rel="stylesheet" href="https://${CDN}/npm/normalize.css@7.0.0/normalize.min.css">`,
  vue: `<script src="https://${CDN}/npm/vue@2.5.3/dist/vue.min.js"></script>`,
  react: `<script src="https://${CDN}/npm/react@16.1.1/umd/react.production.min.js"></script>`,
  lodash: `<script src="https://${CDN}/npm/lodash@4.17.4/lodash.min.js"></script>`,
} as const;

/** How a page is counted, each with an id of its own. */
export const trackers = {
  /** The first id counts under the default name, each further one under a name of its own. */
  analytics: (...ids: readonly string[]) =>
    `<script async src="https://${ANALYTICS}/analytics.js"></script>
<script>
  window.ga = window.ga || function () { (ga.q = ga.q || []).push(arguments); };
${ids.map((id, n) => (n === 0 ? `  ga('create', '${id}', 'auto'); ga('send', 'pageview');` : `  ga('create', '${id}', 'auto', 't${n}'); ga('t${n}.send', 'pageview');`)).join('\n')}
</script>`,
  tagManager: (id: string) =>
    `<script>window.dataLayer = window.dataLayer || []; dataLayer.push({ 'gtm.start': +new Date(), event: 'gtm.js' });</script>
<script async src="https://${TAG_MANAGER}/gtm.js?id=${id}"></script>
<noscript><iframe src="https://${TAG_MANAGER}/ns.html?id=${id}" height="0" width="0"></iframe></noscript>`,
  facebookPixel: (id: string) =>
    `<script>window.fbq = window.fbq || function () { (fbq.queue = fbq.queue || []).push(arguments); };
fbq('init', '${id}'); fbq('track', 'PageView');</script>
<script async src="https://${PIXEL_SCRIPTS}/en_US/fbevents.js"></script>
<noscript><img height="1" width="1" alt="" src="https://${PIXELS}/tr?id=${id}&amp;ev=PageView&amp;noscript=1"></noscript>`,
  hotjar: (id: number) =>
    `<script>window.hj = window.hj || function () { (hj.q = hj.q || []).push(arguments); }; window._hjSettings = { hjid: ${id}, hjsv: 6 };</script>
<script async src="https://${HEAT_MAPS}/c/hotjar-${id}.js?sv=6"></script>`,
  metrica: (id: number) =>
    `<script>window.yandex_metrika_callbacks = [function () { window.yaCounter${id} = new Ya.Metrika({ id: ${id}, clickmap: true, trackLinks: true }); }];</script>
<script async src="https://${METRICA}/metrika/watch.js"></script>
<noscript><img src="https://${METRICA}/watch/${id}" style="position:absolute; left:-9999px" alt=""></noscript>`,
} as const;

const PIXEL = content.png(paintPng(1, 1, () => [255, 255, 255]));
const MIRROR = http2Server(
  { Server: 'mirror' },
  { 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'public, max-age=31536000, s-maxage=31536000' },
);
const BEACONS = http2Server({ Server: 'Golfe2' }, { 'Cache-Control': 'no-cache, no-store, must-revalidate' });
const PLAIN = http2Server({ Server: 'nginx' });

const standIn = (name: string, code: string) =>
  content.script(`/*! Stand-in for ${name} on a test internet: none of its code. */\n${code}\n`);

const libraryFiles = {
  '/npm/jquery@1.12.4/dist/jquery.min.js': standIn('jquery v1.12.4', miniQuery('1.12.4')),
  '/npm/jquery@3.2.1/dist/jquery.min.js': standIn('jquery v3.2.1', miniQuery('3.2.1')),
  '/npm/bootstrap@3.3.7/dist/js/bootstrap.min.js': standIn(
    'bootstrap v3.3.7',
    'window.bootstrapIsHere = true;',
  ),
  '/npm/bootstrap@3.3.7/dist/css/bootstrap.min.css': content.css(
    '/*! Stand-in for bootstrap v3.3.7 on a test internet: none of its rules. */\n*{box-sizing:border-box}.container{width:1100px;max-width:94%;margin:0 auto}.row{display:flex;flex-wrap:wrap;margin:0 -12px}.row>*{padding:0 12px}\n',
  ),
  '/npm/normalize.css@7.0.0/normalize.min.css': content.css(
    '/*! Stand-in for normalize.css v7.0.0 on a test internet: none of its rules. */\nhtml{line-height:1.2}body{margin:0}img{border-style:none}\n',
  ),
  '/npm/vue@2.5.3/dist/vue.min.js': standIn('Vue.js v2.5.3', "window.Vue = { version: '2.5.3' };"),
  '/npm/react@16.1.1/umd/react.production.min.js': standIn(
    'React v16.1.1',
    "window.React = { version: '16.1.1' };",
  ),
  '/npm/lodash@4.17.4/lodash.min.js': standIn('lodash v4.17.4', "window._ = { VERSION: '4.17.4' };"),
};

/** The two that everybody uses, then those that some use. */
export const popularSites = [serve(CDN, MIRROR, libraryFiles), serve(ANALYTICS, BEACONS, analyticsFiles())];

export const thirdPartySites = [
  serve(TAG_MANAGER, BEACONS, {
    '/gtm.js': standIn('a tag container', "window.dataLayer && dataLayer.push({ event: 'gtm.load' });"),
    '/ns.html': content.html('<!doctype html><title>ns</title>'),
  }),
  serve(PIXEL_SCRIPTS, PLAIN, {
    '/en_US/fbevents.js': standIn(
      'a pixel script',
      `(fbq.queue || []).forEach(function (call) { if (call[0] === 'init') new Image().src = 'https://${PIXELS}/tr?id=' + call[1] + '&ev=PageView'; });`,
    ),
  }),
  serve(PIXELS, PLAIN, { '/tr': PIXEL }),
  serve(HEAT_MAPS, PLAIN, {
    '*': standIn('a heat map', "document.cookie = '_hjIncludedInSample=1; path=/';"),
  }),
  serve(METRICA, PLAIN, {
    '/metrika/watch.js': standIn(
      'a counter',
      `window.Ya = { Metrika: function (options) { new Image().src = 'https://${METRICA}/watch/' + options.id; } };
document.cookie = '_ym_isad=2; path=/';
(window.yandex_metrika_callbacks || []).forEach(function (callback) { callback(); });`,
    ),
    '*': PIXEL,
  }),
  serve(TELEGRAM, PLAIN, { '*': content.json({ ok: true, result: { message_id: 1 } }) }),
];

function analyticsFiles() {
  return {
    '/analytics.js': standIn(
      'analytics.js',
      `(function () {
  var ids = {}, client = '1234567890.1510000000';
  document.cookie = '_ga=GA1.2.' + client + '; path=/; max-age=63072000';
  document.cookie = '_gid=GA1.2.987654321.1510000000; path=/; max-age=86400';
  function run(call) {
    var at = call[0].lastIndexOf('.'), name = at < 0 ? '' : call[0].slice(0, at);
    if (call[0] === 'create') ids[typeof call[3] === 'string' ? call[3] : ''] = call[1];
    if (call[0].slice(at + 1) === 'send') new Image().src = 'https://${ANALYTICS}/collect?v=1&t=pageview&cid=' + client + '&tid=' + ids[name] + '&dp=' + encodeURIComponent(location.pathname);
  }
  var waiting = (window.ga && window.ga.q) || [];
  window.ga = function () { run(arguments); };
  for (var n = 0; n < waiting.length; n++) run(waiting[n]);
})();`,
    ),
    '/collect': PIXEL,
  };
}

/** As much of `$` as the story's pages call. */
function miniQuery(version: string): string {
  return `(function (window, document) {
  function Found(nodes) { for (var n = 0; n < nodes.length; n++) this[n] = nodes[n]; this.length = nodes.length; }
  function $(what) {
    if (typeof what === 'function') { document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', what) : what(); return; }
    return new Found(typeof what === 'string' ? document.querySelectorAll(what) : [what]);
  }
  $.fn = Found.prototype = {
    jquery: '${version}',
    each: function (act) { for (var n = 0; n < this.length; n++) act.call(this[n], n, this[n]); return this; },
    on: function (event, act) { return this.each(function () { this.addEventListener(event, act); }); },
    addClass: function (name) { return this.each(function () { this.classList.add(name); }); },
    toggleClass: function (name) { return this.each(function () { this.classList.toggle(name); }); },
    text: function (text) { return this.each(function () { this.textContent = text; }); }
  };
  $.ready = $;
  window.jQuery = window.$ = $;
})(window, document);`;
}
