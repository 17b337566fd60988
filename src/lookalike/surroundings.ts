import type { CompiledBrand } from './brand.ts';
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
const JOINT = /[-_.]/;
const tokensOf = (text: string): string[] => (JOINT.test(text) ? text.split(JOINTS) : [text]);

export function readSurroundings(name: ReadName, hit: Hit, brand: CompiledBrand): Surroundings {
  const words = { pressing: [] as string[], mild: [] as string[], loose: [] as string[] };
  const note = (token: string): Segments => {
    const parts = segment(token, brand.keywords);
    for (const word of parts.pressing) words.pressing.push(word);
    if (brand.keywords.size > 0)
      for (const word of parts.other) if (brand.keywords.has(word)) words.pressing.push(word);
    for (const word of parts.mild) words.mild.push(word);
    for (const word of parts.loose) words.loose.push(word);
    return parts;
  };
  const { text } = hit.reading;
  const before = hit.from === 0 ? [] : tokensOf(text.slice(0, hit.from));
  const after = hit.to === text.length ? [] : tokensOf(text.slice(hit.to));
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
  const isBrands = (text: string): boolean => {
    for (const suffix of brand.suffixes)
      if (suffix.split('.')[0] === text || suffix.replaceAll('.', '') === text) return true;
    return false;
  };
  if (glued !== '') return isBrands(glued) || glued === 'com';
  const own = tokens.find((token) => token !== '');
  if (own !== undefined) return isBrands(own);
  if (at >= name.labelCount - 1) return false;
  const [next] = tokensOf(name.labels[at + 1].readings[0]?.text ?? '');
  if (isBrands(next) || COMMON_SUFFIXES.has(next)) return true;
  if (next.length > LONGEST_GROWN_SUFFIX || isKnownPart(next)) return false;
  for (const suffix of brand.suffixes) if (suffix.length >= 3 && next.startsWith(suffix)) return true;
  return false;
}
