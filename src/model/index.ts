/**
 * The nouns of Adit: hosts, URLs, digests, personas, captures, datasets, observations, and the base of all errors.
 *
 * Promises: pure (no I/O, no clock), imports no other part; every shape that crosses a border is declared here once.
 * Leaves to others: making captures (`crawl`), keeping them (`archive`), deriving observations (`extract`).
 */
export * from './account.ts';
export * from './artifact.ts';
export * from './brand.ts';
export * from './capture.ts';
export * from './cause.ts';
export * from './dataset.ts';
export { definedOnly } from './defined.ts';
export * from './digest.ts';
export * from './errors.ts';
export * from './host.ts';
export * from './live-event.ts';
export * from './observation.ts';
export * from './page-outline.ts';
export * from './page-sketch.ts';
export * from './persona.ts';
export * from './project.ts';
export * from './project-right.ts';
export * from './scope.ts';
export * from './url.ts';
