/**
 * A project as others read it: STIX 2.1, CSV, JSON, Markdown.
 *
 * Promises: pure and deterministic (the same project gives the same bytes at the same `publishedAt`); nothing in it can act
 * where it is opened: formulas, markup and links are inert; each format says what was left out.
 * Leaves to others: which artifacts are in the project, and sending it anywhere.
 */
export { copyReport, type ComparedPages } from './copy-report.ts';
export { toCsv, toCsvRow } from './csv.ts';
export { toJson } from './json.ts';
export { toMarkdown } from './markdown.ts';
export { toStix } from './stix.ts';
export type { Publication, PublishedArtifact } from './publication.ts';
