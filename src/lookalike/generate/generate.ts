import { AditError, parseHost, publicSuffix, registrableDomain } from '#model';
import type { Brand } from '../brand.ts';
import { keyboardNeighbours } from '../keyboard.ts';
import { decodePunycode, encodePunycode } from '../punycode.ts';
import { ABUSED_SUFFIXES, COMMON_SUFFIXES, SLIP_SUFFIXES } from '../tables/suffixes.ts';
import { KEYWORD_KINDS } from '../vocabulary.ts';
import { GLYPHS, type Glyph } from './glyphs.ts';
import { isRegistrable } from './registry-rules.ts';

export const CANDIDATE_TECHNIQUES = [
  'homoglyph',
  'whole-script',
  'ascii-homoglyph',
  'omission',
  'repetition',
  'transposition',
  'replacement',
  'insertion',
  'addition',
  'vowel-swap',
  'plural',
  'bitsquat',
  'hyphenation',
  'missing-dot',
  'subdomain',
  'combo',
  'tld-swap',
  'two-homoglyphs',
] as const;
export type CandidateTechnique = (typeof CANDIDATE_TECHNIQUES)[number];

/** A name that would imitate the brand. */
export interface Candidate {
  /** ASCII. */
  readonly host: string;
  /** With its labels in Unicode. */
  readonly display: string;
  readonly technique: CandidateTechnique;
  /** How well it would deceive and how likely it is to exist, 0 to 1; falls from first to last. */
  readonly score: number;
}

export interface GenerateOptions {
  /** Suffixes to try the name under besides its own; by default those that are common or often abused. */
  readonly suffixes?: readonly string[] | undefined;
  /** Words to put beside the name; by default all that ask for something, and the brand's own. */
  readonly words?: readonly string[] | undefined;
  /** Also names that their registry is known to refuse. */
  readonly withUnregistrable?: boolean | undefined;
}

/** Where homographs are tried besides the brand's own suffix: any name can be had there. */
const OPEN_SUFFIXES = ['com', 'org', 'net'];
const MAX_LABEL = 63;

/** A label to try, under suffixes. */
interface Variant {
  readonly label: string;
  readonly technique: CandidateTechnique;
  readonly score: number;
  /** The brand's own where left out. */
  readonly suffixes?: readonly string[];
  /** No later variant is the same, so that it need not be remembered. */
  readonly isUnique?: boolean;
  /** The label's, where they are known already. */
  readonly points?: readonly number[];
}

/**
 * Names that would imitate the brand's first domain, the most deceptive first, each once, made one at a time: stop when there
 * are enough. A label of eleven letters has some hundred thousand, nearly all of them with two foreign letters. Throws
 * `invalid-brand` where the domain is none.
 */
export function* generate(brand: Brand | string, options: GenerateOptions = {}): Generator<Candidate> {
  const { domains, keywords = [] } = typeof brand === 'string' ? { domains: [brand] } : brand;
  const host = parseHost(domains[0] ?? '');
  const domain = host === undefined ? undefined : registrableDomain(host);
  const suffix = domain === undefined ? undefined : publicSuffix(domain);
  if (domain === undefined || suffix === undefined)
    throw new AditError('invalid-brand', `“${domains[0] ?? ''}” is no domain that a brand can have.`, {
      advice: 'Give the registrable domain, e.g. example.org.',
    });
  const label = unicodeLabel(domain.slice(0, -suffix.length - 1));
  const seen = new Set<string>([domain]);
  const own = [suffix];
  for (const variant of variantsOf(label, suffix, [...keywords], options)) {
    const points = variant.points ?? pointsOf(variant.label);
    const suffixes = (variant.suffixes ?? own).filter(
      (each) => options.withUnregistrable === true || isRegistrable(points, each),
    );
    const ascii = suffixes.length === 0 ? undefined : toAscii(variant.label, points);
    if (ascii === undefined) continue;
    for (const each of suffixes) {
      const name = `${ascii}.${each}`;
      if (seen.has(name)) continue;
      if (variant.isUnique !== true) seen.add(name);
      yield {
        host: name,
        display: ascii === variant.label ? name : `${variant.label}.${each}`,
        technique: variant.technique,
        score: variant.score,
      };
    }
  }
}

function unicodeLabel(ascii: string): string {
  const points = ascii.startsWith('xn--') ? decodePunycode(ascii.slice(4)) : undefined;
  return points === undefined ? ascii : String.fromCodePoint(...points);
}

function pointsOf(label: string): number[] {
  const points: number[] = [];
  for (const letter of label) points.push(letter.codePointAt(0)!);
  return points;
}

/** Undefined where no registry takes it: too long, a hyphen at an end or in third and fourth place. */
function toAscii(label: string, points: readonly number[]): string | undefined {
  const isPlain = points.every((point) => point < 0x80);
  const ascii = isPlain ? label : `xn--${encodePunycode(points)}`;
  if (ascii.length > MAX_LABEL || ascii === '') return undefined;
  if (label.startsWith('-') || label.endsWith('-') || label.slice(2, 4) === '--') return undefined;
  return ascii;
}

/** All variants in falling order of score: each step yields less deceptive ones than the step before. */
function* variantsOf(
  label: string,
  suffix: string,
  keywords: readonly string[],
  options: GenerateOptions,
): Generator<Variant> {
  const open = [...new Set([suffix, ...OPEN_SUFFIXES])];
  const letters = Array.from(label);
  const glyphs = replacements(letters).map((each) => ({ ...each, text: withReplaced(letters, each) }));
  for (const kind of ['identical', 'diacritic'] as const)
    for (const { text, glyph } of glyphs)
      if (glyph.kind === kind && glyph.isAllowed)
        yield {
          label: text,
          technique: 'homoglyph',
          score: kind === 'identical' ? 0.99 : 0.95,
          suffixes: open,
        };
  for (const text of wholeScript(label))
    yield { label: text, technique: 'whole-script', score: 0.94, suffixes: open };
  for (const { text, glyph } of glyphs)
    if (glyph.kind === 'ascii') yield { label: text, technique: 'ascii-homoglyph', score: 0.92 };
  yield* slips(label);
  yield* joined(label, suffix);
  yield* combos(label, options.words ?? [...keywords, ...PRESSING]);
  yield* swaps(label, suffix, options.suffixes ?? DEFAULT_SUFFIXES);
  for (const { text, glyph } of glyphs)
    if (glyph.kind !== 'ascii') yield { label: text, technique: 'homoglyph', score: 0.6, suffixes: open };
  yield* rareSlips(label);
  const takes = (text: string): boolean =>
    options.withUnregistrable === true || isRegistrable(pointsOf(text), suffix);
  yield* twoGlyphs(
    letters,
    glyphs.filter(({ text }) => takes(text)),
  );
}

const PRESSING = [...KEYWORD_KINDS].flatMap(([word, kind]) => (kind === 'pressing' ? [word] : []));
const DEFAULT_SUFFIXES = [...SLIP_SUFFIXES, ...COMMON_SUFFIXES, ...ABUSED_SUFFIXES];

/** One letter of a label replaced: in one place, or alike in several neighbouring ones of its places. */
interface Replacement {
  readonly glyph: Glyph;
  /** Where, in the label's letters. */
  readonly places: readonly number[];
  /** Of the glyph among those for its letter. */
  readonly order: number;
}

/** One place before several, the nearest glyphs first. */
function replacements(letters: readonly string[]): Replacement[] {
  const found: Replacement[] = [];
  for (const letter of new Set(letters)) {
    const places = letters.flatMap((each, at) => (each === letter ? [at] : []));
    for (const [order, glyph] of (GLYPHS.get(letter) ?? []).entries())
      for (let first = 0; first < places.length; first++)
        for (let end = first + 1; end <= places.length; end++)
          found.push({ glyph, places: places.slice(first, end), order });
  }
  return found.sort((a, b) => a.places.length - b.places.length || a.order - b.order);
}

function withReplaced(letters: readonly string[], { glyph, places }: Replacement): string {
  return letters.map((letter, at) => (places.includes(at) ? glyph.text : letter)).join('');
}

/** What two replacements give; one of a letter by a pair, of which a letter is replaced again: d → cl → c1. */
function* twoGlyphs(letters: readonly string[], all: readonly Replacement[]): Generator<Variant> {
  const technique = 'two-homoglyphs';
  const score = 0.3;
  for (const first of all) {
    if (first.glyph.kind !== 'ascii') continue;
    const again = Array.from(withReplaced(letters, first));
    for (const replacement of replacements(again))
      yield { label: withReplaced(again, replacement), technique, score };
  }
  yield* aroundAnother(letters, all);
  const own = letters.map((letter) => letter.codePointAt(0)!);
  for (const [number, first] of all.entries())
    for (let next = number + 1; next < all.length; next++) {
      const second = all[next];
      // What has a glyph of ASCII was made above.
      if (first.glyph.kind === 'ascii' || second.glyph.kind === 'ascii') continue;
      if (second.places.some((at) => first.places.includes(at))) continue;
      // One glyph in neighbouring places of a letter is one replacement.
      if (second.glyph === first.glyph && isNeighbour(letters, first.places, second.places)) continue;
      let label = '';
      const points: number[] = [];
      for (let at = 0; at < letters.length; at++) {
        const glyph = second.places.includes(at)
          ? second.glyph
          : first.places.includes(at)
            ? first.glyph
            : undefined;
        label += glyph?.text ?? letters[at];
        points.push(glyph?.point ?? own[at]);
      }
      yield { label, points, technique, score, isUnique: true };
    }
}

/** Whether no third place of their letter lies between two runs of places. */
function isNeighbour(
  letters: readonly string[],
  some: readonly number[],
  others: readonly number[],
): boolean {
  const [left, right] = some[0] < others[0] ? [some, others] : [others, some];
  const letter = letters[left[0]];
  return letters.indexOf(letter, left.at(-1)! + 1) === right[0];
}

/** Pairs of replacements whose places lie around one another, or in which a pair of letters has one that is replaced elsewhere. */
function* aroundAnother(letters: readonly string[], all: readonly Replacement[]): Generator<Variant> {
  for (const inner of all) {
    const letter = letters[inner.places[0]];
    for (const outer of all) {
      if (outer === inner || outer.places.length < 2) continue;
      const isAround = outer.places[0] < inner.places[0] && outer.places.at(-1)! > inner.places.at(-1)!;
      if (!isAround) continue;
      // A letter replaced alike around places that have another likeness of it (`wlkɨpedla`), or around a pair that holds it (`wïikïpedïa`).
      const isSameLetter = letters[outer.places[0]] === letter;
      if (
        !isSameLetter &&
        !(inner.glyph.kind === 'ascii' && inner.glyph.text.includes(letters[outer.places[0]]))
      )
        continue;
      const texts = [...letters];
      for (const at of outer.places) texts[at] = outer.glyph.text;
      for (const at of inner.places) texts[at] = inner.glyph.text;
      yield { label: texts.join(''), technique: 'two-homoglyphs', score: 0.3 };
    }
  }
}

/** Cyrillic letters that are nearer in shape than those in common use; registries take them seldom, old ones do. */
const NEARER_CYRILLIC = new Set('ьԁԍԛѵԝ');

/** The label all in one other script, where each letter has a likeness there. */
function* wholeScript(label: string): Generator<string> {
  for (const isTaken of [(glyph: Glyph) => glyph.isAllowed, ({ text }: Glyph) => NEARER_CYRILLIC.has(text)])
    for (const script of [/\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u]) {
      const letters = Array.from(label, (letter) => {
        if (/[\d-]/.test(letter)) return letter;
        const glyphs = GLYPHS.get(letter)?.filter(({ text }) => script.test(text)) ?? [];
        return (glyphs.find(isTaken) ?? glyphs.find(({ isAllowed }) => isAllowed))?.text;
      });
      if (letters.every((letter) => letter !== undefined)) yield letters.join('');
    }
}

const cut = (label: string, at: number, width: number, put: string): string =>
  label.slice(0, at) + put + label.slice(at + width);

/** Slips of the finger that people make and squatters register most. */
function* slips(label: string): Generator<Variant> {
  const at = Array.from(label, (_, index) => index);
  for (const i of at) yield { label: cut(label, i, 1, ''), technique: 'omission', score: 0.9 };
  for (const i of at) yield { label: cut(label, i, 0, label[i]), technique: 'repetition', score: 0.9 };
  for (const i of at.slice(1))
    yield { label: cut(label, i - 1, 2, label[i] + label[i - 1]), technique: 'transposition', score: 0.9 };
  yield { label: `${label}s`, technique: 'plural', score: 0.88 };
  for (const i of at)
    if ('aeiou'.includes(label[i]))
      for (const vowel of 'aeiou')
        yield { label: cut(label, i, 1, vowel), technique: 'vowel-swap', score: 0.85 };
  for (const i of at)
    for (const key of keyboardNeighbours(label[i]))
      yield { label: cut(label, i, 1, key), technique: 'replacement', score: 0.82 };
}

/** Dots and hyphens gone astray. */
function* joined(label: string, suffix: string): Generator<Variant> {
  const grown = suffix.replaceAll('.', '');
  const top = suffix.slice(suffix.lastIndexOf('.') + 1);
  yield { label: `www${label}`, technique: 'missing-dot', score: 0.82 };
  yield { label: `www-${label}`, technique: 'missing-dot', score: 0.82 };
  yield { label: `http${label}`, technique: 'missing-dot', score: 0.82 };
  yield { label: `https${label}`, technique: 'missing-dot', score: 0.82 };
  yield {
    label: label + grown,
    technique: 'missing-dot',
    score: 0.82,
    suffixes: [suffix, 'com', 'net', top],
  };
  for (let dot = suffix.indexOf('.'); dot > 0; dot = suffix.indexOf('.', dot + 1))
    yield {
      label: label + suffix.slice(0, dot).replaceAll('.', ''),
      technique: 'missing-dot',
      score: 0.82,
      suffixes: [suffix.slice(dot + 1)],
    };
  yield {
    label: `${label}-${grown}`,
    technique: 'missing-dot',
    score: 0.82,
    suffixes: [suffix, 'com', 'net'],
  };
  for (let at = 1; at < label.length; at++)
    yield { label: cut(label, at, 0, '-'), technique: 'hyphenation', score: 0.81 };
}

/** The name with a word before or after, with and without a hyphen. */
function* combos(label: string, words: readonly string[]): Generator<Variant> {
  for (const word of new Set(words))
    for (const text of [`${label}-${word}`, label + word, `${word}-${label}`, word + label])
      yield { label: text, technique: 'combo', score: 0.8 };
}

function* swaps(label: string, suffix: string, suffixes: readonly string[]): Generator<Variant> {
  const others = [...new Set(suffixes)].filter((each) => each !== suffix);
  yield { label, technique: 'tld-swap', score: 0.7, suffixes: others };
  const top = suffix.slice(suffix.lastIndexOf('.') + 1);
  if (top !== suffix) yield { label, technique: 'tld-swap', score: 0.7, suffixes: [top] };
}

const LETTERS_AND_DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Slips that are possible and seldom met, and dots inside the name. */
function* rareSlips(label: string): Generator<Variant> {
  const at = Array.from(label, (_, index) => index);
  for (const i of at)
    for (const key of keyboardNeighbours(label[i]))
      for (const text of [cut(label, i, 0, key), cut(label, i + 1, 0, key)])
        yield { label: text, technique: 'insertion', score: 0.5 };
  for (const letter of LETTERS_AND_DIGITS)
    for (const text of [label + letter, letter + label])
      yield { label: text, technique: 'addition', score: 0.45 };
  for (const i of at)
    for (let bit = 1; bit < 0x80; bit <<= 1) {
      const flipped = String.fromCharCode(label.charCodeAt(i) ^ bit).toLowerCase();
      if (`${LETTERS_AND_DIGITS}-`.includes(flipped))
        yield { label: cut(label, i, 1, flipped), technique: 'bitsquat', score: 0.42 };
    }
  for (const i of at.slice(1))
    if (label[i] !== '-' && label[i - 1] !== '-')
      yield { label: cut(label, i, 0, '.'), technique: 'subdomain', score: 0.4 };
}
