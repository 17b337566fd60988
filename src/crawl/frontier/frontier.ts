import { AditError, hostOfUrl, parseUrl, type Host, type Url } from '#model';
import { z } from 'zod';
import { canonicalUrl } from './canonical-url.ts';
import type { InScope } from './scope.ts';
import { DEFAULT_TRAP_LIMITS, TrapCounts, type Trap, type TrapLimits } from './traps.ts';

/** An address that waits for its visit. */
export interface FrontierEntry {
  readonly url: Url;
  readonly host: Host;
  /** Links from a seed. */
  readonly depth: number;
  /** `Capture.id` of the page that led here. */
  readonly parentCapture?: string;
}

/** Why an address was not taken in. */
export type Rejection = 'duplicate' | 'notWeb' | 'outOfScope' | 'tooDeep' | 'frontierFull' | Trap;

export interface FrontierRules {
  readonly inScope: InScope;
  readonly maxDepth: number;
  /** Visits of one host at a time. */
  readonly perHostParallel: number;
  /** From the end of a visit to a host until the start of its next. */
  readonly perHostDelayMs: number;
  readonly traps?: Partial<TrapLimits>;
  /** Addresses that wait at one time. */
  readonly maxPending?: number;
}

const FRONTIER_VERSION = 1;
const count = z.number().int().nonnegative();

/** A frontier as it is saved. Visits that were under way are pending again. */
const frontierStateSchema = z.object({
  version: z.literal(FRONTIER_VERSION),
  taken: count,
  pending: z.array(z.object({ url: z.string(), depth: count, parentCapture: z.string().optional() })),
  seen: z.array(z.string()),
  traps: z.object({
    hosts: z.array(z.tuple([z.string(), count])),
    shapes: z.array(z.tuple([z.string(), count])),
  }),
});
export type FrontierState = Readonly<z.infer<typeof frontierStateSchema>>;

/**
 * What a crawl still has to visit, and what it has seen.
 *
 * Breadth first: of the hosts that may be visited now, the one with the shallowest address goes first; hosts of one
 * depth take turns. One ring of hosts per depth holds that: a `Map` from host to its queue, where the host that was
 * served moves to the end. A host that rests or is busy is stepped over, so a slow one holds up nobody else.
 *
 * A value: no timers, no I/O, the time comes in. `toJSON` saves it, `restore` continues it.
 */
export class Frontier {
  readonly #rules: FrontierRules;
  readonly #rings = new Map<number, Map<Host, FrontierEntry[]>>();
  readonly #seen: Set<string>;
  readonly #traps: TrapCounts;
  readonly #active = new Set<FrontierEntry>();
  readonly #activeOfHost = new Map<Host, number>();
  readonly #restUntil = new Map<Host, number>();
  #pendingCount = 0;
  #takenCount = 0;

  constructor(rules: FrontierRules, state?: FrontierState) {
    this.#rules = rules;
    this.#seen = new Set(state?.seen);
    this.#traps = new TrapCounts({ ...DEFAULT_TRAP_LIMITS, ...rules.traps }, state?.traps);
    this.#takenCount = state?.taken ?? 0;
    for (const { url, depth, parentCapture } of state?.pending ?? []) {
      const entry = entryFor(url, depth, parentCapture);
      if (entry !== undefined) this.#enqueue(entry);
    }
  }

  /** The saved frontier under these rules. Throws AditError `frontier-invalid` where the value is none. */
  static restore(rules: FrontierRules, saved: unknown): Frontier {
    const parsed = frontierStateSchema.safeParse(saved);
    if (parsed.success) return new Frontier(rules, parsed.data);
    throw new AditError('frontier-invalid', 'The saved crawl cannot be read.', {
      cause: parsed.error,
      advice: 'Start the crawl anew.',
    });
  }

  /** Takes the address in, or says why not. Seeds (depth 0) are in scope by definition. */
  add(text: string, depth: number, parentCapture?: string): Rejection | undefined {
    const entry = entryFor(text, depth, parentCapture);
    const key = canonicalUrl(text);
    if (entry === undefined || key === undefined) return 'notWeb';
    if (this.#seen.has(key)) return 'duplicate';
    if (depth > this.#rules.maxDepth) return 'tooDeep';
    if (depth > 0 && !this.#rules.inScope(entry.url)) return 'outOfScope';
    if (this.#pendingCount >= (this.#rules.maxPending ?? 100_000)) return 'frontierFull';
    const trap = this.#traps.admit(entry.url);
    if (trap !== undefined) return trap;
    this.#seen.add(key);
    this.#enqueue(entry);
    return undefined;
  }

  /** Marks an address as seen, so that no link to it is followed: where a redirect ended, for instance. False: it was already. */
  markSeen(url: string): boolean {
    const key = canonicalUrl(url);
    if (key === undefined || this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }

  /** The next address to visit, if any may be visited at `nowMs`. Whoever takes one calls `finish` or `giveBack`. */
  take(nowMs: number): FrontierEntry | undefined {
    for (const depth of this.#depths()) {
      const ring = this.#rings.get(depth)!;
      for (const [host, queue] of ring) {
        if (this.#readyAt(host) > nowMs) continue;
        const entry = queue.shift()!;
        ring.delete(host);
        if (queue.length > 0) ring.set(host, queue);
        if (ring.size === 0) this.#rings.delete(depth);
        this.#pendingCount--;
        this.#takenCount++;
        this.#active.add(entry);
        this.#activeOfHost.set(host, (this.#activeOfHost.get(host) ?? 0) + 1);
        return entry;
      }
    }
    return undefined;
  }

  /** When the next address may be visited, as far as time alone decides; undefined: none, or a visit has to end first. */
  nextReadyAt(): number | undefined {
    const times = [...this.#rings.values()].flatMap((ring) =>
      [...ring.keys()].map((host) => this.#readyAt(host)),
    );
    const soonest = times.reduce((least, time) => Math.min(least, time), Infinity);
    return soonest === Infinity ? undefined : soonest;
  }

  /** The visit is over: its host rests from now on. */
  finish(entry: FrontierEntry, nowMs: number): void {
    if (!this.#active.delete(entry)) return;
    this.#activeOfHost.set(entry.host, this.#activeOfHost.get(entry.host)! - 1);
    this.#restUntil.set(entry.host, nowMs + this.#rules.perHostDelayMs);
  }

  /** The visit was broken off: the address waits again, and first. */
  giveBack(entry: FrontierEntry, nowMs: number): void {
    if (!this.#active.has(entry)) return;
    this.finish(entry, nowMs);
    this.#takenCount--;
    this.#enqueue(entry, 'first');
  }

  get pendingCount(): number {
    return this.#pendingCount;
  }

  get activeCount(): number {
    return this.#active.size;
  }

  /** Addresses handed out so far, given back ones left out; goes on counting after `restore`. */
  get takenCount(): number {
    return this.#takenCount;
  }

  toJSON(): FrontierState {
    const waiting = this.#depths().flatMap((depth) => [...this.#rings.get(depth)!.values()].flat());
    return {
      version: FRONTIER_VERSION,
      taken: this.#takenCount - this.#active.size,
      pending: [...this.#active, ...waiting].map(({ url, depth, parentCapture }) => ({
        url,
        depth,
        parentCapture,
      })),
      seen: [...this.#seen],
      traps: this.#traps.toJSON(),
    };
  }

  #enqueue(entry: FrontierEntry, place: 'first' | 'last' = 'last'): void {
    const ring = this.#rings.get(entry.depth) ?? new Map<Host, FrontierEntry[]>();
    this.#rings.set(entry.depth, ring);
    const queue = ring.get(entry.host) ?? [];
    ring.set(entry.host, queue);
    if (place === 'first') queue.unshift(entry);
    else queue.push(entry);
    this.#pendingCount++;
  }

  #depths(): number[] {
    return [...this.#rings.keys()].sort((a, b) => a - b);
  }

  #readyAt(host: Host): number {
    const isBusy = (this.#activeOfHost.get(host) ?? 0) >= this.#rules.perHostParallel;
    return isBusy ? Infinity : (this.#restUntil.get(host) ?? -Infinity);
  }
}

function entryFor(text: string, depth: number, parentCapture: string | undefined): FrontierEntry | undefined {
  const url = parseUrl(text);
  const host = url === undefined ? undefined : hostOfUrl(url);
  if (url === undefined || host === undefined || !/^https?:/.test(url)) return undefined;
  return { url, host, depth, ...(parentCapture === undefined ? {} : { parentCapture }) };
}
