import { align, type Edit } from './alignment.ts';
import type { BrandIndex, BrandLabel, CompiledBrand } from './brand.ts';
import { COSTS, UNIT } from './distance.ts';
import type { Reading } from './fold.ts';
import type { NameLabel, SuffixSplit } from './read-name.ts';
import { COMMON_SUFFIXES, HOSTING_SUFFIXES, TENANT_SUFFIXES } from './tables/suffixes.ts';
import { isKnownPart, KEYWORD_KINDS, segment } from './vocabulary.ts';

/** A brand label found in a name. */
export interface Hit {
  readonly brandLabel: BrandLabel;
  /** Number of the name's label that it stands in, from the left. */
  readonly at: number;
  readonly reading: Reading;
  /** Where in the reading's text. */
  readonly from: number;
  readonly to: number;
  /** Weighted, in COSTS. */
  readonly distance: number;
}

/** A name with all that judging needs. */
export interface ReadName extends SuffixSplit {
  readonly host: string;
  readonly labels: readonly NameLabel[];
  /** Suffix with one label. */
  readonly domain: string;
}

/** How the brand's text sits in its label. */
export type Form =
  /** It is the label. */
  | 'whole'
  /** Joined with what an address has around it: www, https, com. */
  | 'affixed'
  /** A word of its own among others. */
  | 'word'
  /** Joined with known words or numbers. */
  | 'glued'
  /** Somewhere in other letters. */
  | 'inside';

/** One hit with its surroundings, as score.ts weighs it. */
export interface Evidence {
  readonly hit: Hit;
  readonly brand: CompiledBrand;
  /** The part of the name as read, and as written. */
  readonly text: string;
  /** Differences of the reading from the brand's label, hyphens apart. */
  readonly edits: readonly Edit[];
  readonly hyphens: number;
  /** Weighted distance of the reading, hyphens apart, in ordinary edits. */
  readonly distance: number;
  /** Code points outside ASCII in the part. */
  readonly foreign: readonly { readonly index: number; readonly point: number; readonly standsFor: string }[];
  readonly form: Form;
  readonly place: 'registrable' | 'hosting' | 'tenant' | 'subdomain';
  /** A suffix follows inside the name, and the brand's domain seems complete though it is not: `paypal.com.evil.net`. */
  readonly isFollowedBySuffix: boolean;
  readonly suffix: string;
  /** Known words in the rest of the name. */
  readonly pressing: readonly string[];
  readonly loose: readonly string[];
  /** Unknown words beside it, and letters that belong to no word. */
  readonly otherLetters: number;
}

const JOINTS = /[-_.]+/;

/** Everything about one hit, for one of the brands that its label stands for. */
export function gatherEvidence(index: BrandIndex, name: ReadName, hit: Hit, brand: CompiledBrand): Evidence {
  const label = name.labels[hit.at];
  const all = hit.reading.text;
  const text = all.slice(hit.from, hit.to);
  const alignment = text === hit.brandLabel.text ? undefined : align(text, hit.brandLabel.text);
  const edits = (alignment?.edits ?? []).filter((edit) => edit.text !== '-');
  const hyphens = (alignment?.edits.length ?? 0) - edits.length;
  const left = all.slice(0, hit.from);
  const right = all.slice(hit.to);
  const surroundings = readSurroundings(index, name, hit, brand, left, right);
  return {
    hit,
    brand,
    text,
    edits,
    hyphens,
    distance: edits.reduce((sum, { cost }) => sum + cost, 0) / UNIT,
    foreign: foreignLetters(label, hit),
    place: placeOf(index, name, hit.at),
    suffix: name.suffix,
    ...surroundings,
  };
}

/** Whether the difference is one of look-alike letters alone. */
export function isHomoglyphic(evidence: Evidence): boolean {
  return evidence.edits.every(
    ({ kind, cost }) => (kind === 'substitution' || kind === 'pair') && cost <= COSTS.homoglyph,
  );
}

function placeOf(index: BrandIndex, name: ReadName, at: number): Evidence['place'] {
  const below = name.labels
    .slice(at + 1)
    .map(({ ascii }) => ascii)
    .join('.');
  if (TENANT_SUFFIXES.has(below)) return 'tenant';
  if (HOSTING_SUFFIXES.has(below) || index.hosting.has(below)) return 'hosting';
  if (at !== name.labelCount - 1) return 'subdomain';
  return name.isPrivate ? 'hosting' : 'registrable';
}

function foreignLetters(label: NameLabel, { reading, from, to }: Hit): Evidence['foreign'] {
  const { points } = label;
  if (points === undefined) return [];
  const found: { index: number; point: number; standsFor: string }[] = [];
  for (let at = from; at < to; at++) {
    const index = reading.origins[at];
    const point = points[index];
    if (point < 0x80) continue;
    const last = found.at(-1);
    if (last?.index === index) last.standsFor += reading.text[at];
    else found.push({ index, point, standsFor: reading.text[at] });
  }
  return found;
}

type Surroundings = Pick<Evidence, 'form' | 'isFollowedBySuffix' | 'pressing' | 'loose' | 'otherLetters'>;

/** What stands around the brand's text: in its label, and in the other labels of the name. */
function readSurroundings(
  index: BrandIndex,
  name: ReadName,
  hit: Hit,
  brand: CompiledBrand,
  left: string,
  right: string,
): Surroundings {
  const isKnown = (word: string): boolean =>
    isKnownPart(word) || brand.keywords.has(word) || index.words.has(word);
  const pressing: string[] = [];
  const loose: string[] = [];
  let webCount = 0;
  let otherLetters = 0;
  let unknownGlued = 0;
  const note = (token: string, isGlued: boolean): void => {
    if (token === '') return;
    const parts = segment(token, isKnown);
    pressing.push(...parts.pressing, ...parts.other.filter((word) => brand.keywords.has(word)));
    loose.push(...parts.loose);
    webCount += parts.web.length;
    for (const word of parts.other) if (!brand.keywords.has(word)) otherLetters += word.length;
    otherLetters += parts.unknownLength;
    if (isGlued) unknownGlued += parts.unknownLength;
  };
  const leftTokens = left.split(JOINTS);
  const rightTokens = right.split(JOINTS);
  const gluedLeft = leftTokens.pop() ?? '';
  const gluedRight = rightTokens.shift() ?? '';
  const isFollowedBySuffix = followsSuffix(name, hit.at, brand, gluedRight, rightTokens);
  note(gluedLeft, true);
  note(isFollowedBySuffix ? '' : gluedRight, true);
  const before = pressing.length + loose.length + otherLetters;
  for (const token of [...leftTokens, ...rightTokens]) note(token, false);
  const hasOthers =
    [...leftTokens, ...rightTokens].some((token) => token !== '') &&
    pressing.length + loose.length + otherLetters > before;
  for (const [at, label] of name.labels.entries())
    if (at !== hit.at && at < name.labelCount)
      for (const token of (label.readings[0]?.text ?? '').split(JOINTS)) note(token, false);
  if (!name.isPrivate && KEYWORD_KINDS.get(name.suffix) === 'pressing') pressing.push(name.suffix);
  const isGlued = gluedLeft !== '' || (gluedRight !== '' && !isFollowedBySuffix);
  const form = formOf({
    isWhole: left === '' && right === '',
    isGlued,
    hasOthers,
    unknownGlued,
    hasKnownGlued: before > 0,
    hasAddressParts: webCount > 0 || isFollowedBySuffix,
  });
  return { form, isFollowedBySuffix, pressing, loose, otherLetters };
}

function formOf(facts: {
  readonly isWhole: boolean;
  readonly isGlued: boolean;
  readonly hasOthers: boolean;
  readonly unknownGlued: number;
  readonly hasKnownGlued: boolean;
  readonly hasAddressParts: boolean;
}): Form {
  if (facts.isWhole) return 'whole';
  if (facts.unknownGlued > 0) return 'inside';
  if (facts.isGlued && facts.hasKnownGlued) return 'glued';
  if (facts.hasOthers) return 'word';
  return facts.hasAddressParts ? 'affixed' : 'word';
}

/** Whether what comes next, inside the name, is a suffix: `paypal.com.evil.net`, `paypal.com-alert.info`, `paypalcom.net`. */
function followsSuffix(
  name: ReadName,
  at: number,
  brand: CompiledBrand,
  glued: string,
  tokens: readonly string[],
): boolean {
  const isBrands = (text: string): boolean =>
    [...brand.suffixes].some(
      (suffix) => suffix.split('.')[0] === text || suffix.replaceAll('.', '') === text,
    );
  if (glued !== '') return isBrands(glued) || glued === 'com';
  const own = tokens.find((token) => token !== '');
  if (own !== undefined) return isBrands(own);
  if (at >= name.labelCount - 1) return false;
  const [next] = (name.labels[at + 1].readings[0]?.text ?? '').split(JOINTS);
  return isBrands(next) || COMMON_SUFFIXES.has(next);
}
