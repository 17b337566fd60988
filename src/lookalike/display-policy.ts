import { domainToUnicode } from 'node:url';
import { LETTERS, isAllowedLetter, scriptOf } from './letters.ts';
import type { NameLabel } from './read-name.ts';
import type { Display } from './verdict.ts';

/**
 * Whether Chromium shows a label of a name in Unicode: its IDN display policy, modelled rule by rule (checked against the
 * recorded behaviour of Chromium 156; docs/lookalike.md lists where the two differ). What it shows is evidence of what a victim
 * saw, not a verdict: it shows bitcöingold.org as written. The one rule left out is that labels which resemble one of
 * Chromium's own list of popular sites stay in Punycode.
 */
export function displayHost(labels: readonly NameLabel[]): Display {
  const refused: { label: string; rule: string }[] = [];
  const tld = labels.at(-1)?.unicode ?? '';
  const shown = labels.map((label) => {
    if (label.points === undefined) return label.ascii;
    const rule = refusalOf(label, label.points, tld);
    if (rule === undefined) return label.unicode;
    refused.push({ label: label.ascii, rule });
    return label.ascii;
  });
  return { text: shown.join('.'), refused };
}

/** Whether IDNA, as browsers process it (UTS #46, not transitional), takes the label as it is. */
export function isValidIdna({ ascii, unicode }: NameLabel): boolean {
  return ascii === unicode || domainToUnicode(ascii) === unicode;
}

/** A rule by which Chromium leaves a label in Punycode, and what it says of the label. */
interface Rule {
  readonly says: string;
  readonly applies: (label: DisplayedLabel) => boolean;
}

interface DisplayedLabel {
  readonly text: string;
  readonly points: readonly number[];
  readonly tld: string;
  /** Of its letters; Common and Inherited left out. */
  readonly scripts: ReadonlySet<string>;
}

function refusalOf(label: NameLabel, points: readonly number[], tld: string): string | undefined {
  const text = label.unicode;
  if (!isValidIdna(label)) return 'it is not valid in IDNA';
  const scripts = new Set(points.map(scriptOf).filter((script) => script !== undefined));
  const displayed = { text, points, tld, scripts };
  return RULES.find(({ applies }) => applies(displayed))?.says;
}

/** Allowed by UTS #39, but too easily taken for something else in an address bar. */
const DENIED =
  /[\u0338\u0138\u01cd-\u01dc\u058a\u1e00-\u1e9b\u1f00-\u1fff\u2010\u2019\u2027\u02bb\u02bc\u30a0]/u;

/** Sets of scripts that may stand in one label: UTS #39, highly restrictive. */
const MIXES: readonly ReadonlySet<string>[] = [
  new Set(['Latin', 'Han', 'Hiragana', 'Katakana']),
  new Set(['Latin', 'Han', 'Bopomofo']),
  new Set(['Latin', 'Han', 'Hangul']),
];

/** Countries where a script is at home: there, a label all in it is taken for what it is. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  Armenian: ['am'],
  Cyrillic: ['bg', 'by', 'kz', 'ru', 'su', 'ua', 'uz'],
  Ethiopic: ['er', 'et'],
  Georgian: ['ge'],
  Greek: ['gr'],
  Hebrew: ['il'],
  Myanmar: ['mm'],
  Thai: ['th'],
};

const JAPANESE = String.raw`\p{scx=Hira}\p{scx=Kana}\p{scx=Hani}`;

const RULES: readonly Rule[] = [
  {
    says: 'it has characters that identifiers may not have',
    applies: ({ points, text }) => DENIED.test(text) || !points.every(isShowable),
  },
  { says: 'hyphens stand where they may not', applies: ({ text }) => /^-|-$|^..--/u.test(text) },
  { says: 'it mixes scripts', applies: ({ scripts }) => !isMixable(scripts) },
  { says: 'it mixes digits of several scripts', applies: ({ points }) => digitSystems(points).size > 1 },
  { says: 'a mark is repeated', applies: ({ text }) => /(\p{Mn})\1/u.test(text.normalize('NFD')) },
  { says: 'þ and ð stand for b and o outside Iceland', applies: outside(/[þð]/u, 'is') },
  { says: 'ə stands for e outside Azerbaijan', applies: outside(/ə/u, 'az') },
  {
    says: 'a middle dot stands elsewhere than in Catalan l·l',
    applies: ({ text, tld }) => text.includes('·') && (tld !== 'cat' || /(?<!l)·|·(?!l)/u.test(text)),
  },
  { says: 'all its letters look like Latin ones', applies: isWholeScriptConfusable },
  { says: 'all of it looks like digits', applies: looksLikeNumber },
  {
    says: 'letters of another script stand beside Latin ones with marks',
    applies: ({ text }) =>
      /(?![a-z])\p{Script=Latin}/u.test(text) &&
      /[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]/u.test(
        text,
      ),
  },
  {
    says: 'Japanese or Chinese strokes pass for slashes',
    applies: matching(between('[\u30ce\u30f3\u30bd\u30be\u4e36\u4e40\u4e41\u4e3f]')),
  },
  { says: '一 or ㄧ passes for a hyphen', applies: matching(besideLatin('[\u4e00\u3127]')) },
  {
    says: 'a kana mark does not follow kana',
    applies: matching(String.raw`(?<![\p{scx=Kana}])[\u30fd\u30fe]|(?<![\p{scx=Hira}\p{scx=Kana}])\u30fc`),
  },
  { says: 'a middle dot stands beside Latin letters', applies: matching('[a-z]\u30fb|\u30fb[a-z]') },
  {
    says: 'hiragana and katakana of one shape are exchanged',
    applies: matching(
      String.raw`^\p{scx=Kana}+[\u3078-\u307a]\p{scx=Kana}+$|^\p{scx=Hira}+[\u30d8-\u30da]\p{scx=Hira}+$`,
    ),
  },
  { says: 'a kana sound mark stands alone', applies: matching('[\u3099\u309a]') },
  {
    says: 'a mark stands on a letter that takes none',
    applies: matching(String.raw`[^\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}][\u0300-\u0339]`),
  },
  {
    says: 'a mark stands on a dotless letter, or a dot on a dotted one',
    applies: matching('[\u0131\u0237][\u0300-\u0339]|[ijl]\u0307'),
  },
];

function matching(pattern: string): Rule['applies'] {
  const expression = new RegExp(pattern, 'u');
  return ({ text }) => expression.test(text);
}
function outside(letters: RegExp, home: string): Rule['applies'] {
  return ({ text, tld }) => tld !== home && letters.test(text);
}
/** The characters with something that is not Japanese on both sides. */
function between(characters: string): string {
  return `[^${JAPANESE}]${characters}[^${JAPANESE}]`;
}
/** The characters with nothing Japanese or Chinese beside them, in a label that has other letters. */
function besideLatin(characters: string): string {
  return `[a-z]${characters}|${characters}[a-z]`;
}

const isShowable = (point: number): boolean => point < 0x80 || isAllowedLetter(point);

function isMixable(scripts: ReadonlySet<string>): boolean {
  return scripts.size <= 1 || MIXES.some((mix) => [...scripts].every((script) => mix.has(script)));
}

/** Code points of the zeros of the decimal digits that occur: each system is ten digits in a row. */
function digitSystems(points: readonly number[]): Set<number> {
  const zeros = new Set<number>();
  for (const point of points) {
    if (!/\p{Nd}/u.test(String.fromCodePoint(point))) continue;
    let zero = point;
    while (point - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    zeros.add(zero);
  }
  return zeros;
}

/** A label in one script other than Latin, all of whose letters read as ASCII, under a domain where the script is not at home. */
function isWholeScriptConfusable({ text, points, tld, scripts }: DisplayedLabel): boolean {
  const [script] = scripts;
  if (scripts.size !== 1 || script === undefined || script === 'Latin') return false;
  if (HOMES[script]?.includes(tld) || new RegExp(`\\p{Script=${script}}`, 'u').test(tld)) return false;
  return points.every((point) => point < 0x80 || isTwin(point)) && text !== '';
}

/** Scripts of which nearly every letter is in use somewhere, so that only true twins of Latin letters count. */
const CLOSE_SCRIPTS = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u;
/** Where Chromium 156, as recorded, counts otherwise than the fold table's kinds say. */
const ALSO_TWINS = new Set('пкκ');
const NO_TWINS = new Set('шσ');

function isTwin(point: number): boolean {
  const letter = String.fromCodePoint(point);
  const kind = LETTERS.get(point)?.kind;
  if (kind === undefined || NO_TWINS.has(letter)) return false;
  return kind === 'identical' || kind === 'digit' || ALSO_TWINS.has(letter) || !CLOSE_SCRIPTS.test(letter);
}

/** Digits and letters that look like digits, some of them not ASCII. */
function looksLikeNumber({ points }: DisplayedLabel): boolean {
  return points.every(
    (point) =>
      (point >= 0x30 && point <= 0x39) ||
      (LETTERS.get(point)?.readings.some((text) => /^\d$/.test(text)) ?? false),
  );
}
