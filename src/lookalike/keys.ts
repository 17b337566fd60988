import type { Brand } from './brand.ts';
import { brandLabels } from './brand.ts';
import { ClassCode } from './class-code.ts';
import { UNREAD } from './fold.ts';
import { HostScan } from './host-scan.ts';
import { readLabels, splitSuffix } from './read-name.ts';
import { UNICODE_VERSION } from './tables/letter-table.ts';

/**
 * Says how keys were made: a change of the tables or of the derivation changes it, and stored keys of another version must be
 * made anew before they are compared.
 */
export const KEY_VERSION = `1/${UNICODE_VERSION}`;

/** What a label is found by among names stored long ago. Two labels that share any value of a kind are alike in its sense. */
export interface LabelKeys {
  /** How it reads in ASCII, hyphens left out; several where letters are ambiguous. Equal: homographs, suffix swaps, hyphens. */
  readonly folds: readonly string[];
  /** Folds with look-alikes in ASCII made one (rn and m, 0 and o, 1 and i and l). Equal: ASCII homoglyphs too. */
  readonly skeletons: readonly string[];
  /** Visual class codes. Equal: near slips too; others are found by looking through labels of similar code. */
  readonly codes: readonly string[];
}

/** Keys of a host name: of its registrable label (the one before the public suffix, private suffixes included). */
export interface FoldKeys extends LabelKeys {
  /** The label with its suffix. */
  readonly domain: string;
  readonly label: string;
  readonly suffix: string;
}

const scan = new HostScan();
const code = new ClassCode();

/** Keys for the store; undefined where the text is no name with a public suffix, or its label does not read in ASCII. */
export function foldKeys(host: string): FoldKeys | undefined {
  if (scan.read(host) !== undefined) return undefined;
  const labels = readLabels(scan);
  const { labelCount, suffix } = splitSuffix(scan.name, scan.labelCount);
  if (labels === undefined || labelCount === 0) return undefined;
  const label = labels[labelCount - 1];
  if (label.readings.length === 0) return undefined;
  return {
    ...keysOf(label.readings.map(({ text }) => text)),
    domain: `${label.ascii}.${suffix}`,
    label: label.ascii,
    suffix,
  };
}

/** A whole name's keys, as texts: one word a label before the suffix and reading, so that a search need not know where labels end. */
export interface NameKeys {
  /** How its labels read in ASCII, hyphens left out: `electrum` of xn--electrm-s2a.org. */
  readonly fold: string;
  /** Their visual class codes: what `candidateCodes` are looked for in. */
  readonly code: string;
}

/** Keys of a whole name for the store: short texts; empty where nothing before its suffix reads in ASCII. */
export function nameKeys(host: string): NameKeys {
  if (scan.read(host) !== undefined) return NO_KEYS;
  const { labelCount } = splitSuffix(scan.name, scan.labelCount);
  const labels = scan.hasAce ? readLabels(scan) : undefined;
  if (scan.hasAce && labels === undefined) return NO_KEYS;
  let fold = '';
  let codes = '';
  for (let at = 0; at < labelCount; at++) {
    const readings = labels?.[at]!.readings.map(({ text }) => text) ?? [
      scan.name.slice(scan.labelStarts[at], scan.labelEnds[at]),
    ];
    for (const text of readings) {
      const plain = text.includes('-') ? text.replaceAll('-', '') : text;
      fold += fold === '' ? plain : ` ${plain}`;
      for (const each of codesOf(text)) codes += codes === '' ? each : ` ${each}`;
    }
  }
  return { fold: fold.slice(0, MAX_TEXT), code: codes.slice(0, MAX_TEXT) };
}

const NO_KEYS: NameKeys = { fold: '', code: '' };
const MAX_TEXT = 1_000;

/** Least length of a code of which pieces of three are looked for; shorter ones have too few for two letters to be swapped. */
const PIECES_OF_THREE_FROM = 7;

/**
 * Pieces of class code of which every name that `match` could find the brands in holds at least one in `NameKeys.code`: some two to ten
 * names of a hundred do. Undefined where there are too many pieces for that to spare work.
 */
export function candidateCodes(brands: readonly Brand[], most: number): string[] | undefined {
  const pieces = new Set<string>();
  for (const brand of brands)
    for (const label of brandLabels(brand))
      for (const each of codesOf(label)) {
        const size = Math.min(each.length, each.length < PIECES_OF_THREE_FROM ? 2 : 3);
        for (let at = 0; at + size <= each.length; at++) pieces.add(each.slice(at, at + size));
        if (pieces.size > most) return undefined;
      }
  return [...pieces];
}

/** Keys that names of a new brand are looked up by, one entry a label that it has. */
export function brandKeys(brand: Brand): LabelKeys[] {
  return brandLabels(brand).map((label) => keysOf([label]));
}

function keysOf(readings: readonly string[]): LabelKeys {
  const folds = readings.map((text) => text.replaceAll('-', '').replaceAll(UNREAD, ''));
  return {
    folds: unique(folds),
    skeletons: unique(folds.map(skeletonOf)),
    codes: unique(folds.flatMap(codesOf)),
  };
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].filter((text) => text !== '');

const LIKE: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  i: 'l',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  q: 'g',
};

function skeletonOf(fold: string): string {
  return fold
    .replace(/rn|nn/g, 'm')
    .replace(/vv|uu/g, 'w')
    .replaceAll('cl', 'd')
    .replace(/[0-9iq]/g, (letter) => LIKE[letter]);
}

function codesOf(fold: string): string[] {
  const bytes = Buffer.from(fold.slice(0, 120));
  const paired = code.fill(bytes, 0, bytes.length).toString();
  return code.hasPairs ? [paired, code.fill(bytes, 0, bytes.length, false).toString()] : [paired];
}
