import { CLOUDFLARE_LITERALS } from '../trackers/find-trackers.ts';
import { isStampLiteral, pageLiterals, urlLiterals } from '../marks/text-marks.ts';
import * as layout from './layout.ts';
import { AFTER_WORD, writeLiterals } from './literal-set.ts';

/** What a literal that stands in a page is for, beside the rules. */
type LiteralUse = 'rules' | 'stamp' | 'base' | 'rename' | 'query' | 'mail' | 'cloudflare';

/** The literals that the core looks for. */
export interface Literals {
  /** By number of the literal. */
  readonly uses: readonly LiteralUse[];
  /** Texts before a `/` in literals of URLs, and such texts with it: what a URL may begin with whose rest is relative. */
  readonly roots: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  /** Some literal of URLs holds the end of a scheme. */
  readonly hasScheme: boolean;
}

/** Fills the core's tables. */
export function openLiterals(memory: Uint8Array): Literals {
  const ofRules = pageLiterals();
  writeLiterals(memory, layout.PAGE_LITERALS, [...ofRules, ...CLOUDFLARE_LITERALS, `${AFTER_WORD}@`]);
  const ofUrls = urlLiterals();
  writeLiterals(memory, layout.URL_LITERALS, ofUrls);
  const slashes = ofUrls.flatMap((literal) =>
    Array.from(literal.matchAll(/\//g), ({ index }) => ({ literal, index })).filter(({ index }) => index > 0),
  );
  return {
    uses: [
      ...ofRules.map((literal, number): LiteralUse => (isStampLiteral(number) ? stampUse(literal) : 'rules')),
      ...CLOUDFLARE_LITERALS.map((): LiteralUse => 'cloudflare'),
      'mail',
    ],
    roots: new Set(slashes.map(({ literal, index }) => literal.slice(0, index))),
    folders: new Set(slashes.map(({ literal, index }) => literal.slice(0, index + 1))),
    hasScheme: ofUrls.some((literal) => literal.includes(':/')),
  };
}

/** The commonest marks of copying tools stand in most pages by chance and are looked at more closely. */
function stampUse(literal: string): LiteralUse {
  if (literal.startsWith('<base')) return 'base';
  if (literal === '%3f') return 'query';
  return /^\.[a-z0-9]{2,5}\?$/.test(literal) ? 'rename' : 'stamp';
}
