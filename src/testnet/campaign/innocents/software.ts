import type { Reply } from '../../site.ts';
import { http1Server, http2Server, type Server } from '../server.ts';
import { libraries } from '../third-parties.ts';

/** What a site runs on, as its pages show it. */
export interface Software {
  readonly server: Server;
  /** Lines of `<head>` besides the style sheet. */
  readonly head: readonly string[];
  readonly bodyClass: string;
  readonly stylePath: string;
  readonly scriptPath: string;
  readonly imagePath: (name: string) => string;
  /** Address of the n-th article, product, thread… */
  readonly itemPath: (slug: string, n: number) => string;
  readonly pageFields: NonNullable<Reply['headers']>;
}

const generator = (name: string) => `<meta name="generator" content="${name}">`;

const BASE: Software = {
  server: http2Server({ Server: 'nginx/1.12.2' }),
  head: [libraries.normalize],
  bodyClass: 'site',
  stylePath: '/assets/site.css',
  scriptPath: '/assets/site.js',
  imagePath: (name) => `/assets/${name}`,
  itemPath: (slug) => `/${slug}/`,
  pageFields: {},
};

function wordPress(
  version: string,
  theme: string,
  server: Server,
  plugins: readonly string[] = [],
): Software {
  const themePath = `/wp-content/themes/${theme}`;
  return {
    server,
    head: [
      generator(`WordPress ${version}`),
      ...plugins.map(generator),
      '<link rel="https://api.w.org/" href="/wp-json/">',
      libraries.jquery,
    ],
    bodyClass: 'home blog wp-custom-logo',
    stylePath: `${themePath}/style.css?ver=${version}`,
    scriptPath: `/wp-includes/js/wp-embed.min.js?ver=${version}`,
    imagePath: (name) => `/wp-content/uploads/2017/11/${name}`,
    itemPath: (slug) => `/2017/11/${slug}/`,
    pageFields: { Link: '</wp-json/>; rel="https://api.w.org/"' },
  };
}

const nginxPhp = http2Server({ Server: 'nginx' }, { 'X-Powered-By': 'PHP/7.1.11' });
const apachePhp = http1Server({ Server: 'Apache/2.4.18 (Ubuntu)' }, { 'X-Powered-By': 'PHP/7.0.25' });
const hostingApache = http1Server(
  { Server: 'Apache', 'X-Powered-By': 'PHP/5.6.32' },
  { Upgrade: 'h2,h2c', Connection: 'Upgrade' },
);

/** Everything that the innocent hosts run on. Versions are those of autumn 2017. */
export const software = {
  static: BASE,
  jekyll: {
    ...BASE,
    server: http2Server({ Server: 'GitHub.com' }, { 'X-GitHub-Request-Id': 'C2A4:5D1F:8B30E1' }),
    head: [generator('Jekyll v3.6.2')],
    itemPath: (slug) => `/2017/11/09/${slug}.html`,
  },
  hugo: {
    ...BASE,
    server: http2Server({ Server: 'Netlify' }, { 'X-NF-Request-ID': 'e0c3a9b1-5b7d' }),
    head: [generator('Hugo 0.30.2')],
    itemPath: (slug) => `/post/${slug}/`,
  },
  wordPress: wordPress('4.8.3', 'twentyseventeen', nginxPhp),
  wordPressNews: wordPress('4.9', 'newspaper-grid', nginxPhp, ['Powered by Visual Composer']),
  wordPressHosted: wordPress('4.7.5', 'simple-life', hostingApache),
  wooCommerce: {
    ...wordPress('4.8.3', 'storefront', apachePhp, ['WooCommerce 3.2.3']),
    itemPath: (slug) => `/product/${slug}/`,
    bodyClass: 'home woocommerce',
    pageFields: { 'Set-Cookie': 'woocommerce_items_in_cart=0; path=/' },
  },
  shopify: {
    ...BASE,
    head: [
      "<script>window.Shopify = { theme: { name: 'debut' }, currency: 'EUR' };</script>",
      libraries.jquery3,
    ],
    itemPath: (slug) => `/products/${slug}`,
    pageFields: {
      'X-ShopId': '21840077',
      'Set-Cookie': ['_shopify_y=b7d3c1e0-8a5f; path=/', 'cart_sig=5f1d2c; path=/; HttpOnly'],
    },
  },
  magento: {
    ...BASE,
    server: apachePhp,
    head: [
      '<script type="text/x-magento-init">{"*": {"mage/cookies": {"expires": null}}}</script>',
      libraries.jquery,
    ],
    stylePath: '/static/version1510214400/frontend/luma/css/styles.css',
    scriptPath: '/static/version1510214400/frontend/luma/mage/bootstrap.js',
    itemPath: (slug) => `/${slug}.html`,
    pageFields: {
      'Set-Cookie': ['frontend=2m9qk1d7c5b3; path=/; HttpOnly', 'X-Magento-Vary=9bf9a599; path=/'],
    },
  },
  prestaShop: {
    ...BASE,
    server: hostingApache,
    head: [generator('PrestaShop'), libraries.jquery],
    itemPath: (slug, n) => `/${20 + n}-${slug}.html`,
    pageFields: {
      'Powered-By': 'PrestaShop',
      'Set-Cookie': 'PrestaShop-8f14e45fceea=def50200a1; path=/; HttpOnly',
    },
  },
  phpBB: {
    ...BASE,
    server: apachePhp,
    bodyClass: 'nojs notouch section-index ltr',
    stylePath: '/styles/prosilver/theme/stylesheet.css?assets_version=12',
    scriptPath: '/styles/prosilver/template/forum_fn.js?assets_version=12',
    itemPath: (_slug, n) => `/viewtopic.php?f=2&t=${100 + n}`,
    pageFields: {
      'Set-Cookie': ['phpbb3_k7x2_u=1; path=/; HttpOnly', 'phpbb3_k7x2_sid=51d0c7e4; path=/; HttpOnly'],
    },
  },
  discourse: {
    ...BASE,
    head: [generator('Discourse 1.9.0.beta12 - https://github.com/discourse/discourse version 4c3d')],
    bodyClass: 'docked',
    itemPath: (slug, n) => `/t/${slug}/${300 + n}`,
    pageFields: {
      'X-Discourse-Route': 'list/latest',
      'Set-Cookie': '_forum_session=eyJfcnYi; path=/; HttpOnly',
    },
  },
  xenForo: {
    ...BASE,
    server: nginxPhp,
    head: [libraries.jquery],
    bodyClass: 'template-forum_list',
    itemPath: (slug, n) => `/threads/${slug}.${40 + n}/`,
    pageFields: { 'Set-Cookie': 'xf_session=0c9d1b7e2a; path=/; HttpOnly' },
  },
  mediaWiki: {
    ...BASE,
    server: apachePhp,
    head: [generator('MediaWiki 1.29.1'), libraries.jquery],
    bodyClass: 'mediawiki ltr sitedir-ltr skin-vector',
    stylePath: '/load.php?modules=site.styles&only=styles',
    scriptPath: '/resources/startup.js',
    itemPath: (slug) => `/wiki/${slug}`,
    pageFields: { 'Content-Language': 'en' },
  },
  dokuWiki: {
    ...BASE,
    server: apachePhp,
    head: [generator('DokuWiki'), libraries.jquery3],
    itemPath: (slug) => `/doku.php?id=${slug}`,
    pageFields: { 'Set-Cookie': 'DokuWiki=4d1mtn7s0q; path=/; HttpOnly' },
  },
  ghost: {
    ...BASE,
    head: [generator('Ghost 1.17')],
    itemPath: (slug) => `/${slug}/`,
    pageFields: { 'X-Powered-By': 'Express' },
  },
  sphinx: {
    ...BASE,
    head: [
      '<script>var DOCUMENTATION_OPTIONS = { URL_ROOT: "./", VERSION: "1.4.2" };</script>',
      libraries.jquery,
    ],
    stylePath: '/_static/css/theme.css',
    scriptPath: '/_static/doctools.js',
    itemPath: (slug) => `/${slug}.html`,
  },
  mkDocs: {
    ...BASE,
    head: [generator('mkdocs-0.16.3, mkdocs-material-1.12.2')],
    itemPath: (slug) => `/${slug}/`,
  },
  joomla: {
    ...BASE,
    server: hostingApache,
    head: [generator('Joomla! - Open Source Content Management'), libraries.jquery],
    stylePath: '/templates/protostar/css/template.css',
    scriptPath: '/media/jui/js/site.js',
    itemPath: (slug, n) => `/index.php/${n + 1}-${slug}`,
    pageFields: { 'Set-Cookie': '8d2f5e1c7b9a4e60=k2v8q1n5; path=/; HttpOnly' },
  },
  drupal: {
    ...BASE,
    server: apachePhp,
    head: [generator('Drupal 8 (https://www.drupal.org)')],
    stylePath: '/sites/default/files/css/css_a1.css',
    scriptPath: '/core/misc/drupal.js?v=8.4.2',
    itemPath: (_slug, n) => `/node/${n + 1}`,
    pageFields: { 'X-Generator': 'Drupal 8 (https://www.drupal.org)', 'X-Drupal-Cache': 'HIT' },
  },
  django: {
    ...BASE,
    server: http1Server({ Server: 'gunicorn/19.7.1' }, { 'X-Frame-Options': 'SAMEORIGIN' }),
    stylePath: '/static/css/main.9a1c.css',
    scriptPath: '/static/js/main.9a1c.js',
    pageFields: { 'Set-Cookie': 'csrftoken=V7nq2; path=/' },
  },
  rails: {
    ...BASE,
    head: ['<meta name="csrf-param" content="authenticity_token">'],
    stylePath: '/assets/application-5c1e.css',
    scriptPath: '/assets/application-5c1e.js',
    pageFields: { 'X-Runtime': '0.048213', 'Set-Cookie': '_app_session=bGlrZQ; path=/; HttpOnly' },
  },
  aspNet: {
    ...BASE,
    server: http1Server(
      { Server: 'Microsoft-IIS/8.5' },
      { 'X-AspNet-Version': '4.0.30319', 'X-Powered-By': 'ASP.NET' },
    ),
    itemPath: (slug) => `/${slug}.aspx`,
    pageFields: { 'Set-Cookie': 'ASP.NET_SessionId=zq1x4n; path=/; HttpOnly' },
  },
  vue: { ...BASE, head: [libraries.vue], bodyClass: 'app' },
  react: {
    ...BASE,
    head: [libraries.react, libraries.lodash],
    bodyClass: 'app',
    stylePath: '/static/css/main.f3b1.css',
    scriptPath: '/static/js/main.f3b1.js',
  },
  laravel: {
    ...BASE,
    server: nginxPhp,
    stylePath: '/css/app.css?id=7f0c',
    scriptPath: '/js/app.js?id=7f0c',
    pageFields: {
      'Set-Cookie': ['XSRF-TOKEN=eyJpdiI6; path=/', 'laravel_session=eyJpdiI7; path=/; HttpOnly'],
    },
  },
} as const satisfies Record<string, Software>;

export type SoftwareName = keyof typeof software;
