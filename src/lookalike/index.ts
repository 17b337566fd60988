/**
 * Look-alike names: does this host name imitate that brand, how, and how surely; and which names would.
 *
 * Promises: pure (no I/O, no clock); `match` takes any text and never throws; an index serves tens of thousands of brands at the
 * speed of a stream of names. Every verdict says what it rests on: letters with code points, edits, place, words beside
 * it, and what speaks against it.
 * Leaves to others: where names come from, whether they exist, which verdicts become observations; copied pages (`similar`).
 */
export { compileBrands, type Brand, type BrandIndex, type IndexOptions } from './brand.ts';
export * from './generate/generate.ts';
export * from './keys.ts';
export * from './match.ts';
export { LEAST_SCORE } from './score.ts';
export * from './verdict.ts';
