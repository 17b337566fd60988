import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataLines, NO_DATA, warningList } from './data-fixture.ts';
import { displayHost } from './display-policy.ts';
import { HostScan } from './host-scan.ts';
import { readLabels, type NameLabel } from './read-name.ts';
import type { Display } from './verdict.ts';

const scan = new HostScan();

function labelsOf(text: string): readonly NameLabel[] | undefined {
  return scan.read(text) === undefined ? readLabels(scan) : undefined;
}
function display(text: string): Display {
  const labels = labelsOf(text);
  assert.ok(labels !== undefined, text);
  return displayHost(labels);
}

test('the campaign’s names are shown as written, mixed and whole-script ones are not', () => {
  assert.deepEqual(display('xn--electrm-s2a.org'), { text: 'electrüm.org', refused: [] });
  assert.equal(display('xn--bitcingold-hcb.org').text, 'bitcöingold.org');
  assert.deepEqual(display('xn--ggle-55da.com').refused, [
    { label: 'xn--ggle-55da', rule: 'it mixes scripts' },
  ]);
  assert.equal(display('xn--80ak6aa92e.com').refused[0]?.rule, 'all its letters look like Latin ones');
  assert.equal(display('xn--80ak6aa92e.ru').text, 'аррӏе.ru');
  assert.equal(display('www.xn--paypal-3ve.xn--mnchen-3ya.de').text, 'www.xn--paypal-3ve.münchen.de');
});

/**
 * Names in the list of verdicts that Chromium 156 shows otherwise than the list says (asked of the browser itself): Bopomofo
 * and some Georgian and Myanmar letters are not shown any more, ß and ς are.
 */
const OTHERWISE = new Set([
  'ㄈㄉㄊ夕.cn',
  'aㄉbㄊcde夕f.com',
  'fuß.de',
  'αβς.gr',
  'ჽჿხ.ge',
  'ჽჿხ.გე',
  '႐႑႕႖႗.net.mm',
  '႐႑႕႖႗.မြန်မာ',
]);

test(
  'names with a verdict under the browsers’ rules: all as the list says, but for eight',
  { skip: NO_DATA },
  () => {
    const lines = dataLines('idn-verdicts.tsv');
    const differing = lines.flatMap((line) => {
      const [verdict, written] = line.split('\t');
      const name = written.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
      const labels = labelsOf(name);
      const isSafe = labels !== undefined && displayHost(labels).refused.length === 0;
      return isSafe === (verdict === 'safe') ? [] : [name];
    });
    assert.ok(lines.length > 100);
    assert.deepEqual(new Set(differing), OTHERWISE);
  },
);

/** Held back by the browser though no rule on letters does, and not on our lists of popular sites. */
const PROBABLY_POPULAR = new Set(['mycrypto', 'internethaber', 'venus']);

test(
  'recorded names are shown as Chromium 156 shows them, but for its list of popular sites',
  { skip: NO_DATA },
  () => {
    const popular = new Set(
      ['tranco10k', 'cloudflare-top100k', 'moz-top500', 'bank-website', 'url-shortener', 'disposable-email']
        .flatMap(warningList)
        .map((domain) => domain.split('.')[0]),
    );
    const lines = dataLines('chromium-idn-display.tsv');
    let agreeing = 0;
    for (const line of lines) {
      const [given, shown] = line.split('\t');
      const { text } = display(given);
      if (text === shown || text.replace(/^www\./, '') === shown) {
        agreeing++;
        continue;
      }
      assert.equal(given, shown, `${given} is shown in Unicode, and held back here`);
      const readings = labelsOf(given)!.flatMap((label) => label.readings.map((reading) => reading.text));
      const isPopular = readings.some(
        (reading) =>
          popular.has(reading) || popular.has(reading.replaceAll('-', '')) || PROBABLY_POPULAR.has(reading),
      );
      assert.ok(isPopular, `${given} ${text} is held back by the browser for no known reason`);
    }
    assert.ok(agreeing > 1_600 && lines.length > 2_000, `${agreeing} of ${lines.length}`);
  },
);
