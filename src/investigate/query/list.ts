import { parseArtifact } from '#model';
import { MAX_TERMS, type Syntax, type Term } from './syntax.ts';

/**
 * A list of artifacts as people paste it, one a line or with commas between: any of them. Undefined where the text is
 * anything else, or a single one.
 */
export function parseList(text: string): Syntax | undefined {
  if (!/[\n,;]/.test(text) || /["()]|\b[a-z.-]+:(?!\/\/)\S/i.test(text.replace(/\b\w{2,5}:\/\//g, '')))
    return undefined;
  const terms: Term[] = [];
  for (const match of text.matchAll(/[^\s,;]+/g)) {
    const artifact = parseArtifact(match[0]);
    if (artifact === undefined || artifact.type === 'text' || terms.length === MAX_TERMS) return undefined;
    terms.push({
      kind: 'term',
      field: undefined,
      value: { text: match[0], isQuoted: false },
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  if (terms.length < 2) return undefined;
  return { kind: 'or', parts: terms, start: terms[0]!.start, end: terms.at(-1)!.end };
}
