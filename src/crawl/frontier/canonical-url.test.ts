import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canonicalUrl } from './canonical-url.ts';

const data = process.env['ADIT_DATA'] ?? join(import.meta.dirname, '../../../../shared/data');
const cases = join(data, 'url/crawler-commons/normalizer');

/** Where that table asks for something else than a key for web addresses needs. */
function isOurs(from: string, to: string): boolean {
  // Other schemes, no host, schemes assumed (`parseSeed` does that).
  return /^https?:\/\/[^/]/i.test(from.trim()) && /^https?:\/\/[^/]/.test(to);
}

test(
  'crawler-commons’ table of normalised addresses',
  { skip: existsSync(cases) ? false : 'no ADIT_DATA' },
  () => {
    const rows = readFileSync(join(cases, 'weirdToNormalizedUrls.csv'), 'utf8').split('\n');
    let checked = 0;
    for (const row of rows) {
      if (row.startsWith('#') || row.trim() === '') continue;
      const match = /^(?:"((?:[^"]|"")*)"|([^,]*)),\s*(.*)$/.exec(row);
      assert(match !== null, row);
      const from = match[1]?.replaceAll('""', '"') ?? match[2]!;
      const to = match[3]!.trim();
      if (!isOurs(from, to)) continue;
      assert.equal(canonicalUrl(from), to, row);
      checked++;
    }
    assert(checked > 80, `only ${checked} rows were found`);
  },
);

test(
  'crawler-commons’ invalid addresses have no key',
  { skip: existsSync(cases) ? false : 'no ADIT_DATA' },
  () => {
    const rows = readFileSync(join(cases, 'invalidUrls.csv'), 'utf8').split('\n');
    const invalid = rows.filter((row) => row.trim() !== '' && !row.startsWith('#'));
    assert(invalid.length >= 2);
    for (const url of invalid) assert.equal(canonicalUrl(url), undefined, url);
  },
);

test('spellings of one page share a key, other pages do not', () => {
  const same = [
    'https://example.org/a/b?x=1&y=2',
    'https://EXAMPLE.org:443/a//b?y=2&x=1#top',
    'https://example.org./a/%62?x=1&y=2&utm_source=mail&fbclid=Q',
    'https://me:pw@example.org/a/c/../b;jsessionid=AB12?x=1&y=2&PHPSESSID=0',
  ];
  assert.deepEqual(new Set(same.map(canonicalUrl)), new Set(['https://example.org/a/b?x=1&y=2']));
  for (const other of [
    'http://example.org/a/b?x=1&y=2',
    'https://example.org/A/b?x=1&y=2',
    'https://example.org/a/b/?x=1&y=2',
    'https://example.org/a/b?x=1&y=3',
    'https://example.org/a%2Fb?x=1&y=2',
  ]) {
    assert.notEqual(canonicalUrl(other), 'https://example.org/a/b?x=1&y=2', other);
  }
});

test('repeated parameters keep their order, and a key is its own key', () => {
  const key = canonicalUrl('http://example.org/?b=2&a=z&b=1&a=y');
  assert.equal(key, 'http://example.org/?a=z&a=y&b=2&b=1');
  assert.equal(canonicalUrl(key), key);
  for (const text of ['http://a.example/%', 'http://a.example/%25%', 'http://a.example/?%=%&[]=|']) {
    const once = canonicalUrl(text);
    assert(once !== undefined);
    assert.equal(canonicalUrl(once), once);
  }
});

test('what is no web address has no key', () => {
  for (const text of ['', 'mailto:a@b', 'javascript:1', '/x', 'http://', 'data:,x'])
    assert.equal(canonicalUrl(text), undefined);
});
