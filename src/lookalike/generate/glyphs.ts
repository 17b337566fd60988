import { LETTERS, type LetterKind } from '../letters.ts';

/** Something to put in a letter's place. */
export interface Glyph {
  readonly text: string;
  /** Of a letter outside ASCII. */
  readonly point: number | undefined;
  /** `ascii`: one or two ASCII characters of similar shape. */
  readonly kind: LetterKind | 'ascii';
  /** UTS #39 allows it in identifiers: browsers show it sooner, registries take it sooner. */
  readonly isAllowed: boolean;
}

/** ASCII characters and pairs that pass for another, the nearest first. */
const ASCII: Readonly<Record<string, string>> = {
  a: '4 o',
  b: '8 d 6 lb h',
  c: 'e',
  d: 'cl b dl',
  e: '3 c',
  f: 't',
  g: 'q 9',
  h: 'lh b n',
  i: 'l 1 j',
  j: 'i',
  k: 'lk ik lc x',
  l: 'i 1 j',
  m: 'rn nn n rr',
  n: 'm r ri h',
  o: '0 c a',
  p: 'q',
  q: 'g p 9',
  r: 'n',
  s: '5 z',
  t: '7 f',
  u: 'v ii',
  v: 'u y',
  w: 'vv uu',
  x: 'k',
  y: 'v',
  z: '2 s',
  '0': 'o',
  '1': 'l i',
  '2': 'z',
  '3': '8 e',
  '4': 'a',
  '5': 's',
  '6': '9 b',
  '7': 't',
  '8': '3 b',
  '9': '6 g',
};

const KIND_ORDER: readonly Glyph['kind'][] = ['identical', 'diacritic', 'ascii', 'near', 'digit'];

/** How near a glyph is; lower is nearer. */
function glyphRank({ kind, isAllowed }: Glyph): number {
  return KIND_ORDER.indexOf(kind) + (isAllowed ? 0 : KIND_ORDER.length);
}

/** Letters and digits → what stands for each, the nearest first. */
export const GLYPHS: ReadonlyMap<string, readonly Glyph[]> = collect();

function collect(): Map<string, readonly Glyph[]> {
  const glyphs = new Map<string, Glyph[]>();
  const add = (letter: string, glyph: Glyph): void => {
    const known = glyphs.get(letter) ?? [];
    if (!known.some(({ text }) => text === glyph.text)) glyphs.set(letter, [...known, glyph]);
  };
  for (const [letter, texts] of Object.entries(ASCII))
    for (const text of texts.split(' '))
      add(letter, { text, point: undefined, kind: 'ascii', isAllowed: true });
  for (const { point, readings, kind, isAllowed } of LETTERS.values())
    for (const letter of readings)
      if (letter.length === 1) add(letter, { text: String.fromCodePoint(point), point, kind, isAllowed });
  for (const known of glyphs.values()) known.sort((a, b) => glyphRank(a) - glyphRank(b));
  return glyphs;
}
