import type { ComponentRule } from '../components/rule.ts';
import { CLOUDFLARE_LITERALS } from '../trackers/find-trackers.ts';
import { pageLiterals, stampKindOf, urlLiterals, type StampKind } from '../marks/text-marks.ts';
import { prepared } from '../prepared/index.ts';
import * as layout from './layout.ts';
import { INSIDE_WORD, writeLiterals } from './literal-set.ts';

/** What a literal that stands in a page is for, beside the rules. */
export type LiteralUse = 'rules' | StampKind | 'mail' | 'cloudflare';

/** What a literal of URLs can show. */
export interface UrlSign {
  readonly product: ComponentRule;
  /** Of the host of the URL, not of the page. */
  readonly isPath: boolean;
  readonly isVersioned: boolean;
}

/** The literals that the core looks for. */
export interface Literals {
  /** By number of the literal. */
  readonly uses: readonly LiteralUse[];
  /** By number of the literal of URLs: its number among those of all rules for URLs, and what it can show. */
  readonly urlNumbers: readonly number[];
  readonly urlSigns: readonly (readonly UrlSign[])[];
  /** Texts before a `/` in literals of URLs, and such texts with it: what a URL may begin with whose rest is relative. */
  readonly roots: Endings;
  readonly folders: Endings;
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
  const slashes = ofUrls.flatMap((literal) =>
    Array.from(literal.matchAll(/\//g), ({ index }) => ({ literal, index })).filter(({ index }) => index > 0),
  );
  return {
    uses: [
      ...pageLiterals().map((_, number): LiteralUse => stampKindOf(number) ?? 'rules'),
      ...CLOUDFLARE_LITERALS.map((): LiteralUse => 'cloudflare'),
      'mail',
    ],
    urlNumbers: signs.map(({ number }) => number),
    urlSigns: signs.map(({ marks }) =>
      marks.flatMap((mark) =>
        mark.kind === 'component'
          ? [{ product: mark.rule, isPath: mark.isPath, isVersioned: mark.isVersioned }]
          : [],
      ),
    ),
    roots: new Endings(slashes.map(({ literal, index }) => literal.slice(0, index))),
    folders: new Endings(slashes.map(({ literal, index }) => literal.slice(0, index + 1))),
    hasScheme: ofUrls.some((literal) => literal.includes(':/')),
    hasFragment: ofUrls.some((literal) => literal.includes('#')),
  };
}

/** So many last letters decide which texts another may end with. */
const DECIDING = 8;

/** Texts that others may end with. */
class Endings {
  readonly #short = new Set<string>();
  readonly #long = new Map<string, string[]>();

  constructor(texts: readonly string[]) {
    for (const text of new Set(texts)) {
      if (text.length < DECIDING) {
        this.#short.add(text);
        continue;
      }
      const last = text.slice(-DECIDING);
      const others = this.#long.get(last);
      if (others === undefined) this.#long.set(last, [text]);
      else others.push(text);
    }
  }

  /** Whether a text ends with one of them. */
  endOf(text: string): boolean {
    for (let length = 1; length < DECIDING; length++) if (this.#short.has(text.slice(-length))) return true;
    return this.#long.get(text.slice(-DECIDING))?.some((end) => text.endsWith(end)) === true;
  }
}
