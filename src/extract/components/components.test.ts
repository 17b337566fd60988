import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CaptureFixture } from '../capture-fixture.ts';
import { openContext } from '../context.ts';
import { samplePattern } from '../marks/pattern-fixture.ts';
import { findMarks } from '../marks/text-marks.ts';
import {
  CATEGORIES,
  COMPONENT_RULES,
  components,
  componentsOfCookie,
  componentsOfHeader,
  componentsOfMarks,
  componentsOfMeta,
  componentsOfUrl,
  type ComponentFinding,
} from './index.ts';

type Show =
  | { header: [string, string] }
  | { cookie: string }
  | { meta: [string, string] }
  | { url: string }
  | { html: string }
  | { code: string };

function findingsOf(show: Show): readonly ComponentFinding[] {
  if ('header' in show) return componentsOfHeader(...show.header);
  if ('cookie' in show) return componentsOfCookie(show.cookie);
  if ('meta' in show) return componentsOfMeta(...show.meta);
  if ('html' in show) return componentsOfMarks(findMarks(show.html, 'page'));
  if ('code' in show) return componentsOfMarks(findMarks(show.code, 'script'));
  const { ofPage, ofServer } = componentsOfUrl(show.url);
  return [...ofPage, ...ofServer];
}

/** Product, with version where it has one. */
const shown = (show: Show): string[] =>
  [
    ...new Set(
      findingsOf(show)
        .toSorted((a, b) => (b.version ?? '').length - (a.version ?? '').length)
        .filter(
          ({ rule, version }, _, all) =>
            version !== undefined || !all.some((other) => other.rule === rule && other.version !== undefined),
        )
        .map(({ rule, version }) => (version === undefined ? rule.name : `${rule.name} ${version}`)),
    ),
  ].sort();

describe('component rules', () => {
  it('name each product once, in known categories, and imply known products', () => {
    const names = COMPONENT_RULES.map(({ name }) => name);
    assert.ok(names.length >= 260);
    assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length);
    for (const { name, category, implies = [] } of COMPONENT_RULES) {
      assert.ok(CATEGORIES.includes(category), name);
      for (const implied of implies) assert.ok(names.includes(implied), `${name} implies ${implied}`);
    }
  });

  it('find each product by every mark that its rule names', () => {
    const isShown = (name: string, show: Show): void => {
      assert.ok(
        findingsOf(show).some(({ rule }) => rule.name === name),
        `${name} is not shown by ${JSON.stringify(show)}`,
      );
    };
    for (const {
      name,
      headers = {},
      meta = {},
      cookies = [],
      urls = [],
      paths = [],
      html = [],
      code = [],
    } of COMPONENT_RULES) {
      for (const [header, pattern] of Object.entries(headers))
        isShown(name, { header: [header, samplePattern(pattern)] });
      for (const [field, pattern] of Object.entries(meta))
        isShown(name, { meta: [field, samplePattern(pattern)] });
      for (const pattern of cookies) isShown(name, { cookie: samplePattern(pattern) });
      for (const pattern of urls) isShown(name, { url: `https:${samplePattern(pattern)}` });
      for (const pattern of paths) isShown(name, { url: `https://host.example/${samplePattern(pattern)}` });
      for (const pattern of html) isShown(name, { html: samplePattern(pattern) });
      for (const pattern of code) isShown(name, { code: samplePattern(pattern) });
    }
  });
});

/** As the real world sends them: what is shown, and the products expected, no more and no fewer. */
const CASES: readonly (readonly [Show, readonly string[]])[] = [
  [{ header: ['Server', 'nginx/1.18.0 (Ubuntu)'] }, ['Ubuntu', 'nginx 1.18.0']],
  [{ header: ['server', 'nginx'] }, ['nginx']],
  [
    { header: ['Server', 'Apache/2.4.6 (CentOS) OpenSSL/1.0.2k-fips PHP/5.4.16'] },
    ['Apache 2.4.6', 'CentOS', 'OpenSSL 1.0.2', 'PHP 5.4.16'],
  ],
  [
    {
      header: [
        'Server',
        'Apache/1.3.42 (Unix) mod_ssl/2.8.31 mod_bwlimited/1.4 mod_auth_passthrough/1.8 FrontPage/5.0.2',
      ],
    },
    ['Apache 1.3.42', 'Unix', 'mod_auth_passthrough 1.8', 'mod_bwlimited 1.4', 'mod_ssl 2.8.31'],
  ],
  [{ header: ['Server', 'Apache-Coyote/1.1'] }, ['Apache Tomcat']],
  [{ header: ['Server', 'Microsoft-IIS/10.0'] }, ['Microsoft IIS 10.0']],
  [{ header: ['Server', 'cloudflare'] }, ['Cloudflare']],
  [{ header: ['CF-RAY', '7d2e1a3b4c5d6e7f-FRA'] }, ['Cloudflare']],
  [{ header: ['Server', 'LiteSpeed'] }, ['LiteSpeed']],
  [{ header: ['Server', 'openresty/1.21.4.1'] }, ['OpenResty 1.21.4.1']],
  [{ header: ['Server', 'AmazonS3'] }, ['Amazon S3']],
  [{ header: ['Server', 'ECS (dcb/7F84)'] }, ['Edgecast']],
  [{ header: ['Server', 'gunicorn/20.0.4'] }, ['Gunicorn 20.0.4']],
  [{ header: ['Server', 'Werkzeug/2.0.1 Python/3.9.5'] }, ['Python 3.9.5', 'Werkzeug 2.0.1']],
  [{ header: ['Server', 'my-nginx-like'] }, []],
  [{ header: ['Server', 'Apaches'] }, ['Apache']],
  [{ header: ['X-Powered-By', 'PHP/7.4.33'] }, ['PHP 7.4.33']],
  [{ header: ['X-Powered-By', 'ASP.NET'] }, ['ASP.NET']],
  [{ header: ['X-AspNet-Version', '4.0.30319'] }, ['ASP.NET 4.0.30319']],
  [{ header: ['X-Powered-By', 'Express'] }, ['Express']],
  [{ header: ['X-Powered-By', 'Next.js'] }, ['Next.js']],
  [{ header: ['X-Powered-By', 'PleskLin'] }, ['Plesk']],
  [{ header: ['X-Powered-By', 'Expressly made'] }, ['Express']],
  [{ header: ['Via', '1.1 varnish (Varnish/6.2), 1.1 google'] }, ['Varnish 6.2']],
  [
    { header: ['Via', '1.1 2afae0d44e2540f472c0635ab62c232b.cloudfront.net (CloudFront)'] },
    ['Amazon CloudFront'],
  ],
  [{ header: ['X-Served-By', 'cache-fra19171-FRA'] }, ['Fastly']],
  [{ header: ['X-Generator', 'Drupal 9 (https://www.drupal.org)'] }, ['Drupal 9']],
  [{ header: ['Link', '<https://a.example/wp-json/>; rel="https://api.w.org/"'] }, ['WordPress']],
  [{ header: ['X-Server', 'gophish'] }, ['GoPhish']],
  [{ header: ['Server', 'HFS 2.3m'] }, ['HFS 2.3']],
  [{ header: ['X-Frame-Options', 'DENY'] }, []],
  [{ cookie: 'PHPSESSID' }, ['PHP']],
  [{ cookie: 'JSESSIONID' }, ['Java']],
  [{ cookie: 'ASP.NET_SessionId' }, ['ASP.NET']],
  [{ cookie: 'ASPSESSIONIDQQCTTQDB' }, ['Classic ASP']],
  [{ cookie: 'laravel_session' }, ['Laravel']],
  [{ cookie: '__cf_bm' }, ['Cloudflare']],
  [{ cookie: 'visid_incap_123456' }, ['Imperva']],
  [{ cookie: 'BIGipServer~pool' }, ['F5 BIG-IP']],
  [{ cookie: '_ga_2ZJX3X5Z5N' }, ['Google Analytics']],
  [{ cookie: 'wordpress_logged_in_abc' }, ['WordPress']],
  [{ cookie: 'session' }, []],
  [{ cookie: '_gaming' }, []],
  [{ meta: ['generator', 'WordPress 6.1.1'] }, ['WordPress 6.1.1']],
  [{ meta: ['generator', 'Joomla! - Open Source Content Management'] }, ['Joomla']],
  [{ meta: ['generator', 'TYPO3 CMS'] }, ['TYPO3']],
  [{ meta: ['generator', 'Hugo 0.59.1'] }, ['Hugo 0.59.1']],
  [{ meta: ['generator', 'MediaWiki 1.35.0-wmf.5'] }, ['MediaWiki 1.35.0']],
  [
    { meta: ['generator', 'Powered by Slider Revolution 6.5.11 - responsive, Mobile-Friendly'] },
    ['Slider Revolution 6.5.11'],
  ],
  [{ meta: ['generator', 'I love WordPress'] }, []],
  [{ meta: ['description', 'WordPress 6.1.1'] }, []],
  [{ url: 'https://cdnjs.cloudflare.com/ajax/libs/jquery/3.4.1/jquery.min.js' }, ['cdnjs', 'jQuery 3.4.1']],
  [{ url: 'https://code.jquery.com/jquery-3.6.0.slim.min.js' }, ['jQuery 3.6.0', 'jQuery CDN']],
  [
    { url: 'https://cdn.jsdelivr.net/npm/bootstrap@5.1.3/dist/css/bootstrap.min.css' },
    ['Bootstrap 5.1.3', 'jsDelivr'],
  ],
  [{ url: 'https://unpkg.com/vue@3.2.47/dist/vue.global.prod.js' }, ['UNPKG', 'Vue.js 3.2.47']],
  [{ url: 'https://a.example/wp-includes/js/jquery/jquery.min.js?ver=3.6.1' }, ['WordPress', 'jQuery 3.6.1']],
  [
    { url: 'https://a.example/wp-includes/js/jquery/jquery-migrate.min.js?ver=3.3.2' },
    ['WordPress', 'jQuery Migrate 3.3.2'],
  ],
  [
    { url: 'https://a.example/wp-content/plugins/woocommerce/assets/js/cart.js' },
    ['WooCommerce', 'WordPress'],
  ],
  [{ url: 'https://a.example/js/myjquery.js' }, []],
  [{ url: 'https://a.example/js/jquery.myplugin.js' }, []],
  [{ url: 'https://a.example/js/jquery-ui-1.12.1.min.js' }, ['jQuery UI 1.12.1']],
  [{ url: 'https://a.example/jquery/' }, []],
  [{ url: 'https://connect.facebook.net/en_US/fbevents.js' }, ['Meta Pixel']],
  [{ url: 'https://www.googletagmanager.com/gtm.js?id=GTM-5BL6P3X' }, ['Google Tag Manager']],
  [{ url: 'https://www.google.com/recaptcha/api.js' }, ['reCAPTCHA']],
  [{ url: 'https://js.stripe.com/v3/' }, ['Stripe 3']],
  [{ url: 'https://fonts.googleapis.com/css?family=Open+Sans' }, ['Google Fonts']],
  [
    { url: 'https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawx/sendMessage' },
    ['Telegram Bot API'],
  ],
  [{ url: 'https://bucket.s3.eu-west-1.amazonaws.com/x.js' }, ['Amazon S3']],
  [{ url: 'https://a.example/login.php?next=/' }, ['PHP']],
  [{ url: 'https://a.example/login.phpx' }, []],
  [{ url: 'https://evil.example/?u=https://js.stripe.com.evil.example/' }, []],
  [{ url: 'https://d123abc456def7.cloudfront.net/app.js' }, ['Amazon CloudFront']],
  [{ html: '<script id="__NEXT_DATA__" type="application/json">' }, ['Next.js']],
  [
    {
      html: '<!-- This site is optimized with the Yoast SEO plugin v19.5.1 - https://yoast.com/wordpress/plugins/seo/ -->',
    },
    ['Yoast SEO 19.5.1'],
  ],
  [{ html: '<app-root _nghost-abc ng-version="8.2.14">' }, ['Angular 8.2.14']],
  [{ html: '<title>localhost / localhost | phpMyAdmin 4.9.5deb2</title>' }, ['phpMyAdmin 4.9.5']],
  [{ html: '<title>phpMyAdmin 4.9.5</title>' }, ['phpMyAdmin 4.9.5']],
  [{ html: "<input type='hidden' name='csrfmiddlewaretoken' value='x'>" }, ['Django']],
  [{ html: '<input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="" />' }, ['ASP.NET']],
  [{ html: '<p>We moved from jQuery 3.4.1 to React 17 and WordPress 5.</p>' }, []],
  [
    { code: '/*! jQuery v3.4.1 | (c) JS Foundation and other contributors | jquery.org/license */' },
    ['jQuery 3.4.1'],
  ],
  [{ code: '/*!\n * Bootstrap v4.3.1 (https://getbootstrap.com/)\n */' }, ['Bootstrap 4.3.1']],
  [{ code: '/** @license React v16.13.1\n * react.production.min.js\n' }, ['React 16.13.1']],
  [{ code: '//! moment.js\n//! version : 2.24.0' }, ['Moment.js 2.24.0']],
  [{ code: 'console.log("jQuery is not loaded")' }, []],
];

describe('components as they show themselves', () => {
  for (const [show, expected] of CASES) {
    it(`${JSON.stringify(show).slice(0, 90)} → ${expected.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(shown(show), [...expected].sort());
    });
  }
});

describe('components of a capture', () => {
  function capture(): ReturnType<CaptureFixture['reader']> {
    const fixture = new CaptureFixture('https://shop.example/');
    const page = fixture.exchange({
      url: 'https://shop.example/',
      headers: { server: 'nginx/1.18.0', 'set-cookie': ['PHPSESSID=1; path=/'] },
      body: '<html><head>\n<meta name="generator" content="WordPress 6.1.1"><script src="https://other.example/wp-content/jquery-3.4.1.min.js"></script></head></html>',
    });
    fixture.document({ url: 'https://shop.example/', exchange: page });
    fixture.exchange({
      url: 'https://other.example/wp-content/jquery-3.4.1.min.js',
      resourceType: 'Script',
      documentUrl: 'https://shop.example/',
      headers: { server: 'Apache', 'content-type': 'text/javascript' },
      body: '/*! jQuery v3.4.1 | (c) */',
    });
    return fixture.reader();
  }
  const found = components(openContext(capture()));
  const of = (source: string): string[] =>
    found
      .filter((observation) => observation.source === source)
      .map(({ label, target, detail }) =>
        [label, target, ...(detail['version'] === undefined ? [] : [detail['version']])].join(' '),
      )
      .sort();

  it('belong to the host that sends them, or to the page that loads them', () => {
    assert.deepEqual(of('shop.example'), [
      'CMS WordPress 6.1.1',
      'JavaScript Library jQuery 3.4.1',
      'Language PHP',
      'Server MySQL',
      'Server nginx 1.18.0',
    ]);
    assert.deepEqual(of('other.example'), ['CMS WordPress', 'Language PHP', 'Server Apache', 'Server MySQL']);
  });

  it('open their evidence', () => {
    const evidenceOf = (source: string, target: string) =>
      found.find((each) => each.source === source && each.target === target)?.evidence;
    assert.deepEqual(evidenceOf('shop.example', 'nginx'), { exchange: 0, header: 'server' });
    assert.deepEqual(evidenceOf('shop.example', 'WordPress'), {
      exchange: 0,
      line: 2,
      column: 1,
      length: 49,
      element: 'meta',
      attribute: 'content',
    });
    assert.deepEqual(evidenceOf('shop.example', 'jQuery'), { exchange: 1, isRequest: true });
  });
});
