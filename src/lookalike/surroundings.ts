import type { BrandIndex, CompiledBrand } from './brand.ts';
import type { Hit, ReadName } from './evidence.ts';
import { COMMON_SUFFIXES } from './tables/suffixes.ts';
import { isKnownPart, KEYWORD_KINDS, segment, type Segments } from './vocabulary.ts';

/** How the brand's text sits in its label. */
type Form =
  /** It is the label. */
  | 'whole'
  /** Joined with what an address has around a domain: www, https, com. */
  | 'affixed'
  /** A word of its own among others. */
  | 'word'
  /** Grown to known words or numbers. */
  | 'glued'
  /** Somewhere in other letters. */
  | 'inside';

/** What stands around the brand's text: in its label, and in the other labels of the name. */
export interface Surroundings {
  readonly form: Form;
  /** A suffix follows inside the name, and the brand's domain seems complete though it is not: `paypal.com.evil.net`. */
  readonly isFollowedBySuffix: boolean;
  /** Words in the rest of the name, by what they say: see KEYWORDS. */
  readonly pressing: readonly string[];
  readonly mild: readonly string[];
  readonly loose: readonly string[];
}

const JOINTS = /[-_.]+/;
const tokensOf = (text: string): string[] => text.split(JOINTS);

export function readSurroundings(
  index: BrandIndex,
  name: ReadName,
  hit: Hit,
  brand: CompiledBrand,
): Surroundings {
  const isKnown = (word: string): boolean =>
    isKnownPart(word) || brand.keywords.has(word) || index.words.has(word);
  const words = { pressing: [] as string[], mild: [] as string[], loose: [] as string[] };
  const note = (token: string): Segments => {
    const parts = segment(token, isKnown);
    words.pressing.push(...parts.pressing, ...parts.other.filter((word) => brand.keywords.has(word)));
    words.mild.push(...parts.mild);
    words.loose.push(...parts.loose);
    return parts;
  };
  const { text } = hit.reading;
  const before = tokensOf(text.slice(0, hit.from));
  const after = tokensOf(text.slice(hit.to));
  const gluedBefore = before.pop() ?? '';
  const gluedAfter = withoutPlural(after.shift() ?? '');
  const isFollowedBySuffix = followsSuffix(name, hit.at, brand, gluedAfter, after);
  const glued = [gluedBefore, isFollowedBySuffix ? '' : gluedAfter].filter((token) => token !== '').map(note);
  const others = [...before, ...after].filter((token) => token !== '').map(note);
  for (let at = 0; at < name.labelCount; at++)
    if (at !== hit.at)
      for (const token of tokensOf(name.labels[at].readings[0]?.text ?? '')) if (token !== '') note(token);
  if (KEYWORD_KINDS.get(name.suffix) === 'pressing') words.pressing.push(name.suffix);
  return { form: formOf(text.length === hit.to - hit.from, glued, others), isFollowedBySuffix, ...words };
}

/** What is grown to a brand's name, but for an s between them that only makes a plural: `krakenslogin`. */
function withoutPlural(glued: string): string {
  const rest = glued.slice(1);
  return glued[0] === 's' && isKnownPart(rest) ? rest : glued;
}

function formOf(isWhole: boolean, glued: readonly Segments[], others: readonly Segments[]): Form {
  if (isWhole) return 'whole';
  if (glued.some(({ unknownLength }) => unknownLength > 0)) return 'inside';
  if (!glued.every(isAddress)) return 'glued';
  return others.every(isAddress) ? 'affixed' : 'word';
}

/** Whether it is only what an address has around a domain. */
function isAddress(parts: Segments): boolean {
  const { address, unknownLength, pressing, mild, loose, web, other } = parts;
  return (
    address.length > 0 &&
    unknownLength + pressing.length + mild.length + loose.length + web.length + other.length === 0
  );
}

/** Grown on, a suffix says as much as one of its own: `paypal.comsk.org`. Longer labels are words (`community`). */
const LONGEST_GROWN_SUFFIX = 6;

/** Whether what comes next, inside the name, is a suffix: `paypal.com.evil.net`, `paypal.com-alert.info`, `paypalcom.net`. */
function followsSuffix(
  name: ReadName,
  at: number,
  brand: CompiledBrand,
  glued: string,
  tokens: readonly string[],
): boolean {
  const suffixes = [...brand.suffixes];
  const isBrands = (text: string): boolean =>
    suffixes.some((suffix) => suffix.split('.')[0] === text || suffix.replaceAll('.', '') === text);
  if (glued !== '') return isBrands(glued) || glued === 'com';
  const own = tokens.find((token) => token !== '');
  if (own !== undefined) return isBrands(own);
  if (at >= name.labelCount - 1) return false;
  const [next] = tokensOf(name.labels[at + 1].readings[0]?.text ?? '');
  const isGrown = (suffix: string): boolean =>
    suffix.length >= 3 &&
    next.startsWith(suffix) &&
    next.length <= LONGEST_GROWN_SUFFIX &&
    !isKnownPart(next);
  return isBrands(next) || COMMON_SUFFIXES.has(next) || suffixes.some(isGrown);
}
