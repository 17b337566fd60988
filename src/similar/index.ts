/**
 * Does this page copy that page? Signatures of pages, an index over them, verdicts with reasons.
 *
 * Promises: pure (no I/O, no clock); the same pages give the same verdict; every verdict says why in words and numbers that
 * can be checked against both pages. A tool's stamp, a shared template or a badge alone never makes a copy.
 * Leaves to others: reading pages (`extract` gives their sketches), keeping signatures (`store`), who owns what (brands).
 */
export { BANDINGS, BAND_COUNT, bandKeys, NO_KEY, type Banding } from './bands.ts';
export type { CopyEvidence, EvidenceKind, Reference } from './evidence.ts';
export type { Difference } from './explain/differences.ts';
export { explain, type Explanation, type Hotlink } from './explain/explain.ts';
export type { Outline } from './explain/outline.ts';
export { judge, type CopyVerdict } from './judge.ts';
export {
  domainHash,
  keepSignature,
  keptKeys,
  openProfile,
  openSignature,
  type KeptSignature,
} from './keep.ts';
export { likenessOf, type Likeness } from './likeness.ts';
export {
  signPage,
  type HostClaim,
  type HostLoads,
  type PageProfile,
  type PageSignature,
  type PageStamp,
  type Picture,
} from './page.ts';
export { Percolator, type CopyHit } from './percolator.ts';
export { pictureLikeness, pictureOf, type GrayImage } from './picture.ts';
export { hostsAmong, resemblance, type SetKind } from './sketch.ts';
