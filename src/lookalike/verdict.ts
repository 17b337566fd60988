import type { LetterKind } from './letters.ts';

/** What was done to the brand's name; an imitation may combine several. */
export const TECHNIQUES = [
  /** A letter with a mark or stroke for the plain one: ö for o. */
  'idn-diacritic',
  /** Letters of several scripts in one label. */
  'idn-mixed-script',
  /** A label all in another script whose letters look Latin. */
  'idn-whole-script',
  /** Latin letters outside ASCII that look like plain ones without being marked forms of them: ı, ɢ, ƒ. */
  'idn-single-script',
  /** ASCII for ASCII: 0 for o, rn for m. */
  'ascii-homoglyph',
  'typo:omission',
  'typo:repetition',
  'typo:insertion',
  'typo:transposition',
  'typo:substitution',
  'typo:keyboard',
  'typo:vowel',
  /** One bit of a letter differs, as a fault in memory would have it. */
  'typo:bitsquat',
  /** Hyphens inside the brand's name. */
  'hyphenation',
  /** The brand's name beside other words. */
  'combo',
  /** `www`, `https` or the suffix grown to the name for want of a dot. */
  'missing-dot',
  /** The brand's name under another suffix. */
  'tld-swap',
  /** The brand's whole domain, or its name with some suffix, in front of a foreign domain. */
  'subdomain-deception',
  /** The brand's name as a label below a foreign domain. */
  'brand-in-subdomain',
  /** The brand's name where anyone can have a name: hosting, dynamic DNS. */
  'brand-on-hosting',
] as const;
export type Technique = (typeof TECHNIQUES)[number];

/** How much a name asks to be looked at. */
export type Level = 'HIGH' | 'MEDIUM' | 'LOW';

/** A character of the name that stands for something else in the brand's. */
export interface Letter {
  /** As displayed; two characters where two stand for one (`rn`). */
  readonly text: string;
  /** Index of the first character in the displayed label. */
  readonly position: number;
  /** `U+00FC`; for two characters both, with a space between. */
  readonly codePoint: string;
  /** In Unicode; for two characters both, with a comma between; undefined where not known. */
  readonly name: string | undefined;
  /** What the brand has in its place. */
  readonly standsFor: string;
  /** `ascii`: look-alikes in ASCII; `typo`: another letter. */
  readonly kind: LetterKind | 'ascii' | 'typo';
  /** Undefined for ASCII digits. */
  readonly script: string | undefined;
}

/** What speaks against an imitation; each lowers the score as said in score.ts. */
export interface CounterEvidence {
  readonly kind: 'popular' | 'word' | 'common-brand-word' | 'tenant' | 'loose-context';
  readonly detail: string;
}

/** How a browser would show the name. */
export interface Display {
  /** As Chromium shows it, its list of popular sites left aside. */
  readonly text: string;
  /** Labels that it would leave in Punycode, and why. */
  readonly refused: readonly { readonly label: string; readonly rule: string }[];
}

/** The name imitates the brand. */
export interface Imitation {
  readonly kind: 'imitation';
  /** As it was read: lower case, ASCII. */
  readonly host: string;
  readonly display: Display;
  /** The brand's id. */
  readonly brand: string;
  readonly level: Level;
  /** 0 to 1. */
  readonly score: number;
  /** What weighs most first. */
  readonly techniques: readonly Technique[];
  readonly letters: readonly Letter[];
  /** Part of the name, as displayed, that imitates, and what of the brand. */
  readonly part: string;
  readonly imitates: string;
  /** Weighted distance of the two by letters; 0 where they read the same. 1 is one ordinary edit. */
  readonly distance: number;
  /** Words beside the brand's name that ask for something. */
  readonly keywords: readonly string[];
  readonly counterEvidence: readonly CounterEvidence[];
  /** In words: one sentence for each thing that was found. */
  readonly reasons: readonly string[];
}

/** The name is the brand's own, or lies below one that is. */
export interface OwnName {
  readonly kind: 'own';
  readonly host: string;
  readonly brand: string;
  /** The owned domain that it lies within. */
  readonly domain: string;
}

/** Why a text is no name; `invalid-idna` is one that exists in DNS but that IDNA forbids. */
export type Fault =
  | 'empty'
  | 'ip-address'
  | 'empty-label'
  | 'label-too-long'
  | 'name-too-long'
  | 'bad-character'
  | 'bad-punycode'
  | 'numeric-suffix'
  | 'invalid-idna';

export interface MalformedName {
  readonly kind: 'malformed';
  readonly host: string;
  readonly fault: Fault;
}

export type Verdict = Imitation | OwnName | MalformedName;
