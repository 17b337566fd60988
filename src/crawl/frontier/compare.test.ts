import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, fixtureCapture, GERMAN, PHONE, type FixtureCapture } from './capture-fixture.ts';
import { comparePersonas, type Aspect } from './compare.ts';

const SENTENCES = [
  'Our wallet keeps your coins on your own computer and never asks for a password',
  'Read how the network works and who maintains the software behind it',
  'The latest release fixes a problem with addresses that begin with a digit',
  'Developers meet every second Thursday in the usual channel to talk about plans',
  'Miners find the settings for their hardware in the guide for beginners',
  'Send questions to the forum where many helpful people answer within hours',
  'Donations keep the servers running and are published at the end of each month',
];
const ARTICLE = SENTENCES.map((sentence) => `<p>${sentence}.</p>`).join('<hr>');
const page = (title: string, body: string) =>
  `<!doctype html><html><head><title>${title}</title></head><body><nav><a href=/>Home</a><a href=/faq>Questions</a></nav><main><h1>${title}</h1>${body}</main><footer>All rights reserved</footer></body></html>`;
const HOME = page('Wallet', ARTICLE);
const KITTENS = page(
  'Kittens',
  '<table><tr><td>Little cats play with a ball of wool all day long</td></tr><tr><td>They sleep on warm windowsills and dream of mice while rain falls outside</td></tr><tr><td>Feed them twice daily and brush their fur on Sundays or whenever visitors arrive unannounced</td></tr><tr><td>Adoption papers lie ready at our front desk until five in winter and seven during summer months</td></tr></table>',
);
const LOGIN = page(
  'Sign in',
  '<form method=post action="/login"><input name=user><input type=password name=pass></form>',
);
const PARKED = page('Wallet', '<p>Coming soon.</p>');

function compare(...given: FixtureCapture[]) {
  return comparePersonas(given.map(fixtureCapture));
}

/** What two personas were shown, and the material aspects. */
const CLOAKED: readonly (readonly [
  what: string,
  a: FixtureCapture,
  b: FixtureCapture,
  aspects: readonly Aspect[],
])[] = [
  ['other content by device', { html: HOME, persona: DESKTOP }, { html: KITTENS, persona: PHONE }, ['text']],
  [
    'other content by language, other template',
    { html: HOME, persona: DESKTOP },
    { html: KITTENS, persona: GERMAN },
    ['text'],
  ],
  [
    'other content by referrer',
    { html: HOME, persona: { referrer: 'https://search.example/' } },
    { html: KITTENS, persona: { id: 'direct' } },
    ['text'],
  ],
  [
    'content for one, next to nothing for the other',
    { html: HOME, persona: DESKTOP },
    { html: PARKED.replace('Wallet', 'x'), persona: PHONE },
    ['text'],
  ],
  [
    'two small pages of other content',
    { html: '<title>Garden</title><p>Water your plants before noon.', persona: DESKTOP },
    { html: '<title>Install</title><b>Get the app now', persona: PHONE },
    ['text'],
  ],
  [
    'a small page with a form for one language',
    { html: '<title>Garden</title><p>Water your plants before noon.', persona: DESKTOP },
    {
      html: '<title>Paket</title><p>Hier die Sendung bezahlen.<form><input name=iban></form>',
      persona: GERMAN,
    },
    ['text'],
  ],
  [
    'a page for one, an error for the other',
    { html: HOME, persona: DESKTOP },
    {
      html: '<h1>Not Found</h1>',
      status: 404,
      outcome: { kind: 'httpError', reason: '404' },
      persona: PHONE,
    },
    ['outcome'],
  ],
  [
    'another site',
    { html: HOME, persona: DESKTOP },
    { html: KITTENS, way: ['http://site.example/', 'http://elsewhere.test/'], persona: PHONE },
    ['destination', 'text'],
  ],
  [
    'a login for one only',
    { html: LOGIN, persona: PHONE },
    { html: PARKED, persona: DESKTOP },
    ['credentials'],
  ],
  [
    'the same page with another receiver',
    { html: HOME + LOGIN, persona: DESKTOP },
    { html: HOME + LOGIN.replace('/login', 'http://thief.test/take'), persona: PHONE },
    ['credentials'],
  ],
  [
    'a file for one only',
    { html: HOME, downloads: ['MZ'], persona: DESKTOP },
    { html: HOME, persona: PHONE },
    ['downloads'],
  ],
  [
    'a redirect without end for one',
    { html: HOME, persona: DESKTOP },
    { outcome: { kind: 'redirectLoop' }, persona: PHONE },
    ['outcome'],
  ],
];
for (const [what, a, b, aspects] of CLOAKED) {
  test(`cloaked: ${what}`, () => {
    for (const report of [compare(a, b), compare(b, a)]) {
      assert.equal(report.isCloaked, true);
      assert.deepEqual(
        report.differences.filter(({ isMaterial }) => isMaterial).map(({ aspect }) => aspect),
        aspects,
      );
      assert.equal(report.reasons.length, aspects.length);
    }
  });
}

const mobile = HOME.replace('<nav>', '<nav><button>Menu</button>')
  .replaceAll('<hr>', '<br>')
  .replace(SENTENCES[3]!, 'More');
const GERMAN_SENTENCES = [
  'Unsere Geldbörse bewahrt deine Münzen auf dem eigenen Rechner und fragt nie nach einem Kennwort',
  'Lies wie das Netz arbeitet und wer die Programme dahinter pflegt',
  'Die neueste Ausgabe behebt einen Fehler bei Adressen die mit einer Ziffer anfangen',
  'Entwickler treffen sich jeden zweiten Donnerstag im üblichen Kanal und besprechen ihre Pläne',
  'Schürfer finden die Einstellungen für ihre Geräte im Leitfaden für Anfänger',
  'Schicke Fragen an das Forum in dem viele hilfsbereite Leute binnen Stunden antworten',
  'Spenden halten die Server am Laufen und werden am Ende jedes Monats veröffentlicht',
];
const TRANSLATION = page('Geldbörse', GERMAN_SENTENCES.map((sentence) => `<p>${sentence}.</p>`).join('<hr>'));

/** What two personas were shown that means no harm, and the aspects that are noted all the same. */
const BENIGN: readonly (readonly [
  what: string,
  a: FixtureCapture,
  b: FixtureCapture,
  noted: readonly Aspect[],
])[] = [
  ['the same page', { html: HOME, persona: DESKTOP }, { html: HOME, persona: PHONE }, []],
  [
    'times, counters, nonces and rotating ids',
    {
      html: page(
        'Wallet (3)',
        `${ARTICLE}<p>12:03:55, visitor 10233, session 8f7a6b5c4d3e2f1a0b9c</p><script nonce=a1>1</script>`,
      ),
    },
    {
      html: page(
        'Wallet (17)',
        `${ARTICLE}<p>12:04:09, visitor 10251, session 00aa11bb22cc33dd44ee</p><script nonce=b2>2</script>`,
      ),
      persona: PHONE,
    },
    [],
  ],
  [
    'a host for phones, a shorter page, other images',
    {
      html: HOME,
      way: ['http://site.example/'],
      requests: [{ url: 'http://site.example/large.jpg', resourceType: 'Image' }],
      persona: DESKTOP,
    },
    {
      html: mobile,
      way: ['http://site.example/', 'http://m.site.example/'],
      requests: [{ url: 'http://m.site.example/small.jpg', resourceType: 'Image' }],
      persona: PHONE,
    },
    ['way'],
  ],
  [
    'a translation in the same template',
    { html: HOME, persona: DESKTOP },
    { html: TRANSLATION, persona: GERMAN },
    ['text', 'title'],
  ],
  [
    'the site of another country',
    { html: HOME, way: ['http://wallet.com/'], url: 'http://wallet.com/', persona: DESKTOP },
    {
      html: TRANSLATION,
      way: ['http://wallet.com/', 'http://wallet.de/'],
      url: 'http://wallet.com/',
      persona: GERMAN,
    },
    ['destination', 'text', 'way', 'title', 'sites'],
  ],
  [
    'rotating advertisements',
    { html: HOME, requests: [{ url: 'http://ads-one.test/a.js', resourceType: 'Script' }] },
    {
      html: HOME.replace('</main>', '<aside>Buy one get one free today only</aside></main>'),
      requests: [{ url: 'http://ads-two.test/b.js', resourceType: 'Script' }],
      persona: PHONE,
    },
    ['scripts', 'sites'],
  ],
  [
    'the login left to another page on phones',
    { html: HOME.replace('</main>', '<form action=/login><input type=password></form></main>') },
    { html: HOME, persona: PHONE },
    ['credentials', 'forms'],
  ],
  [
    'a build for each system',
    { html: HOME, downloads: ['windows'] },
    { html: HOME, downloads: ['mac'], persona: { id: 'mac', platform: 'MacIntel' } },
    ['downloads'],
  ],
  [
    'one small page in two languages',
    { html: '<title>Closed</title><h1>We are closed</h1><p>Come back tomorrow' },
    { html: '<title>Zu</title><h1>Geschlossen</h1><p>Bitte morgen wiederkommen', persona: GERMAN },
    ['text', 'title'],
  ],
  [
    'a saying of the day',
    { html: '<title>Saying</title><p>Haste makes waste' },
    { html: '<title>Saying</title><p>Time heals all wounds', persona: PHONE },
    ['text'],
  ],
  [
    'two ways of refusing',
    { status: 403, outcome: { kind: 'httpError' } },
    { status: 404, outcome: { kind: 'httpError' }, persona: PHONE },
    ['outcome'],
  ],
];
for (const [what, a, b, noted] of BENIGN) {
  test(`not cloaked: ${what}`, () => {
    for (const report of [compare(a, b), compare(b, a)]) {
      assert.deepEqual(report.reasons, []);
      assert.equal(report.isCloaked, false);
      assert.deepEqual(
        report.differences.map(({ aspect }) => aspect),
        noted,
      );
    }
  });
}

test('personas whose visit says nothing are left out, and it is said why', () => {
  const report = compare(
    { html: HOME, persona: DESKTOP },
    { outcome: { kind: 'timeout', reason: 'time is up' }, persona: PHONE },
    {
      html: '<title>Just a moment...</title>',
      status: 403,
      outcome: { kind: 'blocked', reason: 'Cloudflare' },
      persona: GERMAN,
    },
    { status: 503, outcome: { kind: 'httpError', reason: '503' }, persona: { id: 'fourth' } },
  );
  assert.equal(report.isCloaked, false);
  assert.deepEqual(report.differences, []);
  assert.deepEqual(report.inconclusive, [
    { persona: 'phone', why: 'timeout: time is up' },
    { persona: 'german', why: 'blocked: Cloudflare' },
    { persona: 'fourth', why: 'status 503' },
  ]);
});

test('among several personas, the groups and the trait that separates them are named', () => {
  const { differences } = compare(
    { html: HOME, persona: DESKTOP },
    { html: HOME, persona: { ...DESKTOP, id: 'mac', platform: 'MacIntel' } },
    { html: KITTENS, persona: PHONE },
    { html: KITTENS, persona: { ...PHONE, id: 'android', platform: 'Linux armv81' } },
  );
  const text = differences.find(({ aspect }) => aspect === 'text');
  assert.deepEqual(
    text?.groups.map(({ personas }) => personas),
    [
      ['desktop', 'mac'],
      ['phone', 'android'],
    ],
  );
  assert.deepEqual(text?.separatedBy, ['device', 'system']);
  const byLanguage = compare({ html: HOME }, { html: KITTENS, persona: GERMAN });
  assert.deepEqual(byLanguage.differences[0]?.separatedBy, ['language']);
  const byReferrer = compare(
    { html: HOME },
    { html: KITTENS, persona: { id: 'search', referrer: 'https://search.example/' } },
  );
  assert.deepEqual(byReferrer.differences[0]?.separatedBy, ['referrer']);
  assert.match(byReferrer.reasons[0] ?? '', /by referrer/);
});

test('one persona twice gets two names; one capture alone is compared with nothing', () => {
  const report = compare({ html: HOME }, { html: KITTENS });
  assert.deepEqual(report.personas, ['desktop', 'desktop #2']);
  assert.equal(report.isCloaked, true);
  assert.deepEqual(report.differences[0]?.separatedBy, []);
  const alone = compare({ html: HOME });
  assert.deepEqual([alone.isCloaked, alone.differences], [false, []]);
  assert.equal(comparePersonas([]).isCloaked, false);
});
