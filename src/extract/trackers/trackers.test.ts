import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CaptureFixture } from '../capture-fixture.ts';
import { openContext } from '../context.ts';
import { openEvidence } from '../evidence.ts';
import { findTrackers, TRACKER_RULES, trackers } from './index.ts';
import { TRACKER_CASES } from './tracker-cases.ts';

const valuesOf = (text: string, type: string, place: 'page' | 'script' | 'url' = 'page'): string[] =>
  findTrackers(text, place)
    .filter((finding) => finding.type === type)
    .map(({ value }) => value);

describe('tracker types', () => {
  for (const { type, text, value, not } of TRACKER_CASES) {
    it(`${type}: ${value}`, () => {
      assert.deepEqual(valuesOf(text, type), [value]);
      assert.deepEqual(valuesOf(not, type), []);
    });
  }

  it('are all covered, and named once', () => {
    const types = new Set(
      TRACKER_RULES.flatMap(({ type, also }) => (also === undefined ? [type] : [type, also.type])),
    );
    const covered = new Set(TRACKER_CASES.map(({ type }) => type));
    assert.deepEqual(
      [...types].filter((type) => !covered.has(type)),
      [],
    );
    const folded = [...types].map((type) => type.toLowerCase());
    assert.equal(new Set(folded).size, folded.length);
    assert.ok(types.size >= 75);
  });

  it('say where they stand', () => {
    const text = '<p>x</p>\n<script>fbq("init", "157204581336210")</script>';
    const [finding] = findTrackers(text, 'page');
    assert.ok(finding !== undefined);
    assert.equal(text.slice(finding.offset, finding.offset + finding.length), '157204581336210');
  });

  it('are found once each, at the first place', () => {
    const text = 'GTM-5BL6P3X GTM-5BL6P3X';
    assert.deepEqual(
      findTrackers(text, 'page').map(({ offset }) => offset),
      [0],
    );
  });

  it('leave accounts and addresses of library authors in scripts alone', () => {
    const script =
      '/* by Jane <jane@libraries.dev>, https://github.com/jane */ fbq("init","157204581336210")';
    assert.deepEqual(
      findTrackers(script, 'script').map(({ type }) => type),
      ['MetaPixelId'],
    );
  });
});

describe('trackers of a capture', () => {
  it('belong to the page that carries or loads them, with line and column', () => {
    const fixture = new CaptureFixture('https://shop.example/');
    const page = fixture.exchange({
      url: 'https://shop.example/',
      body: '<html>\n<script>var a;\n fbq("init", "157204581336210")</script></html>',
    });
    fixture.document({ url: 'https://shop.example/', exchange: page });
    fixture.exchange({
      url: 'https://www.googletagmanager.com/gtm.js?id=GTM-5BL6P3X',
      resourceType: 'Script',
      documentUrl: 'https://shop.example/',
      headers: { 'content-type': 'text/javascript' },
      body: 'var c={vtp_trackingId:"UA-61048133-2"}',
    });
    const found = trackers(openContext(fixture.reader()));
    assert.deepEqual(
      found.map(({ source, label, target }) => `${source} ${label} ${target}`),
      [
        'shop.example MetaPixelId 157204581336210',
        'shop.example GoogleAnalyticsTrackingId UA-61048133-2',
        'shop.example GoogleAnalyticsAccountNumber UA-61048133',
        'shop.example GoogleTagManagerId GTM-5BL6P3X',
      ],
    );
    assert.deepEqual(found[0]!.evidence, {
      exchange: page,
      line: 3,
      column: 15,
      length: 15,
      element: 'script',
    });
    assert.deepEqual(found[3]!.evidence, { exchange: 1, isRequest: true });
    const { text, highlight, line } = openEvidence(fixture.reader(), found[0]!);
    assert.equal(text.slice(highlight!.start, highlight!.start + highlight!.length), '157204581336210');
    assert.equal(line, 3);
  });

  it('stand in the final document when a script put them there', () => {
    const fixture = new CaptureFixture('https://kit.example/');
    const page = fixture.exchange({ url: 'https://kit.example/', body: '<html><body></body></html>' });
    const document = fixture.document({
      url: 'https://kit.example/',
      exchange: page,
      final: '<html><body><a href="https://t.me/CubaDebate">x</a></body></html>',
    });
    const [found] = trackers(openContext(fixture.reader()));
    assert.equal(found?.target, 'cubadebate');
    assert.equal(found?.evidence.document, document);
    assert.equal(found?.evidence.phase, 'final');
  });

  it('are found in the address of a policy report', () => {
    const fixture = new CaptureFixture('https://bank.example/');
    fixture.exchange({
      url: 'https://bank.example/',
      headers: {
        'content-security-policy':
          'report-uri https://o1.ingest.sentry.io/api/2/security/?sentry_key=7bc8bccf5c254286a99b11c68f6bf4ce',
      },
      body: '<html></html>',
    });
    const [found] = trackers(openContext(fixture.reader()));
    assert.equal(`${found?.label} ${found?.target}`, 'SentryKey 7bc8bccf5c254286a99b11c68f6bf4ce');
    assert.equal(found?.evidence.header, 'content-security-policy');
  });

  it('survive hostile pages', () => {
    const hostile = [
      '@'.repeat(50_000),
      'a@'.repeat(50_000),
      '"id":"'.repeat(20_000),
      `${'1'.repeat(34)} `.repeat(10_000),
      'UA-'.repeat(50_000),
      `setSiteId', '1'`.repeat(5_000),
      '\u0000\uD800'.repeat(50_000),
    ];
    for (const text of hostile) assert.ok(Array.isArray(findTrackers(text, 'page')));
  });
});
