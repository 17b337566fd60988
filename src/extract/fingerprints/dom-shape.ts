import { sha256 } from '#model';

/**
 * The shape of a page's markup: the first 32 hexadecimal digits of the SHA-256 of its tags in order, start tags by
 * name, end tags as `/`, one space between. Texts, attributes and comments do not count, so pages of one template
 * share it. Undefined for pages of fewer than eight elements: their shape says nothing.
 */
export function domShape(structure: readonly string[]): string | undefined {
  const elements = structure.reduce((count, tag) => (tag === '/' ? count : count + 1), 0);
  return elements < MIN_ELEMENTS ? undefined : sha256(structure.join(' ')).slice(0, 32);
}

export const MIN_ELEMENTS = 8;
