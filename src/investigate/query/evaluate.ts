import { isWithin, parseHost, registrableDomain, toUnicodeHost } from '#model';
import {
  artifactOfKey,
  compareKeys,
  type KeySet,
  type Matches,
  type MatchKey,
  type NamePattern,
} from '#store';
import { fits } from './compile.ts';
import type { Leaf, Plan } from './plan.ts';

/** Keys of the smallest condition that are looked at in one round, at first; and how many times as many at most in the next. */
const FIRST_ROUND = 500;
const GROWTH = 16;
/** How much longer a round is than one that would give enough if answers lay evenly. */
const MARGIN = 1.5;

/** What a walk found: keys in order, and how far it looked; `horizon` is undefined where it saw the end. */
export interface Walked {
  readonly keys: readonly MatchKey[];
  readonly horizon: MatchKey | undefined;
}

/**
 * Answers a plan page by page, in the order of keys. Conditions joined by AND are met in the store, by one statement a
 * round, the smallest of them first. A round reaches over a range of keys: short at first, which is enough where many
 * answer, then ever longer. What one call may take is bounded: it then says how far it came.
 */
export class Evaluation {
  readonly #matches: Matches;
  readonly #deadline: number;
  readonly #sizes = new Map<KeySet, number>();
  readonly #sorted = new Map<Plan, Promise<KeySet>>();

  constructor(matches: Matches, timeMs: number) {
    this.#matches = matches;
    this.#deadline = performance.now() + timeMs;
  }

  isOver(): boolean {
    return performance.now() > this.#deadline;
  }

  /** An upper bound of how many there are, by the indexes. */
  async size(plan: Plan): Promise<number> {
    return this.#sizes.get(await this.#sort(plan))!;
  }

  /** The next keys behind `after`, at most `limit`. */
  async walk(plan: Plan, after: MatchKey | undefined, limit: number): Promise<Walked> {
    return this.#walk(await this.#sort(plan), after, limit);
  }

  /** The same with the smallest first wherever parts are joined by AND, and with the size of each part known. */
  #sort(plan: Plan): Promise<KeySet> {
    const known = this.#sorted.get(plan);
    if (known !== undefined) return known;
    const sorted = this.#measured(plan);
    this.#sorted.set(plan, sorted);
    return sorted;
  }

  async #measured(plan: Plan): Promise<KeySet> {
    const [set, size] = await this.#sized(plan);
    this.#sizes.set(set, size);
    return set;
  }

  async #sized(plan: Plan): Promise<readonly [KeySet, number]> {
    const sizeOf = (set: KeySet): number => this.#sizes.get(set)!; // of parts, each of which is measured
    switch (plan.kind) {
      case 'and': {
        const [parts, not] = await Promise.all([
          Promise.all(plan.parts.map((part) => this.#sort(part))),
          Promise.all(plan.not.map((part) => this.#sort(part))),
        ]);
        parts.sort((a, b) => sizeOf(a) - sizeOf(b));
        return [{ kind: 'and', parts, not }, sizeOf(parts[0]!)];
      }
      case 'or': {
        const parts = await Promise.all(plan.parts.map((part) => this.#sort(part)));
        return [{ kind: 'or', parts }, parts.reduce((sum, part) => sum + sizeOf(part), 0)];
      }
      case 'keys':
        return [plan, plan.keys.length];
      case 'names':
        return [plan, await this.#matches.estimateNames(plan.pattern)];
      case 'edges':
        return [plan, await this.#matches.estimate(plan.match)];
    }
  }

  async #walk(set: KeySet, after: MatchKey | undefined, limit: number): Promise<Walked> {
    if (set.kind === 'or') return this.#walkAny(set.parts, after, limit);
    const keys: MatchKey[] = [];
    let from = after;
    for (let round = FIRST_ROUND; ;) {
      const isRest = this.#sizes.get(set)! <= round * GROWTH;
      const upTo = isRest ? undefined : await this.#matches.bound(set, { after: from }, round);
      const found = await this.#matches.walk(set, {
        after: from,
        upTo,
        limit: limit - keys.length + 1, // one more says whether there is more
        sizeOf: (part) => this.#sizes.get(part) ?? Number.POSITIVE_INFINITY,
      });
      keys.push(...found);
      if (keys.length > limit) return { keys: keys.slice(0, limit), horizon: keys[limit - 1] };
      if (upTo === undefined || this.isOver()) return { keys, horizon: upTo };
      from = upTo;
      const expected =
        found.length === 0 ? Number.POSITIVE_INFINITY : ((limit - keys.length) / found.length) * round;
      round = Math.ceil(Math.max(round, Math.min(expected * MARGIN, round * GROWTH)));
    }
  }

  async #walkAny(parts: readonly KeySet[], after: MatchKey | undefined, limit: number): Promise<Walked> {
    const walks = await Promise.all(parts.map((part) => this.#walk(part, after, limit)));
    const horizons = walks.flatMap(({ horizon }) => horizon ?? []).sort(compareKeys);
    const nearest = horizons[0];
    const all = [...new Set(walks.flatMap(({ keys }) => keys))].sort(compareKeys);
    const seen = nearest === undefined ? all : all.filter((key) => compareKeys(key, nearest) <= 0);
    if (seen.length > limit) return { keys: seen.slice(0, limit), horizon: seen[limit - 1] };
    return { keys: seen, horizon: nearest };
  }
}

/** Those of the keys that are meant by their names, or given. Of answers: when they were seen is not asked again. */
export function keysOf(
  leaf: Exclude<Leaf, { readonly kind: 'edges' }>,
  keys: readonly MatchKey[],
): MatchKey[] {
  if (leaf.kind === 'names') return keys.filter((key) => isNamed(key, leaf.pattern));
  const given = new Set(leaf.keys);
  return keys.filter((key) => given.has(key));
}

/** The same as the table of names says, by the name alone. */
function isNamed(key: MatchKey, pattern: NamePattern): boolean {
  if (key.startsWith('~')) return false;
  const { value } = artifactOfKey(key);
  switch (pattern.kind) {
    case 'glob':
      return spellingsOf(value).some((name) => fits(name, pattern.text.toLowerCase()));
    case 'label':
      return spellingsOf(value).some((name) => hasLabel(name, pattern.start.toLowerCase()));
    case 'within': {
      const host = parseHost(value);
      if (host === undefined || !isWithin(host, pattern.domain)) return false;
      return pattern.isBelowOnly !== true || host !== pattern.domain;
    }
  }
}

function spellingsOf(name: string): string[] {
  const host = parseHost(name);
  const unicode = host === undefined ? name : toUnicodeHost(host);
  return unicode === name ? [name] : [name, unicode];
}

/** Whether a label at or below the registrable domain begins so. */
function hasLabel(name: string, start: string): boolean {
  const host = parseHost(name);
  const domain = host === undefined ? undefined : registrableDomain(host);
  const labels = name.split('.');
  const last = labels.length - (domain?.split('.').length ?? labels.length);
  for (let from = 0; from <= last; from++) if (labels.slice(from).join('.').startsWith(start)) return true;
  return false;
}
