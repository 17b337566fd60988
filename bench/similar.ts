import {
  falsePairs,
  halfOf,
  hasCopies,
  indexOf,
  mirrored,
  originals,
  recallByMutation,
  type Original,
} from '../test/copy-quality.ts';
import { MUTATIONS, random } from '../test/page-mutations.ts';
import { sketchPage } from '#extract';
import { EMPTY_BUCKET, parseHost, type PageSketch } from '#model';
import {
  Percolator,
  signPage,
  type PageProfile,
  type PageSignature,
  type Reference,
  type SetKind,
} from '#similar';
import { hasRealPages, realPages } from '../src/extract/core/oracle-fixture.ts';
import type { BenchResult } from './run.ts';
import { retroHunt, type Copied } from './similar-store.ts';
import { thresholdRows } from './similar-thresholds.ts';

const REFERENCE_PAGES = 50_000;
const STORED_PAGES = 1_000_000;
const QUERIES = 50_000;
/** Queries that are copies of a reference page. */
const COPIES = 0.01;
/** Pages whose copies are looked for among the stored ones. */
const HUNTED = 12;
const ROUNDS = 3;
const MEGABYTES_A_PAGE = 0.17;

/**
 * Copies: how many pages a core signs a second, scaled to 170 kB a page; how many of them are looked up among 50,000
 * reference pages; how long one takes to be looked for among a million stored ones; and how right it is: recall by mutation, false pairs, HTTrack's mirrors.
 */
export async function benchSimilar(): Promise<BenchResult> {
  if (!hasRealPages || !hasCopies)
    return { figures: {}, text: 'skipped: the collected pages are absent (ADIT_DATA)' };
  const pages = originals(1);
  const figures: Record<string, number> = {
    signaturesPerSecond: Math.round(signing()),
    ...percolating(pages),
  };
  const hunt = await retroHunt(
    STORED_PAGES,
    pages.map(({ reference }) => reference),
    hunted(pages),
  );
  figures['retroHuntMs'] = Math.round(hunt.medianMs);
  const lines = [
    `${pages.length} real pages`,
    `${STORED_PAGES} pages stored in ${Math.round(hunt.storeSeconds)} s, keys in ${hunt.parts} parts; looking for copies of one took at most ${Math.round(hunt.worstMs)} ms, ` +
      `compared ${Math.round(hunt.candidates)} and found ${percent(hunt.found)} of ${MUTATED} mutated copies`,
  ];
  const index = indexOf(pages);
  const fitting = pages.filter((page) => halfOf(page) === 'fit');
  const reporting = pages.filter((page) => halfOf(page) === 'report');
  const fitted = recallByMutation(fitting, 1, index);
  let worst = 1;
  for (const [name, { found, foundOfMore, first, missed, tiny }] of recallByMutation(reporting, 1, index)) {
    worst = Math.min(worst, found);
    const other = fitted.get(name)!;
    lines.push(
      `${name.padEnd(48)} found ${percent(found)}, first ${percent(first)}, missed ${missed.length}; of the half that was fitted on ${percent(other.found)}`,
    );
    if (tiny + other.tiny > 0)
      lines.push(
        `${''.padEnd(48)} without the ${tiny} and ${other.tiny} copies that have fewer than 20 words and 20 elements left ${percent(foundOfMore)}; ${percent(other.foundOfMore)}`,
      );
  }
  lines.push('Thresholds, and what they were fitted to', ...thresholdRows(fitting));
  const held = falsePairs(reporting);
  const { pairs, wrong } = falsePairs(pages);
  lines.push(
    `${held.pairs} pairs of different owners of the reporting half, judged copies: ${held.wrong.length}`,
    `${pairs} such pairs of both halves: ${wrong.length}`,
  );
  for (const [page, other, why] of wrong) lines.push(`  ${page}\n  ${other}\n    ${why}`);
  const mirrors = mirrored(1);
  lines.push(
    `HTTrack: ${mirrors.first} of ${mirrors.pairs} find their original first, ${mirrors.dated} dated`,
  );
  Object.assign(figures, {
    worstRecallPercent: Math.round(worst * 1_000) / 10,
    falsePairsPerMillion: Math.round((held.wrong.length / held.pairs) * 1e7) / 10,
    mirrorsFirstPercent: Math.round((mirrors.first / mirrors.pairs) * 1_000) / 10,
  });
  return {
    figures,
    text: [...Object.entries(figures).map(([name, value]) => `${name}  ${value}`), ...lines].join('\n'),
  };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const mutations = Object.values(MUTATIONS);
const MUTATED = HUNTED * mutations.length;

const host = parseHost('page.example')!;
const profileOf = (bytes: Uint8Array, url: string): PageProfile => ({
  url,
  host,
  ...sketchPage(bytes, url),
  claims: [],
  stamps: [],
  ids: [],
});

/** From bytes to a signature with its band keys; the best of a few rounds. */
function signing(): number {
  const pages = [...realPages(1)];
  const megabytes = pages.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1e6;
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++)
    best = Math.min(
      best,
      cpuSeconds(() => {
        for (const { url, bytes } of pages) signPage(profileOf(bytes, url));
      }),
    );
  return megabytes / MEGABYTES_A_PAGE / best;
}

/** Pages spread over the corpus, with a copy of each by every mutation. */
function hunted(pages: readonly Original[]): Copied[] {
  const step = Math.floor(pages.length / HUNTED);
  return pages
    .filter((_, at) => at % step === 0)
    .slice(0, HUNTED)
    .map(({ reference, html, url }, seed) => ({
      reference,
      copies: mutations.map((mutate, number) => {
        const copyist = parseHost(`copy${number}-of-${seed}.example`)!;
        const copy = `https://${copyist}/`;
        return { ...profileOf(Buffer.from(mutate(html, { url, seed })), copy), host: copyist };
      }),
    }));
}

/** Half of the real pages are asked for, the others and made ones are the reference; some of those asked for are copies. */
function percolating(pages: readonly Original[]): Record<string, number> {
  const next = random(7);
  const known = pages.filter((_, number) => number % 2 === 0);
  const asked = pages.filter((_, number) => number % 2 === 1);
  const index = new Percolator();
  for (const { reference } of known) index.add(reference);
  while (index.size < REFERENCE_PAGES) index.add(madeReference(known, index.size, next));
  const benign = asked.map(({ reference }) => signPage(reference));
  const copies = known.slice(0, 100).map(({ html, url }, seed): PageSignature => {
    const copy = mutations[seed % mutations.length]!(html, { url, seed });
    return signPage(profileOf(Buffer.from(copy), 'https://copy.example/'));
  });
  const queries = Array.from({ length: QUERIES }, () => {
    const from = next() < COPIES ? copies : benign;
    return from[Math.floor(next() * from.length)]!;
  });
  let best = Infinity;
  let hits = 0;
  for (let round = 0; round < ROUNDS; round++) {
    hits = 0;
    best = Math.min(
      best,
      cpuSeconds(() => {
        for (const query of queries) hits += index.query(query).length > 0 ? 1 : 0;
      }),
    );
  }
  return {
    percolatorPerSecond: Math.round(QUERIES / best),
    percolatorHits: hits,
    percolatorRssMb: Math.round(process.memoryUsage.rss() / 1e6),
  };
}

/** A page as there are many: half of what it is made of is its own, half stands on other pages, too. */
function madeReference(pages: readonly Original[], number: number, next: () => number): Reference {
  const name = parseHost(`brand${number}.example`)!;
  const make = (kind: SetKind): Int32Array => {
    const set = new Int32Array(pages[0]!.reference.sketch[kind].length);
    for (let bucket = 0; bucket < set.length; bucket++) {
      const other = pages[Math.floor(next() * pages.length)]!.reference.sketch[kind][bucket]!;
      set[bucket] = next() < 0.5 && other !== EMPTY_BUCKET ? other : Math.floor(next() * 2 ** 20);
    }
    return set;
  };
  const sketch: PageSketch = {
    text: make('text'),
    words: make('words'),
    paths: make('paths'),
    tags: make('tags'),
    classes: make('classes'),
    files: make('files'),
    counts: { shingles: 800, words: 500, paths: 600, classes: 300, files: 40 },
  };
  return {
    url: `https://${name}/`,
    host: name,
    sketch,
    loads: [],
    claims: [],
    stamps: [],
    ids: [],
    owned: [name],
  };
}
