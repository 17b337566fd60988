import type { ComponentRule } from '../components/rule.ts';
import { CLOUDFLARE_LITERALS } from '../trackers/find-trackers.ts';
import { pageLiterals, STAMP_KINDS, stampKindOf, urlLiterals, type Mark } from '../marks/text-marks.ts';
import { prepared } from '../prepared/index.ts';
import * as layout from './layout.ts';
import { INSIDE_WORD, writeLiterals } from './literal-set.ts';

/** What a literal that stands in a page is for; numbers by the place in this list. */
export const USES = ['rules', ...STAMP_KINDS, 'mail', 'cloudflare'] as const;
export type LiteralUse = (typeof USES)[number];

/** What a literal of URLs can show. */
export interface UrlSign {
  readonly product: ComponentRule;
  /** Of the host of the URL, not of the page. */
  readonly isPath: boolean;
}

/** The literals that the core looks for. */
export interface Literals {
  /** By number of the literal: numbers of uses. */
  readonly uses: Uint8Array;
  /**
   * By number of the literal of URLs: its number among those of all rules for URLs, and what it can show; undefined where
   * that may be a version, and so something new each time.
   */
  readonly urlNumbers: readonly number[];
  readonly urlSigns: readonly (readonly UrlSign[] | undefined)[];
  /** Texts before a `/` in literals of URLs: what may stand before a relative URL that such a literal reaches into. */
  readonly heads: Endings;
  /** Some literal of URLs holds the end of a scheme; the start of a fragment. */
  readonly hasScheme: boolean;
  readonly hasFragment: boolean;
}

/** The sets of literals, by the place in the core's memory that holds their tables. */
export function literalSets(): readonly { readonly set: number; readonly literals: readonly string[] }[] {
  return [
    { set: layout.PAGE_LITERALS, literals: [...pageLiterals(), ...CLOUDFLARE_LITERALS, `${INSIDE_WORD}@`] },
    { set: layout.URL_LITERALS, literals: urlLiterals().map(({ literal }) => literal) },
  ];
}

/** Fills the core's tables. */
export function openLiterals(memory: Uint8Array): Literals {
  for (const { set, literals } of literalSets()) {
    const tables = prepared()?.literals.get(set);
    if (tables === undefined) writeLiterals(memory, set, literals);
    else memory.set(tables, set);
  }
  const signs = urlLiterals();
  const ofUrls = signs.map(({ literal }) => literal);
  const heads = ofUrls.flatMap((literal) =>
    Array.from(literal.matchAll(/\//g), ({ index }) => literal.slice(0, index)).filter((head) => head !== ''),
  );
  return {
    uses: Uint8Array.from(
      [
        ...pageLiterals().map((_, number): LiteralUse => stampKindOf(number) ?? 'rules'),
        ...CLOUDFLARE_LITERALS.map((): LiteralUse => 'cloudflare'),
        'mail' as const,
      ],
      (use) => USES.indexOf(use),
    ),
    urlNumbers: signs.map(({ number }) => number),
    urlSigns: signs.map(({ marks }) => signsOf(marks.filter((mark) => mark.kind === 'component'))),
    heads: new Endings(heads),
    hasScheme: ofUrls.some((literal) => literal.includes(':/')),
    hasFragment: ofUrls.some((literal) => literal.includes('#')),
  };
}

function signsOf(marks: readonly Extract<Mark, { kind: 'component' }>[]): readonly UrlSign[] | undefined {
  if (marks.some(({ isVersioned }) => isVersioned)) return undefined;
  return marks.map(({ rule, isPath }) => ({ product: rule, isPath }));
}

/** So many last letters decide which texts another may end with. */
const DECIDING = 8;

/** Texts, none empty, that others may end with. */
class Endings {
  /** Those with fewer letters by the last one; the others by the deciding ones. */
  readonly #short: ReadonlyMap<string | undefined, readonly string[]>;
  readonly #long: ReadonlyMap<string, readonly string[]>;

  constructor(texts: readonly string[]) {
    const each = [...new Set(texts)];
    this.#short = Map.groupBy(
      each.filter(({ length }) => length < DECIDING),
      (text) => text.at(-1),
    );
    this.#long = Map.groupBy(
      each.filter(({ length }) => length >= DECIDING),
      (text) => text.slice(-DECIDING),
    );
  }

  /** Whether a text ends with one of them. */
  endOf(text: string): boolean {
    const isEnd = (end: string): boolean => text.endsWith(end);
    return (
      this.#short.get(text.at(-1))?.some(isEnd) === true ||
      this.#long.get(text.slice(-DECIDING))?.some(isEnd) === true
    );
  }
}
