import { isWithin, parseHost, registrableDomain, toUnicodeHost } from '#model';
import { artifactOfKey, compareKeys, type Matches, type MatchKey, type SeenSpan, type Span } from '#store';
import { fits } from './compile.ts';
import { isScoped, type Leaf, type Plan, type Scope } from './plan.ts';

/** Keys looked at in one round, at first and at most. */
const FIRST_ROUND = 400;
const LARGEST_ROUND = 5_000;

/** What a walk found: keys in order, and how far it looked; `horizon` is undefined where it saw the end. */
export interface Walked {
  readonly keys: readonly MatchKey[];
  readonly horizon: MatchKey | undefined;
}

/**
 * Answers a plan page by page, in the order of keys. Of conditions joined by AND the rarest is walked along, and the
 * others are asked about what it gives: so a page costs what its answers cost, not what the most common value has. What
 * one call may read is bounded: it then says how far it came.
 */
export class Evaluation {
  readonly #matches: Matches;
  readonly #deadline: number;
  readonly #sizes = new Map<Plan, number>();

  constructor(matches: Matches, timeMs: number) {
    this.#matches = matches;
    this.#deadline = performance.now() + timeMs;
  }

  isOver(): boolean {
    return performance.now() > this.#deadline;
  }

  /** An upper bound of how many there are, by the indexes. */
  async size(plan: Plan): Promise<number> {
    const known = this.#sizes.get(plan);
    if (known !== undefined) return known;
    const size = await this.#measure(plan);
    this.#sizes.set(plan, size);
    return size;
  }

  async #measure(plan: Plan): Promise<number> {
    switch (plan.kind) {
      case 'and':
        return Math.min(...(await Promise.all(plan.parts.map((part) => this.size(part)))));
      case 'or':
        return (await Promise.all(plan.parts.map((part) => this.size(part)))).reduce(
          (sum, size) => sum + size,
          0,
        );
      case 'keys':
        return plan.keys.length;
      case 'names':
        return this.#matches.estimateNames(plan.pattern);
      case 'edges':
        return this.#matches.estimate(plan.match);
    }
  }

  /** The next keys behind `after`, at most `limit`. */
  async walk(plan: Plan, after: MatchKey | undefined, limit: number): Promise<Walked> {
    switch (plan.kind) {
      case 'and':
        return this.#walkAll(plan, after, limit);
      case 'or':
        return this.#walkAny(plan.parts, after, limit);
      default:
        return this.#walkLeaf(plan, after, limit);
    }
  }

  async #walkAll(
    plan: Plan & { readonly kind: 'and' },
    after: MatchKey | undefined,
    limit: number,
  ): Promise<Walked> {
    const sizes = await Promise.all(plan.parts.map((part) => this.size(part)));
    const [driver, ...others] = plan.parts
      .map((part, index) => ({ part, size: sizes[index]! }))
      .sort((a, b) => a.size - b.size)
      .map(({ part }) => part);
    const keys: MatchKey[] = [];
    let from = after;
    for (let round = FIRST_ROUND; ; round = Math.min(round * 2, LARGEST_ROUND)) {
      const { keys: candidates, horizon } = await this.walk(driver!, from, round);
      let left = candidates;
      for (const other of others) left = await this.filter(other, left);
      for (const taken of plan.not) {
        const out = new Set(await this.filter(taken, left));
        left = left.filter((key) => !out.has(key));
      }
      keys.push(...left);
      if (keys.length >= limit) {
        const isAll = keys.length === limit && horizon === undefined;
        return { keys: keys.slice(0, limit), horizon: isAll ? undefined : keys[limit - 1] };
      }
      if (horizon === undefined || this.isOver()) return { keys, horizon };
      from = horizon;
    }
  }

  async #walkAny(parts: readonly Plan[], after: MatchKey | undefined, limit: number): Promise<Walked> {
    const walks = await Promise.all(parts.map((part) => this.walk(part, after, limit)));
    const horizons = walks.flatMap(({ horizon }) => horizon ?? []).sort(compareKeys);
    const nearest = horizons[0];
    const all = [...new Set(walks.flatMap(({ keys }) => keys))].sort(compareKeys);
    const seen = nearest === undefined ? all : all.filter((key) => compareKeys(key, nearest) <= 0);
    if (seen.length > limit) return { keys: seen.slice(0, limit), horizon: seen[limit - 1] };
    return { keys: seen, horizon: nearest };
  }

  async #walkLeaf(leaf: Leaf, after: MatchKey | undefined, limit: number): Promise<Walked> {
    if (leaf.kind === 'keys') {
      const behind = after === undefined ? leaf.keys : leaf.keys.filter((key) => compareKeys(key, after) > 0);
      const some = behind.slice(0, limit);
      return {
        keys: await this.#within(leaf.scope, some),
        horizon: some.length < behind.length ? some.at(-1) : undefined,
      };
    }
    const keys =
      leaf.kind === 'edges'
        ? await this.#matches.walk(leaf.match, { after, limit })
        : await this.#matches.walkNames(leaf.pattern, { after, limit });
    const horizon = keys.length < limit ? undefined : keys.at(-1);
    return { keys: leaf.kind === 'names' ? await this.#within(leaf.scope, keys) : keys, horizon };
  }

  /** Those of the keys that meet the plan, in the order given. */
  async filter(plan: Plan, keys: readonly MatchKey[]): Promise<readonly MatchKey[]> {
    if (keys.length === 0) return keys;
    switch (plan.kind) {
      case 'and': {
        let left = keys;
        for (const part of plan.parts) left = await this.filter(part, left);
        for (const taken of plan.not) {
          const out = new Set(await this.filter(taken, left));
          left = left.filter((key) => !out.has(key));
        }
        return left;
      }
      case 'or': {
        const found = new Set<MatchKey>();
        for (const part of plan.parts) {
          const rest = keys.filter((key) => !found.has(key));
          for (const key of await this.filter(part, rest)) found.add(key);
        }
        return keys.filter((key) => found.has(key));
      }
      case 'keys': {
        const held = new Set(plan.keys);
        return this.#within(
          plan.scope,
          keys.filter((key) => held.has(key)),
        );
      }
      case 'names': {
        return this.#within(
          plan.scope,
          keys.filter((key) => isNamed(key, plan)),
        );
      }
      case 'edges': {
        const found = await this.#matches.filter(plan.match, keys);
        return keys.filter((key) => found.has(key));
      }
    }
  }

  /** Of names and given keys: those that were seen as the scope says. */
  async #within(scope: Scope, keys: readonly MatchKey[]): Promise<readonly MatchKey[]> {
    if (!isScoped(scope) || keys.length === 0) return keys;
    const spans = await this.#matches.spans(keys);
    return keys.filter((key) => isSeenWithin(scope, spans.get(key)));
  }
}

function isSeenWithin({ seen, firstSeen, lastSeen }: Scope, span: SeenSpan | undefined): boolean {
  if (span === undefined) return false;
  const [first, last] = [Date.parse(span.firstSeen), Date.parse(span.lastSeen)];
  const isIn = (at: number, { from, to }: Span = {}): boolean =>
    at >= (from ?? Number.NEGATIVE_INFINITY) && at <= (to ?? Number.POSITIVE_INFINITY);
  return (
    isIn(first, firstSeen) &&
    isIn(last, lastSeen) &&
    isIn(last, { from: seen?.from }) &&
    isIn(first, { to: seen?.to })
  );
}

/** The same as the table of names says, by the name alone. */
function isNamed(key: MatchKey, { pattern }: Leaf & { readonly kind: 'names' }): boolean {
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
