import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openHome } from './cli-fixture.ts';
import { HOSTILE_ARCHIVES, importAlone, type ImportSummary } from './hostile-archives.ts';

/** Of the full size: a record of 126 MB, a member of 30 MB, three thousand entries. */
const SCALE = 0.03;
/** What a worker may take, and the process around it, which takes a hundred by itself. */
const MAX_MB = 600 + 100;
const MOST_RUNS = 3;

const home = openHome();
const folder = join(home.path, 'archives');
let summary: ImportSummary;
let peakMb = Number.NaN;

before(async () => {
  mkdirSync(folder);
  for (const [name, make] of Object.entries(HOSTILE_ARCHIVES)) await make(join(folder, name), SCALE);
  // What is needed is needed every time; what a busy machine collects late is not.
  for (let run = 0; run < MOST_RUNS && !(peakMb < MAX_MB); run++) {
    const { status, ...read } = importAlone(folder, home.environment);
    assert.equal(status, 3); // some of it could not be read
    ({ peakMb } = read);
    summary = read.summary as ImportSummary; // it has ended well
  }
});
after(() => home[Symbol.dispose]());

test('one process reads all of them in bounded memory', (t) => {
  t.diagnostic(`${peakMb} MB`);
  assert.ok(peakMb < MAX_MB, `${peakMb} MB`);
});

/** Records, pages, pairs, and what is reported at which offsets. */
function found(name: string) {
  const path = join(folder, name);
  const { records, pages, pairs } = summary.files.find(({ file }) => file === path)!;
  const problems = summary.problems.filter(({ file }) => file === path);
  return { records, pages, pairs, problems: problems.map(({ offset, what }) => [offset, what]) };
}

test('what can be had is had, and what cannot is told with its place', () => {
  const small = summary.files.filter(({ file }) => file.includes('/small.d/'));
  assert.equal(small.length, 10_000 * SCALE);
  assert.ok(
    small.every(
      ({ records, pages, pairs, problemCount }) => records + pages + pairs === 3 && problemCount === 0,
    ),
  );

  const large = found('record-of-4-GB.warc');
  assert.deepEqual([large.records, large.pages, large.pairs], [3, 2, 2]);
  assert.deepEqual(large.problems, [[large.problems[0]?.[0], 'record is larger than the limit']]);

  const members = Math.ceil(333 * SCALE);
  const oneMember = { records: 2 * members, pages: members, pairs: members, problems: [] };
  assert.deepEqual(found('one-member-of-1-GB.warc.gz'), oneMember);

  const bombCount = Math.ceil(40 * SCALE);
  const bombs = found('bomb-in-a-body.warc.gz');
  assert.deepEqual([bombs.records, bombs.pages, bombs.pairs], [2 + 2 * bombCount, 2 + bombCount, 2]);
  assert.deepEqual(
    bombs.problems.map(([, what]) => what),
    Array.from({ length: bombCount }, (_, i) => `limit textBytes: https://bomb${i}.example/`),
  );

  const edges = 2_500_000 * SCALE;
  assert.deepEqual(found('host-graph.d/cc-main-2022-may-jun-aug-host-edges.txt'), {
    records: edges,
    pages: 0,
    pairs: edges,
    problems: [],
  });

  const texts = 40_000 * SCALE;
  const largeTexts = Math.ceil(texts / 200);
  assert.deepEqual(found('texts.warc.gz'), {
    records: 2 + texts + largeTexts,
    pages: 2,
    pairs: 2,
    problems: [],
  });

  for (const name of ['random-bytes.warc', 'random-bytes.warc.gz'])
    assert.deepEqual(found(name), {
      records: 0,
      pages: 0,
      pairs: 0,
      problems: [[0, 'no WARC record begins here']],
    });
  const beginnings = summary.files.find(({ file }) => file.endsWith('/beginnings.warc'))!;
  assert.deepEqual([beginnings.records, beginnings.problemCount], [0, 20_002]);

  const entries = 100_000 * SCALE;
  assert.deepEqual(found('entries-100-k.har'), {
    records: entries,
    pages: entries,
    pairs: entries,
    problems: [],
  });
  assert.deepEqual(found('entries-with-bombs.har'), {
    records: entries,
    pages: entries,
    pairs: entries - entries / 100,
    problems: [],
  });
  const crumbs = found('entry-of-crumbs.har');
  assert.deepEqual([crumbs.records, crumbs.pages, crumbs.pairs], [3, 2, 2]);
  assert.deepEqual(
    crumbs.problems.map(([, what]) => what),
    ['entry is larger than the limit'],
  );
  assert.ok(statSync(join(folder, 'entry-of-crumbs.har')).size > 3e6);
});
