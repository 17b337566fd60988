import type { Cause } from '#model';
import { META_NAMES } from '../components/find-components.ts';
import { BREAKOUTS, INTEGRATION_POINTS, ROOTS } from '../html/foreign-content.ts';
import {
  BACKGROUND_ELEMENTS,
  CONNECTED_RELS,
  FETCHED_RELS,
  LAZY_ATTRIBUTES,
  LAZY_CAUSES,
  MEANINGS as ATTRIBUTE_MEANINGS,
  meaningOf,
  type Pull,
} from '../html/references.ts';
import { readTagAt } from '../html/scan.ts';
import type { Tag } from '../html/tag.ts';
import { CONTENT_KIND } from '../html/tokenizer.ts';
import * as layout from './layout.ts';
import { prepared } from '../prepared/index.ts';
import { textFolds } from './text-folds.ts';

/** What a link is for: the cause of requests for its URL, and how the browser comes to make them. */
export interface Meaning {
  readonly cause: Cause;
  readonly pull: Pull;
}

/** Elements by number; 0 stands for all that are not named. The first ones are those that `layout.ts` numbers. */
export const ELEMENTS: readonly string[] = distinct([
  '',
  'base',
  'link',
  'meta',
  'script',
  'style',
  'title',
  ...Array.from(ATTRIBUTE_MEANINGS.keys(), (key) => key.split(' ')[0]!),
  ...BACKGROUND_ELEMENTS,
  ...LAZY_CAUSES.keys(),
  ...CONTENT_KIND.keys(),
  ...ROOTS,
  ...INTEGRATION_POINTS,
  ...BREAKOUTS,
  'noscript',
]);

/** Attributes by number, likewise; at most 31, since a tag's attributes are bits of one integer. */
export const ATTRIBUTES: readonly string[] = distinct([
  '',
  'href',
  'rel',
  'http-equiv',
  'content',
  'type',
  'style',
  'srcdoc',
  'ping',
  'srcset',
  'imagesrcset',
  'data-srcset',
  'data-lazy-srcset',
  'class',
  ...Array.from(ATTRIBUTE_MEANINGS.keys(), (key) => key.split(' ')[1]!),
  'background',
  ...LAZY_ATTRIBUTES,
]);

/** Meanings by number; 0 is none. The first two are those that the scanner gives itself. */
export const MEANINGS: readonly Meaning[] = [];
const numbers = new Map<string, number>();

/** The number of a meaning; numbers are given out as meanings come up. */
export function meaningNumber(cause: Cause, pull: Pull): number {
  const key = `${cause} ${pull}`;
  let number = numbers.get(key);
  if (number === undefined) {
    number = MEANINGS.length;
    numbers.set(key, number);
    (MEANINGS as Meaning[]).push({ cause, pull }); // only this function adds to it
  }
  return number;
}

meaningNumber('unknown', 'names');
meaningNumber('css.url', 'loads');
meaningNumber('css.import', 'loads');

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** What may stand in a name of each kind of table. */
const HOST_BYTE = /[A-Za-z0-9._-]/;
const SCHEME_BYTE = /[A-Za-z0-9+.-]/;
const URL_BYTE = /[\w.~!$()*+,;=/?#%-]/;

/** Fills the tables of a scanner's memory: bytes, names, meanings. Everything comes from the tables of `html/`. */
export function writeTables(memory: Uint8Array): void {
  writeClasses(memory);
  writeNames(memory);
  new Uint16Array(memory.buffer, layout.TEXT_FOLDS).set(prepared()?.textFolds ?? textFolds());
  const cells = new Int32Array(memory.buffer);
  for (const [element, name] of ELEMENTS.entries()) {
    const tag = tagOf(name);
    let interest = 1 << layout.SRCDOC;
    for (const [attribute, attributeName] of ATTRIBUTES.entries()) {
      const meaning = attribute === 0 ? undefined : meaningOf(tag, attributeName);
      if (meaning === undefined) continue;
      memory[layout.MEANINGS + element * 32 + attribute] = meaningNumber(meaning.cause, meaning.pull);
      interest |= 1 << attribute;
    }
    if (element === layout.BASE) interest |= 1 << layout.HREF;
    if (element === layout.LINK) interest |= 1 << layout.REL;
    if (element === layout.META) interest |= (1 << layout.HTTP_EQUIV) | (1 << layout.CONTENT);
    if (element === layout.SCRIPT) interest |= 1 << layout.TYPE;
    cells[layout.INTEREST / 4 + element] = interest;
    memory[layout.ELEMENT_FLAGS + element] = flagsOf(name);
  }
  for (const [strength, rel] of ['canonical', 'preconnect', 'stylesheet'].entries()) {
    const { cause, pull } = meaningOf(tagOf(`link rel=${rel}`), 'href')!; // every link has a meaning
    memory[layout.REL_MEANINGS + strength] = meaningNumber(cause, pull);
  }
  for (const [number, { pull }] of MEANINGS.entries())
    memory[layout.LOADED + number] = pull === 'loads' ? 1 : 0;
}

function tagOf(text: string): Tag {
  return readTagAt(`<${text === '' ? 'x-other' : text}>`, 0)!; // a whole tag
}

function flagsOf(name: string): number {
  const kind = CONTENT_KIND.get(name);
  return (
    (kind === 'rawtext' || kind === 'rcdata' ? layout.RAW_TEXT : 0) |
    (kind === 'script' ? layout.SCRIPT_DATA : 0) |
    (kind === 'plaintext' ? layout.PLAIN_TEXT : 0) |
    (ROOTS.has(name) ? layout.FOREIGN_ROOT : 0) |
    (INTEGRATION_POINTS.has(name) ? layout.INTEGRATION_POINT : 0) |
    (BREAKOUTS.has(name) ? layout.BREAKOUT : 0) |
    (name === 'br' || name === 'p' ? layout.END_BREAKOUT : 0) |
    (name === 'noscript' ? layout.NOSCRIPT : 0)
  );
}

function writeClasses(memory: Uint8Array): void {
  for (let byte = 0; byte < 256; byte++) {
    const text = byte < 128 ? String.fromCharCode(byte) : '\u0080';
    const isSpace = '\t\n\f\r '.includes(text);
    memory[layout.BYTES + byte] = byte;
    memory[layout.CLASSES + byte] =
      (isSpace ? layout.SPACE : 0) |
      (text === '/' ? layout.SLASH_MARK : 0) |
      (text === '>' ? layout.GREATER_MARK : 0) |
      (text === '=' ? layout.EQUALS_MARK : 0) |
      (/[A-Za-z]/.test(text) ? layout.LETTER : 0) |
      (HOST_BYTE.test(text) ? layout.HOST : 0) |
      ('/?#'.includes(text) ? layout.HOST_END : 0) |
      (SCHEME_BYTE.test(text) ? layout.SCHEME : 0);
    memory[layout.TEXT_CLASSES + byte] =
      ('/"\'\\(@'.includes(text) ? layout.CSS_MARK : 0) |
      (/\w/.test(text) ? layout.CSS_WORD : 0) |
      (isSpace || '"\'()\\'.includes(text) ? layout.CSS_BARE_END : 0) |
      (/[A-Za-z0-9]/.test(text) ? layout.ALPHANUMERIC : 0) |
      (URL_BYTE.test(text) ? layout.URL_PLAIN : 0);
  }
}

/** What the sketch makes of elements, by kind from `IGNORED` on; others may hold anything. */
const ELEMENT_KINDS = new Map(
  [
    'html head body tbody thead tfoot script style link meta noscript title base template',
    'area br col embed hr img input param source track wbr p',
    'td th',
    'tr',
    'li',
    'dt dd',
    'option',
  ].flatMap((names, group) => names.split(' ').map((name) => [name, layout.IGNORED + group])),
);

/** Puts every name once into the hash table that `scan/names.ts` searches. */
function writeNames(memory: Uint8Array): void {
  const names = distinct([
    ...ELEMENTS,
    ...ATTRIBUTES,
    ...FETCHED_RELS,
    ...CONNECTED_RELS,
    ...META_NAMES,
    ...ELEMENT_KINDS.keys(),
  ]);
  if (names.length > 256 || ATTRIBUTES.length > 32 || names.some(({ length }) => length > layout.MAX_NAME))
    throw new RangeError('the vocabulary does not fit its tables');
  for (const [number, name] of names.entries()) {
    if (name === '') continue;
    const entry = layout.NAMES + number * layout.NAME_ENTRY;
    memory[entry] = name.length;
    memory[entry + 1] = Math.max(0, ELEMENTS.indexOf(name));
    memory[entry + 2] = Math.max(0, ATTRIBUTES.indexOf(name));
    memory[entry + 3] = FETCHED_RELS.has(name) ? 2 : CONNECTED_RELS.has(name) ? 1 : 0;
    memory[entry + 4] = META_NAMES.has(name) ? 1 : 0;
    memory[entry + 5] = ELEMENT_KINDS.get(name) ?? 0;
    new DataView(memory.buffer).setInt32(entry + layout.NAME_HASH, hashName(name), true);
    memory.set(Buffer.from(name, 'latin1'), entry + layout.NAME_TEXT);
  }
  const keys = names.map(nameKey);
  const factor = factorFor(keys.slice(1));
  new DataView(memory.buffer).setInt32(layout.NAME_FACTOR, factor, true);
  for (let number = 1; number < names.length; number++)
    memory[layout.NAME_SLOTS + slotOf(keys[number]!, factor)] = number;
}

/** What `nameCandidate` of `scan/names.ts` takes of a name. */
function nameKey(name: string): number {
  const { length } = name;
  const letters = [0, length >>> 1, length - 1].map((at) => name.charCodeAt(at) | 32);
  return letters[0]! | (letters[1]! << 8) | (letters[2]! << 16) | ((length ^ 32) << 24);
}

function slotOf(key: number, factor: number): number {
  return Math.imul(key, factor) >>> (32 - layout.NAME_SLOT_BITS);
}

/** A factor by which each key gets a slot of its own; one in some dozens is such. */
function factorFor(keys: readonly number[]): number {
  for (let factor = 1; factor < 1_000_000; factor += 2) {
    const spread = Math.imul(factor, -1640531535);
    if (new Set(keys.map((key) => slotOf(key, spread))).size === keys.length) return spread;
  }
  throw new RangeError('two names of the vocabulary have the same key');
}

/** `hashRange` of `scan/names.ts`, of a lower-case name. */
function hashName(name: string): number {
  const bytes = Buffer.alloc((name.length + 3) & ~3);
  for (let i = 0; i < name.length; i++) bytes[i] = name.charCodeAt(i) | 32;
  let hash = name.length;
  for (let at = 0; at < bytes.length; at += 4) {
    hash = Math.imul(hash ^ bytes.readInt32LE(at), -1640531535);
    hash ^= hash >>> 15;
  }
  return hash;
}
