import { toCaptureReader, type CaptureSource } from '#archive';
import { AditError, type Capture, type Persona, type Url } from '#model';
import { z } from 'zod';
import { compareViews, type CloakingReport } from './compare.ts';
import { EventQueue } from './event-queue.ts';
import { Frontier, type FrontierEntry, type FrontierState, type Rejection } from './frontier.ts';
import { needsBrowser } from './needs-browser.ts';
import { viewCapture, type PersonaView } from './persona-view.ts';
import type { RobotsPolicy } from './robots.ts';
import { CRAWL_SCOPES, scopeAround, type CrawlScope, type InScope } from './scope.ts';
import type { TrapLimits } from './traps.ts';

/** Links past a seed, at most. */
export const MAX_DEPTH = 25;

/** Links looked at of one page. */
const MAX_LINKS = 10_000;

type Lane = 'browser' | 'http';

/** One visit that a crawl asks for. */
export interface CrawlVisit {
  readonly url: Url;
  readonly persona: Persona;
  readonly lane: Lane;
  /** Goes into the capture. */
  readonly crawl: NonNullable<Capture['crawl']>;
  /** The crawl is being stopped: end the visit and hand over what there is. */
  readonly signal: AbortSignal;
}

export interface CrawlOptions {
  /** Goes into every capture. */
  readonly id: string;
  readonly seeds: readonly string[];
  readonly scope: CrawlScope;
  /** Links from a seed; 0 visits the seeds alone. */
  readonly maxDepth: number;
  /** Addresses visited, those of an earlier run included; each once for every persona. */
  readonly maxPages: number;
  /** Each address is visited as each of them, and what they were shown is compared. */
  readonly personas: readonly Persona[];
  /** `auto`: plain HTTP first, and a browser too where the page has scripts or a bot wall. */
  readonly lane: Lane | 'auto';
  readonly politeness?: {
    /** From the end of a visit to a host until its next, also between personas; default 1000. */
    readonly perHostDelayMs?: number;
    /** Default 1. */
    readonly perHostParallel?: number;
    /** Asked before every visit; default: nobody is. */
    readonly robots?: RobotsPolicy;
  };
  /** Addresses visited at a time; default 4. */
  readonly parallel?: number;
  readonly traps?: Partial<TrapLimits>;
  /** Makes the visit. A page that cannot be reached is a capture; only a fault rejects. */
  visit(visit: CrawlVisit): Promise<CaptureSource>;
  /** Addresses that the captured page links to. */
  linksOf(source: CaptureSource): Iterable<string> | Promise<Iterable<string>>;
  /** Stops: visits under way are ended and handed over, the rest stays in the frontier. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CrawlProgress) => void;
  /** A frontier that an earlier run ended with: goes on from there. Give the same seeds again: the scope lies around them. */
  readonly resume?: unknown;
}

export interface CrawlProgress {
  readonly visited: number;
  readonly active: number;
  readonly pending: number;
}

/** Why an address was not visited. */
export type SkipReason = Rejection | 'robots';

export type CrawlEvent =
  /** Whoever receives it disposes of the source. */
  | {
      readonly kind: 'captured';
      readonly url: Url;
      readonly depth: number;
      readonly persona: Persona;
      readonly source: CaptureSource;
    }
  | {
      readonly kind: 'failed';
      readonly url: Url;
      readonly depth: number;
      readonly persona: Persona;
      readonly error: unknown;
    }
  | { readonly kind: 'skipped'; readonly url: string; readonly depth: number; readonly reason: SkipReason }
  /** All personas have been there. */
  | { readonly kind: 'compared'; readonly url: Url; readonly report: CloakingReport }
  /** The last event. */
  | {
      readonly kind: 'done';
      readonly reason: 'exhausted' | 'maxPages' | 'stopped';
      readonly visited: number;
      readonly frontier: FrontierState;
    };

/**
 * Crawls from the seeds, breadth first, and reports each capture as it is made. A slow reader slows the crawl down.
 * Leaving the loop early ends the visits under way and disposes of what was not handed over.
 *
 * Throws AditError `crawl-options-invalid` or `frontier-invalid` at the first step.
 */
export async function* runCrawl(options: CrawlOptions): AsyncGenerator<CrawlEvent, void, undefined> {
  const crawl = new Crawl(checkOptions(options));
  try {
    yield* crawl.run();
  } finally {
    await crawl[Symbol.asyncDispose]();
  }
}

class Crawl implements AsyncDisposable {
  readonly #options: CrawlOptions;
  readonly #inScope: InScope;
  readonly #frontier: Frontier;
  readonly #parallel: number;
  readonly #delayMs: number;
  readonly #events = new EventQueue<CrawlEvent>();
  readonly #jobs = new Set<Promise<void>>();
  readonly #abandoned = new AbortController();
  readonly #stop: AbortSignal;

  constructor(options: CrawlOptions) {
    const { politeness = {}, scope, seeds, maxDepth, traps, resume, signal } = options;
    this.#options = options;
    this.#parallel = options.parallel ?? 4;
    this.#delayMs = politeness.perHostDelayMs ?? 1000;
    this.#inScope = scopeAround(scope, seeds);
    const rules = {
      inScope: this.#inScope,
      maxDepth,
      perHostParallel: politeness.perHostParallel ?? 1,
      perHostDelayMs: this.#delayMs,
      traps,
    };
    this.#frontier = resume === undefined ? new Frontier(rules) : Frontier.restore(rules, resume);
    this.#stop =
      signal === undefined ? this.#abandoned.signal : AbortSignal.any([signal, this.#abandoned.signal]);
  }

  async *run(): AsyncGenerator<CrawlEvent, void, undefined> {
    for (const seed of this.#options.seeds) this.#add(seed, 0);
    for (;;) {
      this.#startVisits();
      const event = this.#events.take();
      if (event !== undefined) {
        yield event;
        continue;
      }
      if (this.#jobs.size === 0 && (this.#isOver() || this.#frontier.pendingCount === 0)) break;
      await this.#somethingToDo();
    }
    yield {
      kind: 'done',
      reason: this.#stop.aborted ? 'stopped' : this.#frontier.pendingCount > 0 ? 'maxPages' : 'exhausted',
      visited: this.#frontier.takenCount,
      frontier: this.#frontier.toJSON(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abandoned.abort();
    await Promise.allSettled(this.#jobs);
    for (let event = this.#events.take(); event !== undefined; event = this.#events.take()) {
      if (event.kind === 'captured') await event.source[Symbol.asyncDispose]();
    }
  }

  #isOver(): boolean {
    return this.#stop.aborted || this.#frontier.takenCount >= this.#options.maxPages;
  }

  #startVisits(): void {
    // Undelivered captures count as visits under way: a reader that lags behind is waited for.
    while (!this.#isOver() && this.#jobs.size + this.#events.size < this.#parallel) {
      const entry = this.#frontier.take(Date.now());
      if (entry === undefined) return;
      const job = this.#visitAll(entry).finally(() => {
        this.#jobs.delete(job);
        this.#progress();
        this.#events.wake();
      });
      this.#jobs.add(job);
      this.#progress();
    }
  }

  /** Resolves when there is an event, a visit has ended, a host has rested, or the crawl is stopped. */
  async #somethingToDo(): Promise<void> {
    const mayStart = !this.#isOver() && this.#jobs.size < this.#parallel;
    const readyAt = mayStart ? this.#frontier.nextReadyAt() : undefined;
    await this.#events.changed(
      readyAt === undefined ? undefined : Math.max(0, readyAt - Date.now()),
      this.#stop,
    );
  }

  /** Visits the address as every persona, then compares. Never rejects. */
  async #visitAll(entry: FrontierEntry): Promise<void> {
    const { personas, politeness } = this.#options;
    const { url, depth } = entry;
    if (politeness?.robots !== undefined && !(await this.#isAllowed(politeness.robots, url))) {
      this.#events.put({ kind: 'skipped', url, depth, reason: 'robots' });
      this.#frontier.finish(entry, Date.now());
      return;
    }
    const views: PersonaView[] = [];
    for (const [index, persona] of personas.entries()) {
      if (index > 0) await this.#events.pause(this.#delayMs, this.#stop);
      if (this.#stop.aborted) break;
      const view = await this.#visitOnce(entry, persona);
      if (view !== undefined) views.push(view);
    }
    // An address that not all personas reached before the stop is visited again when the crawl goes on.
    if (
      this.#stop.aborted &&
      (views.length < personas.length || views.some(({ outcome }) => outcome.kind === 'aborted'))
    ) {
      this.#frontier.giveBack(entry, Date.now());
      return;
    }
    if (views.length > 1) this.#events.put({ kind: 'compared', url, report: compareViews(views) });
    this.#frontier.finish(entry, Date.now());
  }

  /** What the persona was shown; undefined where the visit failed, which is reported. */
  async #visitOnce(entry: FrontierEntry, persona: Persona): Promise<PersonaView | undefined> {
    const { url, depth } = entry;
    let source: CaptureSource | undefined;
    try {
      source = await this.#makeVisit(entry, persona);
      const view = viewCapture(toCaptureReader(source));
      await this.#follow(source, entry);
      this.#events.put({ kind: 'captured', url, depth, persona, source });
      return view;
    } catch (error) {
      await source?.[Symbol.asyncDispose]();
      // A visit that answers the stop by rejecting is no failure: it is made again when the crawl goes on.
      if (!this.#stop.aborted) this.#events.put({ kind: 'failed', url, depth, persona, error });
      return undefined;
    }
  }

  async #makeVisit({ url, depth, parentCapture }: FrontierEntry, persona: Persona): Promise<CaptureSource> {
    const { id, lane, visit } = this.#options;
    const crawl = { id, depth, parentCapture };
    const request = { url, persona, crawl, signal: this.#stop };
    if (lane !== 'auto') return visit({ ...request, lane });
    const plain = await visit({ ...request, lane: 'http' });
    if (this.#stop.aborted || !needsBrowser(plain)) return plain;
    await plain[Symbol.asyncDispose]();
    return visit({ ...request, lane: 'browser' });
  }

  /** Takes in the page's links, unless redirects led out of the crawl's scope. */
  async #follow(source: CaptureSource, { url, depth }: FrontierEntry): Promise<void> {
    const { finalUrl, id } = source.capture;
    if (finalUrl !== undefined && finalUrl !== url) {
      if (depth > 0 && !this.#inScope(finalUrl)) return;
      this.#frontier.markSeen(finalUrl);
    }
    if (depth >= this.#options.maxDepth) return;
    let count = 0;
    for (const link of await this.#options.linksOf(source)) {
      if (++count > MAX_LINKS) break;
      this.#add(link, depth + 1, id);
    }
  }

  #add(url: string, depth: number, parentCapture?: string): void {
    const reason = this.#frontier.add(url, depth, parentCapture);
    // Links that everyone has (known, elsewhere, no page) are no news.
    const isNews =
      reason !== undefined && (depth === 0 || !['duplicate', 'outOfScope', 'notWeb'].includes(reason));
    if (isNews) this.#events.note({ kind: 'skipped', url, depth, reason });
  }

  async #isAllowed(robots: RobotsPolicy, url: Url): Promise<boolean> {
    try {
      return await robots.isAllowed(url, this.#stop);
    } catch {
      return false; // RFC 9309 §2.3.1.4: unreachable means nothing is allowed
    }
  }

  #progress(): void {
    this.#options.onProgress?.({
      visited: this.#frontier.takenCount - this.#frontier.activeCount,
      active: this.#frontier.activeCount,
      pending: this.#frontier.pendingCount,
    });
  }
}

const limitsSchema = z.object({
  scope: z.enum(CRAWL_SCOPES),
  lane: z.enum(['browser', 'http', 'auto']),
  maxDepth: z.number().int().min(0).max(MAX_DEPTH),
  maxPages: z.number().int().min(1),
  personas: z.array(z.unknown()).min(1),
  parallel: z.number().int().min(1).max(256).optional(),
  politeness: z
    .object({
      perHostDelayMs: z.number().min(0).max(3_600_000).optional(),
      perHostParallel: z.number().int().min(1).max(64).optional(),
    })
    .optional(),
});

function checkOptions(options: CrawlOptions): CrawlOptions {
  const { error } = limitsSchema.safeParse(options);
  const problem = error === undefined ? undefined : z.prettifyError(error);
  const isEmpty = options.seeds.length === 0 && options.resume === undefined;
  if (problem === undefined && !isEmpty) return options;
  throw new AditError('crawl-options-invalid', problem ?? 'A crawl needs a seed.', {
    advice: `Give at least one seed and persona, a depth of at most ${MAX_DEPTH} and a number of pages above 0.`,
  });
}
