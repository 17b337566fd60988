import type { Cause, Evidence, Host, Observation } from '#model';
import type { ExtractContext } from '../context.ts';

/** A host pair before it is an observation. */
export interface Pair {
  readonly parent: Host;
  readonly cause: Cause;
  readonly child: Host;
  /** The browser made the request; false: the page only names it. */
  readonly isObserved: boolean;
  readonly depth: number;
  readonly url: string;
  readonly parentUrl: string | undefined;
  readonly evidence: Evidence;
  readonly seenAt?: string;
}

/** One pair each of parent, cause and child: the observed one, with the most exact evidence, first found. */
export function bestOfEach(pairs: Iterable<Pair>): Pair[] {
  const best = new Map<string, Pair>();
  for (const pair of pairs) {
    if (pair.parent === pair.child) continue;
    const key = `${pair.parent} ${pair.cause} ${pair.child}`;
    const before = best.get(key);
    if (before === undefined || rank(pair) > rank(before)) best.set(key, pair);
  }
  return [...best.values()];
}

function rank({ isObserved, evidence }: Pair): number {
  const isPlaced = evidence.line !== undefined || evidence.header !== undefined;
  const isSent = evidence.exchange !== undefined && evidence.isRequest !== true;
  return (isObserved ? 4 : 0) + (isPlaced ? 2 : 0) + (isSent ? 1 : 0);
}

export function toObservation(context: ExtractContext, pair: Pair): Observation {
  const { parent, cause, child, isObserved, depth, url, parentUrl, evidence, seenAt } = pair;
  const { valueLength } = context.limits;
  return context.observe('host-pairs', {
    source: parent,
    label: cause,
    target: child,
    detail: {
      isObserved,
      depth,
      url: url.slice(0, valueLength),
      parentUrl: parentUrl?.slice(0, valueLength),
    },
    evidence,
    ...(seenAt !== undefined && { seenAt }),
  });
}
