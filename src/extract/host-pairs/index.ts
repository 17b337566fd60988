/**
 * Host pairs: which host made the browser reach which, why, and where that stands.
 *
 * Observed pairs come from the requests of the capture, each with its cause named (`name-cause.ts`); named pairs from
 * what pages, stylesheets, scripts and headers point at without the browser going there. Without DevTools' facts
 * (plain HTTP, imported archives) the markup alone tells, and a pair is observed where the capture holds the request.
 */
import type { Observation } from '#model';
import type { ExtractContext } from '../context.ts';
import { Causes } from './name-cause.ts';
import { addNamedPairs } from './named-pairs.ts';
import { addObservedPairs } from './observed-pairs.ts';
import { PairSet } from './pair.ts';

export type { Basis } from './finding.ts';
export { nameCause, type NamedCause } from './name-cause.ts';

/** The host pairs of a capture: one observation each of parent, cause and child. */
export function hostPairs(context: ExtractContext): Observation[] {
  const causes = new Causes(context);
  const pairs = new PairSet();
  addObservedPairs(pairs, context, causes);
  addNamedPairs(pairs, context, causes);
  return pairs.observations(context);
}
