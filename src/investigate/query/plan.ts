import type { Artifact } from '#model';
import type { EdgeMatch, MatchKey, NamePattern, SeenScope, Span } from '#store';

/** The part of a query that a condition comes from. */
export interface TermPlace {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** When something must have been seen, or how often. */
export interface Scope extends SeenScope {
  readonly count?: Span | undefined;
  readonly isObserved?: boolean | undefined;
}

/** How a query is answered: sets of keys as the store finds them, each with the term that asks for it. */
export type Plan =
  | { readonly kind: 'and'; readonly parts: readonly Plan[]; readonly not: readonly Plan[] }
  | { readonly kind: 'or'; readonly parts: readonly Plan[] }
  | Leaf;

export type Leaf =
  | { readonly kind: 'edges'; readonly match: EdgeMatch; readonly term: TermPlace }
  | { readonly kind: 'names'; readonly pattern: NamePattern; readonly scope: Scope; readonly term: TermPlace }
  /** Sorted. */
  | {
      readonly kind: 'keys';
      readonly keys: readonly MatchKey[];
      readonly scope: Scope;
      readonly term: TermPlace;
    };

/** What people have said of artifacts, as far as queries ask for it. */
export interface Marked {
  /** At most `limit` artifacts with that tag, class, project (by name) or status. */
  find(
    by: 'tag' | 'class' | 'project' | 'status',
    value: string,
    limit: number,
  ): Promise<readonly Artifact[]>;
}

/** Both scopes at once: spans that do not overlap leave nothing. */
export function narrowed(a: Scope, b: Scope): Scope {
  return {
    seen: overlap(a.seen, b.seen),
    firstSeen: overlap(a.firstSeen, b.firstSeen),
    lastSeen: overlap(a.lastSeen, b.lastSeen),
    count: overlap(a.count, b.count),
    isObserved: b.isObserved ?? a.isObserved,
  };
}

function overlap(a: Span | undefined, b: Span | undefined): Span | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const froms = [a.from, b.from].filter((from) => from !== undefined);
  const tos = [a.to, b.to].filter((to) => to !== undefined);
  return {
    from: froms.length === 0 ? undefined : Math.max(...froms),
    to: tos.length === 0 ? undefined : Math.min(...tos),
  };
}

/** The conditions that an answer meets: those under NOT aside. */
export function leavesOf(plan: Plan): Leaf[] {
  return plan.kind === 'and' || plan.kind === 'or' ? plan.parts.flatMap(leavesOf) : [plan];
}
