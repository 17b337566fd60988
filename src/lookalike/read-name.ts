import { parse } from 'tldts';
import { foldLabel, type Reading } from './fold.ts';
import type { HostScan } from './host-scan.ts';
import { decodePunycode, encodePunycode } from './punycode.ts';

/** Options for names that are known to be clean. */
const CLEAN = {
  extractHostname: false,
  validateHostname: false,
  detectIp: false,
  mixedInputs: false,
} as const;
const WITH_PRIVATE = { ...CLEAN, allowPrivateDomains: true } as const;

/** Where a name's public suffix begins. */
export interface SuffixSplit {
  /** Labels before the suffix; 0 where the name is a suffix itself. */
  readonly labelCount: number;
  readonly suffix: string;
  /** Anyone can have a name below it without registering a domain (private part of the public suffix list). */
  readonly isPrivate: boolean;
}

/** Splits a clean name by the public suffix list, private part included. */
export function splitSuffix(name: string, labelCount: number): SuffixSplit {
  let found = parse(name, WITH_PRIVATE);
  if (found.domain === null && found.isPrivate === true) found = parse(name, CLEAN); // the host of names itself
  const suffix = found.publicSuffix ?? '';
  let suffixLabels = suffix === '' ? 0 : 1;
  for (let at = suffix.indexOf('.'); at >= 0; at = suffix.indexOf('.', at + 1)) suffixLabels++;
  return {
    labelCount: found.domain === null ? 0 : labelCount - suffixLabels,
    suffix,
    isPrivate: found.isPrivate === true,
  };
}

/** A label of a name, and how it reads. */
export interface NameLabel {
  readonly ascii: string;
  /** As displayed if Unicode is displayed. */
  readonly unicode: string;
  /** Code points of `unicode`; undefined for plain ASCII labels. */
  readonly points: readonly number[] | undefined;
  /** The likeliest first; a plain label reads as itself; none where it reads as nothing in ASCII. */
  readonly readings: readonly Reading[];
}

/** The labels of a scanned name; undefined where one is broken Punycode. */
export function readLabels(scan: HostScan): readonly NameLabel[] | undefined {
  const labels: NameLabel[] = [];
  for (let at = 0; at < scan.labelCount; at++) {
    const label = readLabel(scan.name.slice(scan.labelStarts[at], scan.labelEnds[at]));
    if (label === undefined) return undefined;
    labels.push(label);
  }
  return labels;
}

/** Undefined where the label is broken Punycode, Punycode of plain ASCII, or not in the one spelling that its letters have. */
function readLabel(ascii: string): NameLabel | undefined {
  if (!ascii.startsWith('xn--'))
    return { ascii, unicode: ascii, points: undefined, readings: [{ text: ascii, origins: [] }] };
  const points = decodePunycode(ascii.slice(4));
  if (points === undefined || points.every((point) => point < 0x80)) return undefined;
  if (encodePunycode(points) !== ascii.slice(4)) return undefined;
  return { ascii, unicode: String.fromCodePoint(...points), points, readings: foldLabel(points) };
}
