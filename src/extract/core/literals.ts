import type { ComponentRule } from '../components/rule.ts';
import { CLOUDFLARE_LITERALS } from '../trackers/find-trackers.ts';
import { pageLiterals, stampKindOf, urlLiterals, type StampKind } from '../marks/text-marks.ts';
import { prepared } from '../prepared/index.ts';
import * as layout from './layout.ts';
import { INSIDE_WORD, writeLiterals } from './literal-set.ts';

/** What a literal that stands in a page is for, beside the rules. */
type LiteralUse = 'rules' | StampKind | 'mail' | 'cloudflare';

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
  /** By number of the literal of URLs: what it can show. */
  readonly urlSigns: readonly (readonly UrlSign[])[];
  /** Texts before a `/` in literals of URLs, and such texts with it: what a URL may begin with whose rest is relative. */
  readonly roots: Endings;
  readonly folders: Endings;
  /** Some literal of URLs holds the end of a scheme. */
  readonly hasScheme: boolean;
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
  };
}

/** Letters from the last one on. */
interface Ending {
  readonly before: Map<string, Ending>;
  isText: boolean;
}

/** Texts that others may end with: a tree of their letters, last one first. */
class Endings {
  readonly #root: Ending = { before: new Map(), isText: false };

  constructor(texts: readonly string[]) {
    for (const text of texts) {
      let node = this.#root;
      for (let at = text.length - 1; at >= 0; at--) {
        let next = node.before.get(text[at]!);
        if (next === undefined) node.before.set(text[at]!, (next = { before: new Map(), isText: false }));
        node = next;
      }
      node.isText = true;
    }
  }

  endOf(text: string): boolean {
    let node: Ending | undefined = this.#root;
    for (let at = text.length - 1; at >= 0 && node !== undefined && !node.isText; at--)
      node = node.before.get(text[at]!);
    return node?.isText === true;
  }
}
