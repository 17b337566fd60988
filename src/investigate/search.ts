import { createHash } from 'node:crypto';
import { AditError, isIpHost, parseHost, toUnicodeHost, type Artifact, type DatasetId } from '#model';
import {
  artifactOfKey,
  compareKeys,
  type Edge,
  type MatchKey,
  type ObservationStore,
  type SeenSpan,
} from '#store';
import { z } from 'zod';
import { Compiler } from './query/compile.ts';
import { Evaluation, keysOf } from './query/evaluate.ts';
import { leavesOf, type Leaf, type Marked, type Plan, type TermPlace } from './query/plan.ts';
import { parseQuery } from './query/syntax.ts';
import { parseList } from './query/list.ts';
import { evidenceWeight } from './weight.ts';

/** `name`: hosts by their labels from the right; the others, of all answers where they are few enough. */
const SEARCH_SORTS = ['name', 'lastSeen', 'firstSeen', 'rarity'] as const;
type SearchSort = (typeof SEARCH_SORTS)[number];

export interface SearchOptions {
  readonly query: string;
  readonly sort?: SearchSort | undefined;
  /** Default 50, at most 500. */
  readonly limit?: number | undefined;
  /** Of the page before, with the same query and order. */
  readonly cursor?: string | undefined;
  readonly marked?: Marked | undefined;
  readonly now?: (() => number) | undefined;
  /** How long answers are looked for; default 2 s, in another order than by name 5 s. What was found by then is the page. */
  readonly timeMs?: number | undefined;
}

/** An edge by which an artifact answers the query. */
interface Reason extends Edge {
  /** How many share the value on the other side; 1: nobody else. */
  readonly shared: number;
}

/** Why an artifact is an answer: one entry a condition that it meets. */
interface Why {
  readonly term: TermPlace;
  /** `edges`: by these; `name`: by its own; `mark`: by what people said of it. */
  readonly by: 'edges' | 'name' | 'mark';
  /** A few, those last seen first. */
  readonly edges: readonly Reason[];
}

interface Hit {
  readonly artifact: Artifact;
  readonly unicode?: string;
  readonly why: readonly Why[];
  /** How many share the rarest value among the reasons. */
  readonly rarest?: number;
  /** Of the edges that are the reasons; of the host where there are none. */
  readonly firstSeen?: string;
  readonly lastSeen?: string;
}

/** What kept an answer from being whole. */
interface SearchLimit {
  readonly limit: 'time' | 'sorted';
  readonly text: string;
}

export interface SearchPage {
  readonly hits: readonly Hit[];
  /** Present while there may be more. */
  readonly cursor?: string;
  /** How many answers there are: exactly, or at most. */
  readonly total: { readonly count: number; readonly isExact: boolean };
  /** What words without a field were taken for. */
  readonly recognised: readonly (TermPlace & { readonly artifact: Artifact })[];
  readonly limits: readonly SearchLimit[];
}

const DEFAULT_PAGE = 50;
const MAX_HITS = 500;
/** Answers that are put in another order than that of names. */
const MAX_SORTED = 2_000;
const TIME_MS = 2_000;
const SORT_TIME_MS = 5_000;
const EDGES_A_TERM = 3;

/** Artifacts that answer a query, hosts first, each with why. Throws QueryError, and `bad-cursor`. */
export async function search(store: ObservationStore, options: SearchOptions): Promise<SearchPage> {
  const { query, sort = 'name' } = options;
  const limit = Math.max(1, Math.min(options.limit ?? DEFAULT_PAGE, MAX_HITS));
  const name = createHash('sha256').update(`${sort} ${query}`).digest('base64url').slice(0, 12);
  const position = options.cursor === undefined ? undefined : parseCursor(options.cursor, name);
  const now = position?.now ?? (options.now ?? Date.now)();
  const { plan, recognised } = await compile(store, query, options.marked ?? NOBODY, now);
  if (plan === undefined) return { hits: [], total: { count: 0, isExact: true }, recognised, limits: [] };
  const run = new SearchRun(store, plan);
  const page =
    sort === 'name'
      ? await run.page(position?.at, limit, options.timeMs ?? TIME_MS)
      : await run.sortedPage(sort, parseOffset(position?.at), limit, options.timeMs ?? SORT_TIME_MS);
  const { next, hits, total, limits } = page;
  return {
    hits,
    ...(next !== undefined && {
      cursor: Buffer.from(JSON.stringify([name, now, next])).toString('base64url'),
    }),
    total,
    recognised,
    limits,
  };
}

/** All keys that answer a query, as far as `limit` and the time allow; for standing questions. */
export async function searchKeys(
  store: ObservationStore,
  options: {
    readonly query: string;
    readonly limit: number;
    readonly timeMs: number;
    readonly marked?: Marked | undefined;
    readonly now: number;
  },
): Promise<{ readonly keys: readonly MatchKey[]; readonly isWhole: boolean }> {
  const { plan } = await compile(store, options.query, options.marked ?? NOBODY, options.now);
  if (plan === undefined) return { keys: [], isWhole: true };
  const { keys, horizon } = await gather(new Evaluation(store.matches, options.timeMs), plan, options.limit);
  return { keys, isWhole: horizon === undefined };
}

/** Reads a query without asking it. Throws QueryError. */
export async function checkQuery(store: ObservationStore, query: string): Promise<void> {
  await compile(store, query, NOBODY, Date.now());
}

const NOBODY: Marked = { find: async () => [] };

async function compile(
  store: ObservationStore,
  query: string,
  marked: Marked,
  now: number,
): Promise<{ readonly plan: Plan | undefined; readonly recognised: Compiler['recognised'] }> {
  const syntax = parseList(query) ?? parseQuery(query);
  const compiler = new Compiler(query, store.matches, marked, now);
  const plan = syntax === undefined ? undefined : await compiler.compile(syntax);
  return { plan, recognised: compiler.recognised };
}

async function gather(evaluation: Evaluation, plan: Plan, limit: number, after?: MatchKey) {
  const keys: MatchKey[] = [];
  let from = after;
  for (;;) {
    const walked = await evaluation.walk(plan, from, limit - keys.length);
    keys.push(...walked.keys);
    if (walked.horizon === undefined || keys.length >= limit || evaluation.isOver())
      return { keys, horizon: walked.horizon };
    from = walked.horizon;
  }
}

interface HitPage {
  readonly hits: readonly Hit[];
  readonly next: string | undefined;
  readonly total: SearchPage['total'];
  readonly limits: readonly SearchLimit[];
}

class SearchRun {
  readonly #store: ObservationStore;
  readonly #plan: Plan;

  constructor(store: ObservationStore, plan: Plan) {
    this.#store = store;
    this.#plan = plan;
  }

  async page(after: string | undefined, limit: number, timeMs: number): Promise<HitPage> {
    const evaluation = new Evaluation(this.#store.matches, timeMs);
    const { keys, horizon } = await gather(evaluation, this.#plan, limit, after);
    const isCut = horizon !== undefined && keys.length < limit;
    const isAll = after === undefined && horizon === undefined;
    return {
      hits: await this.#hits(keys),
      next: horizon,
      total: isAll
        ? { count: keys.length, isExact: true }
        : { count: Math.max(keys.length, await evaluation.size(this.#plan)), isExact: false },
      limits: isCut
        ? [
            {
              limit: 'time',
              text: 'The search takes long: these are the answers so far, the next page goes on.',
            },
          ]
        : [],
    };
  }

  /** All answers, as far as they are few enough, in another order. */
  async sortedPage(
    sort: Exclude<SearchSort, 'name'>,
    offset: number,
    limit: number,
    timeMs: number,
  ): Promise<HitPage> {
    const evaluation = new Evaluation(this.#store.matches, timeMs);
    const { keys, horizon } = await gather(evaluation, this.#plan, MAX_SORTED);
    const sorted = sort === 'rarity' ? await this.#byRarity(keys) : await this.#byTime(keys, sort);
    const end = offset + limit;
    return {
      hits: await this.#hits(sorted.slice(offset, end)),
      next: end < sorted.length ? String(end) : undefined,
      total:
        horizon === undefined
          ? { count: keys.length, isExact: true }
          : { count: Math.max(keys.length, await evaluation.size(this.#plan)), isExact: false },
      limits:
        horizon === undefined
          ? []
          : [
              {
                limit: 'sorted',
                text: `Only the first ${keys.length} answers by name are in this order: ask for less, or sort by name.`,
              },
            ],
    };
  }

  async #byTime(keys: readonly MatchKey[], sort: 'firstSeen' | 'lastSeen'): Promise<MatchKey[]> {
    const reasons = await this.#reasons(keys, 1);
    const spans = await this.#spans(keys, reasons);
    const at = (key: MatchKey): string => spans.get(key)?.[sort] ?? '';
    return [...keys].sort((a, b) => (at(a) < at(b) ? 1 : at(a) > at(b) ? -1 : compareKeys(a, b)));
  }

  async #byRarity(keys: readonly MatchKey[]): Promise<MatchKey[]> {
    const reasons = await this.#reasons(keys, EDGES_A_TERM);
    const score = new Map(
      keys.map((key) => [
        key,
        (reasons.get(key) ?? [])
          .flatMap(({ edges }) => edges)
          .reduce(
            (sum, { dataset, label, shared }) =>
              sum + evidenceWeight(dataset, label) / Math.max(1, shared - 1),
            0,
          ),
      ]),
    );
    return [...keys].sort((a, b) => score.get(b)! - score.get(a)! || compareKeys(a, b));
  }

  async #hits(keys: readonly MatchKey[]): Promise<Hit[]> {
    const reasons = await this.#reasons(keys, EDGES_A_TERM);
    const spans = await this.#spans(keys, reasons);
    return keys.map((key) => {
      const artifact = artifactOfKey(key);
      const why = reasons.get(key) ?? [];
      const shared = why.flatMap(({ edges }) => edges.map((edge) => edge.shared));
      const unicode = unicodeOf(artifact);
      return {
        artifact,
        ...(unicode !== undefined && { unicode }),
        why,
        ...(shared.length > 0 && { rarest: Math.min(...shared) }),
        ...spans.get(key),
      };
    });
  }

  async #reasons(keys: readonly MatchKey[], each: number): Promise<Map<MatchKey, Why[]>> {
    const all = new Map<MatchKey, Why[]>(keys.map((key) => [key, []]));
    const leaves = leavesOf(this.#plan);
    const answers = await Promise.all(leaves.map((leaf) => this.#met(leaf, keys, each)));
    const counts = await this.#shared(answers.flatMap(({ edges }) => [...edges.values()].flat()));
    for (const [index, leaf] of leaves.entries()) {
      const { met, edges } = answers[index]!;
      for (const key of met)
        all.get(key)!.push({
          term: leaf.term,
          by: leaf.kind === 'edges' ? 'edges' : leaf.kind === 'names' ? 'name' : 'mark',
          edges: (edges.get(key) ?? []).map((edge) => ({
            ...edge,
            shared: counts.get(sharedId(edge, ownSide(leaf))) ?? 0,
          })),
        });
    }
    return all;
  }

  async #met(leaf: Leaf, keys: readonly MatchKey[], each: number) {
    if (leaf.kind === 'edges') {
      const edges = await this.#store.matches.edges(leaf.match, keys, each);
      return { met: [...edges.keys()], edges };
    }
    return { met: keysOf(leaf, keys), edges: new Map<MatchKey, Edge[]>() };
  }

  /** How many share what stands on the other side of each edge. */
  async #shared(edges: readonly Edge[]): Promise<Map<string, number>> {
    const sides = new Map<string, { dataset: DatasetId; side: 'source' | 'target'; value: string }>();
    for (const leaf of leavesOf(this.#plan)) {
      if (leaf.kind !== 'edges') continue;
      const side = leaf.match.own === 'source' ? 'target' : 'source';
      for (const edge of edges)
        if (edge.dataset === leaf.match.dataset)
          sides.set(sharedId(edge, leaf.match.own), { dataset: edge.dataset, side, value: edge[side] });
    }
    const values = [...sides.values()];
    const counts = await this.#store.countOthers(values);
    return new Map([...sides.keys()].map((id, index) => [id, counts[index]!]));
  }

  /** Of the reasons, or of the host where it answers by its name or by marks alone. */
  async #spans(keys: readonly MatchKey[], reasons: Map<MatchKey, Why[]>): Promise<Map<MatchKey, SeenSpan>> {
    const spans = new Map<MatchKey, SeenSpan>();
    for (const key of keys) {
      const edges = (reasons.get(key) ?? []).flatMap((why) => why.edges);
      if (edges.length === 0) continue;
      spans.set(key, {
        firstSeen: edges.map(({ firstSeen }) => firstSeen).reduce((a, b) => (a < b ? a : b)),
        lastSeen: edges.map(({ lastSeen }) => lastSeen).reduce((a, b) => (a > b ? a : b)),
      });
    }
    const rest = keys.filter((key) => !spans.has(key));
    if (rest.length > 0)
      for (const [key, span] of await this.#store.matches.spans(rest)) spans.set(key, span);
    return spans;
  }
}

const ownSide = (leaf: Leaf): 'source' | 'target' => (leaf.kind === 'edges' ? leaf.match.own : 'source');

function sharedId(edge: Edge, own: 'source' | 'target'): string {
  return `${edge.dataset} ${own} ${own === 'source' ? edge.target : edge.source}`;
}

/** A host as people read it, where that differs. */
export function unicodeOf({ type, value }: Artifact): string | undefined {
  const host = type === 'host' || type === 'domain' ? parseHost(value) : undefined;
  if (host === undefined || isIpHost(host)) return undefined;
  const unicode = toUnicodeHost(host);
  return unicode === value ? undefined : unicode;
}

function parseOffset(text = '0'): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : MAX_SORTED;
}

const cursorSchema = z.tuple([z.string(), z.int().min(0).max(8_640_000_000_000_000), z.string()]);

function parseCursor(text: string, name: string): { readonly now: number; readonly at: string } {
  const cursor = cursorSchema.safeParse(safeJson(Buffer.from(text, 'base64url').toString('utf8'))).data;
  if (cursor === undefined || cursor[0] !== name)
    throw new AditError('bad-cursor', 'The cursor is not one of this query.', {
      advice: 'Begin again without a cursor.',
    });
  return { now: cursor[1], at: cursor[2] };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
