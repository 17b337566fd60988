/** How well copies are told from other pages, on real pages: what the bench measures in full, and a test in small. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { profileOf, readerOfPage, sketchPage } from '#extract';
import { parseHost, registrableDomain, type Host } from '#model';
import { judge, Percolator, signPage, type PageProfile, type Reference } from '#similar';
import { decodeText } from '../src/extract/decode-text.ts';
import { realPages } from '../src/extract/core/oracle-fixture.ts';
import { MUTATIONS } from './page-mutations.ts';

export const dataFolder = process.env['ADIT_DATA'] ?? join(import.meta.dirname, '../../shared/data');
export const hasCopies = existsSync(join(dataFolder, 'copies/httrack/pairs.tsv'));

export interface Original {
  readonly url: string;
  readonly html: string;
  readonly reference: Reference;
}

/** Real pages as their owners' reference pages; those with hardly any text and markup are left out: they copy nobody. */
export function originals(stride: number): Original[] {
  return [...realPages(stride)].flatMap(({ url, bytes }) => {
    const html = decodeText(bytes, undefined, 'html').text;
    const owner = ownerOf(url);
    const reference = { ...profile(html, url, owner), owned: [owner] };
    return hasHardlyAnything(reference) ? [] : [{ url, html, reference }];
  });
}

const hasHardlyAnything = ({ sketch: { counts } }: PageProfile): boolean =>
  counts.words < 20 && counts.paths < 20;

/**
 * Which half of the corpus a page belongs to, by the lowest bit of the first byte of its owner's SHA-256: 0 fits, 1 reports. By owner,
 * since pages of one site are made alike.
 */
export function halfOf({ reference }: Original): 'fit' | 'report' {
  const digest = createHash('sha256').update(String(reference.owned[0])).digest();
  return (digest[0]! & 1) === 0 ? 'fit' : 'report';
}

/** Pages whose own address is not known bear their site's name in the file's: each is an owner; test pages are one. */
export function ownerOf(url: string): Host {
  const { hostname, pathname } = new URL(url);
  const name = pathname
    .split('/')
    .at(-1)!
    .replace(/\.html?$/, '');
  const host =
    hostname.endsWith('.invalid') && name !== 'source' ? parseHost(name.split('_')[0]!) : undefined;
  const known = host ?? parseHost(hostname)!;
  return registrableDomain(known) ?? known;
}

/** Contents and loads alone. */
function profile(html: string, url: string, host: Host): PageProfile {
  const read = sketchPage(Buffer.from(html), url, 'text/html; charset=utf-8');
  return { url, host, ...read, claims: [], stamps: [], ids: [] };
}

export function indexOf(pages: readonly Original[]): Percolator {
  const index = new Percolator();
  for (const { reference } of pages) index.add(reference);
  return index;
}

const COPYIST = parseHost('copy.example')!;

/** Recall of one mutation, in shares of the pages. */
export interface Recall {
  /** The original is found through the index, and judged one. */
  readonly found: number;
  /** The same of copies that have at least 20 words or 20 elements left, as all originals have. */
  readonly foundOfMore: number;
  /** The original comes first. */
  readonly first: number;
  /** Copies that have less left. */
  readonly tiny: number;
  readonly missed: readonly string[];
}

/** Of every page and mutation: whether its original is found through the index (of these pages, or of more), and judged a copy. */
export function recallByMutation(
  pages: readonly Original[],
  seed: number,
  index = indexOf(pages),
): Map<string, Recall> {
  const recall = new Map<string, Recall>();
  for (const [name, mutate] of Object.entries(MUTATIONS)) {
    let [found, foundTiny, first, tiny] = [0, 0, 0, 0];
    const missed: string[] = [];
    for (const [number, { url, html, reference }] of pages.entries()) {
      const copy = profile(mutate(html, { url, seed: seed + number }), 'https://copy.example/', COPYIST);
      const hits = index.query(signPage(copy));
      const rank = hits.findIndex((hit) => hit.reference.url === reference.url);
      const isTiny = hasHardlyAnything(copy);
      if (rank === -1) missed.push(url);
      else found++;
      if (isTiny) tiny++;
      if (isTiny && rank !== -1) foundTiny++;
      if (rank === 0) first++;
    }
    const { length } = pages;
    recall.set(name, {
      found: found / length,
      foundOfMore: (found - foundTiny) / (length - tiny),
      first: first / length,
      tiny,
      missed,
    });
  }
  return recall;
}

/** Pairs of pages of different owners that are judged copies; and how many were compared. */
export function falsePairs(pages: readonly Original[]): { pairs: number; wrong: [string, string, string][] } {
  let pairs = 0;
  const wrong: [string, string, string][] = [];
  for (const [number, { reference }] of pages.entries())
    for (let other = 0; other < number; other++) {
      const against = pages[other]!.reference;
      if (against.owned[0] === reference.owned[0]) continue;
      pairs++;
      const verdict = judge(reference, against);
      if (verdict.isCopy)
        wrong.push([reference.url, against.url, verdict.evidence.map(({ says }) => says).join('; ')]);
    }
  return { pairs, wrong };
}

/** HTTrack's copies: each must find its original first, and the stamp must date it. */
export function mirrored(stride: number): { pairs: number; first: number; dated: number; missed: string[] } {
  const folder = join(dataFolder, 'copies/httrack');
  const rows = readFileSync(join(folder, 'pairs.tsv'), 'utf8').trim().split('\n').slice(1);
  const files = new Set(readdirSync(folder));
  const index = indexOf(originals(1));
  let [first, dated, pairs] = [0, 0, 0];
  const missed: string[] = [];
  for (let row = 0; row < rows.length; row += stride) {
    const [name, url] = rows[row]!.split('\t') as [string, string]; // two columns
    const file = [name, `${name}.gz`, name.replace(/\.gz$/, '')].find((each) => files.has(each));
    if (file === undefined) continue;
    pairs++;
    const bytes = readFileSync(join(folder, file));
    const page = profileOf(
      readerOfPage(file.endsWith('.gz') ? gunzipSync(bytes) : bytes, { url: 'https://copy.example/' }),
    )!;
    const [best] = index.query(signPage(page));
    if (best?.reference.url === url) first++;
    else missed.push(`${name} ${best?.reference.url ?? 'nothing'} for ${url}`);
    if (page.stamps.some(({ tool, copiedAt }) => tool === 'HTTrack' && copiedAt !== undefined)) dated++;
  }
  return { pairs, first, dated, missed };
}
