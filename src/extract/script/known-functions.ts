/** Stands in a value for text that is not known. */
export const HOLE = '\0';

/** What an expression may be: each possible text, with holes; or a list, for `join`. */
export interface Value {
  readonly texts: readonly string[];
  readonly items?: readonly string[];
}

/** Nothing is known of it. */
export const UNKNOWN: Value = { texts: [HOLE] };
const MAX_TEXTS = 8;
const MAX_TEXT = 8_192;
const MAX_ITEMS = 4_096;
/** Functions without an object, by name: arguments → text. */
export const GLOBAL_FUNCTIONS: ReadonlyMap<string, (given: readonly string[]) => string> = new Map(
  Object.entries<(given: readonly string[]) => string>({
    encodeURIComponent: ([text = '']) => codec(text, encodeURIComponent),
    encodeURI: ([text = '']) => codec(text, encodeURI),
    escape: ([text = '']) => codec(text, encodeURIComponent),
    decodeURIComponent: ([text = '']) => codec(text, decodeURIComponent),
    decodeURI: ([text = '']) => codec(text, decodeURI),
    unescape: ([text = '']) => codec(text, decodeURIComponent),
    String: ([text = '']) => text,
    atob: ([text = '']) => (text.includes(HOLE) ? HOLE : Buffer.from(text, 'base64').toString('latin1')),
    btoa: ([text = '']) => (text.includes(HOLE) ? HOLE : Buffer.from(text, 'latin1').toString('base64')),
    fromCharCode: (codes) =>
      codes.some((code) => !/^\d{1,7}$/.test(code)) ? HOLE : String.fromCharCode(...codes.map(Number)),
  }),
);

/** Holes stay holes; what cannot be coded is unknown. */
function codec(text: string, code: (part: string) => string): string {
  try {
    return text.split(HOLE).map(code).join(HOLE);
  } catch {
    return HOLE;
  }
}

const overTexts = (value: Value, change: (text: string) => string): Value => ({
  texts: value.texts.map(change),
});

type Method = (object: Value, given: readonly string[]) => Value;

/** Methods of texts and lists, by name. */
export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['toString', (object) => object],
  ['valueOf', (object) => object],
  ['trim', (object) => overTexts(object, (text) => text.trim())],
  ['toLowerCase', (object) => overTexts(object, (text) => text.toLowerCase())],
  ['toUpperCase', (object) => overTexts(object, (text) => text.toUpperCase())],
  ['concat', (object, given) => overTexts(object, (text) => cut([text, ...given].join('')))],
  [
    'join',
    ({ items }, [separator = ',']) =>
      items === undefined ? UNKNOWN : { texts: [cut(items.join(separator))] },
  ],
  ['reverse', ({ items }) => (items === undefined ? UNKNOWN : { texts: [HOLE], items: items.toReversed() })],
  ['split', splitText],
  ['replace', replaceText],
]);

function splitText({ texts }: Value, [separator]: readonly string[]): Value {
  const [text] = texts;
  if (separator === undefined || text === undefined) return UNKNOWN;
  return { texts: [HOLE], items: text.split(separator, MAX_ITEMS) };
}

function replaceText(object: Value, [from, to]: readonly string[]): Value {
  if (from === undefined || to === undefined || from === HOLE) return object;
  return overTexts(object, (text) => cut(text.replace(from, () => to)));
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? text.slice(0, MAX_TEXT - 1) + HOLE : text;
}

/** Both values' texts. */
export function union(left: Value, right: Value): Value {
  return { texts: [...new Set([...left.texts, ...right.texts])].slice(0, MAX_TEXTS) };
}

/** Each text of one before each of the other. */
export function concat(left: Value, right: Value): Value {
  const texts = left.texts.flatMap((head) => right.texts.map((tail) => cut(head + tail)));
  return { texts: [...new Set(texts)].slice(0, MAX_TEXTS) };
}

/** `new URL(relative, base)`, as far as both are known. */
export function resolveUrl(relative: string, base: string | undefined): string {
  if (base === undefined || relative.startsWith(HOLE) || base.includes(HOLE))
    return relative.startsWith(HOLE) && base !== undefined ? base + HOLE : relative;
  const known = relative.split(HOLE, 1)[0]!;
  const resolved = URL.parse(known, base)?.href ?? HOLE;
  return known === relative ? resolved : resolved + HOLE;
}
