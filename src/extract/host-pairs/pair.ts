import type { Cause, Evidence, Host, Observation } from '#model';
import type { ExtractContext } from '../context.ts';
import { evidenceOf, type Place } from './places.ts';

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
  /** Where it stands; its evidence is made of it when the pair is kept. Pairs without a place have their evidence. */
  readonly place?: Place;
  readonly evidence?: Evidence;
  readonly seenAt?: string | undefined;
}

/**
 * One pair each of parent, cause and child: the observed one, with the most exact evidence, first found. Pairs of the same
 * hosts, which differ in their cause and so are few, are a chain.
 */
export class PairSet {
  readonly #pairs: Pair[] = [];
  /** Parent → child → number of their first pair. */
  readonly #first = new Map<Host, Map<Host, number>>();
  /** Number of a pair → that of the next one of the same hosts; 0 where there is none. */
  readonly #next: number[] = [];

  add(pair: Pair): void {
    const { parent, child, cause } = pair;
    if (parent === child) return;
    let children = this.#first.get(parent);
    if (children === undefined) this.#first.set(parent, (children = new Map()));
    let number = children.get(child);
    if (number === undefined) children.set(child, this.#append(pair));
    else {
      while (this.#pairs[number]!.cause !== cause && this.#next[number] !== 0) number = this.#next[number]!;
      const before = this.#pairs[number]!;
      if (before.cause !== cause) this.#next[number] = this.#append(pair);
      else if (rank(pair) > rank(before)) this.#pairs[number] = pair;
    }
  }

  #append(pair: Pair): number {
    this.#next.push(0);
    return this.#pairs.push(pair) - 1;
  }

  observations(context: ExtractContext): Observation[] {
    return this.#pairs.map((pair) => toObservation(context, pair));
  }
}

function rank({ isObserved, place, evidence = place?.text.evidence ?? {} }: Pair): number {
  const { exchange, isRequest, line, header }: Evidence = evidence;
  const isPlaced = line !== undefined || header !== undefined || place?.text.source !== undefined;
  const isSent = exchange !== undefined && isRequest !== true;
  return (isObserved ? 4 : 0) + (isPlaced ? 2 : 0) + (isSent ? 1 : 0);
}

function toObservation(context: ExtractContext, pair: Pair): Observation {
  const { parent, cause, child, isObserved, depth, url: wholeUrl, place, evidence = {}, seenAt } = pair;
  const { valueLength } = context.limits;
  const url = wholeUrl.slice(0, valueLength);
  const parentUrl = pair.parentUrl?.slice(0, valueLength);
  return context.observe('host-pairs', {
    source: parent,
    label: cause,
    target: child,
    detail: parentUrl === undefined ? { isObserved, depth, url } : { isObserved, depth, url, parentUrl },
    evidence: place === undefined ? evidence : evidenceOf(place, context.archiveOf(place.text.evidence)),
    seenAt,
  });
}
