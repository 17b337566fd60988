/**
 * From an artifact to others: what is known of it, what it shares and with whom, and which hosts belong to the same
 * campaign, with the path that led to each.
 *
 * Promises: every answer comes from stored observations and names them; nothing is guessed, only ranked; values that
 * everybody shares are named as too common instead of followed.
 * Leaves to others: keeping observations (`store`), deciding what is confirmed (the analyst), publishing (`publish`).
 */
export { brandPages, type VersionedPage } from './brand-pages.ts';
export { expand, type Expansion, type ExpansionOptions, type Lead, type Suspect } from './expand.ts';
export { facets } from './facets.ts';
export { graph } from './graph.ts';
export { verdictOf } from './verdict.ts';
export { evaluateSearch, startMonitors, type Monitors } from './monitors.ts';
export { FIELDS as SEARCH_FIELDS } from './query/field.ts';
export type { Marked } from './query/plan.ts';
export { QueryError } from './query/query-error.ts';
export { namesIn, recognise, type NamedArtifact } from './recognise.ts';
export { checkQuery, search, searchKeys } from './search.ts';
export { suggest, type GivenNames } from './suggest.ts';
export { proposeOwned, type OwnershipProposal, type OwnershipReason } from './ownership.ts';
export { pivot, pivotValue, type PivotedEdge, type PivotPage } from './pivot.ts';
export { lifeSpan, summarize, type Summary } from './summary.ts';
export { evidenceWeight } from './weight.ts';
