import { openBundle } from '#archive';
import {
  canonicalUrl,
  CRAWL_SCOPES,
  DEFAULT_TRAP_LIMITS,
  MAX_DEPTH,
  parseSeed,
  scopeAround,
  TrapCounts,
} from '#crawl';
import { linksOf } from '#extract';
import { hostOfUrl, parseUrl } from '#model';
import { z } from 'zod';
import { CAPTURE_JOB, captureJobSchema, type CaptureJob } from './capture-job.ts';
import type { KeptCapture } from './keep-capture.ts';
import type { Workbench } from './workbench.ts';

/** What a crawl asks for. */
export const crawlRequestSchema = z.object({
  seeds: z.array(z.string().max(8_192)).min(1).max(1_000),
  scope: z.enum(CRAWL_SCOPES),
  /** Links from a seed; 0 visits the seeds alone. */
  maxDepth: z.number().int().min(0).max(MAX_DEPTH),
  /** Addresses visited, seeds included. */
  maxPages: z.number().int().min(1).max(10_000),
  /** How each page is visited. */
  how: captureJobSchema.pick({ persona: true, interact: true, lane: true, timeoutSeconds: true }),
});
export type CrawlRequest = z.infer<typeof crawlRequestSchema>;

/** Links looked at of one page. */
const MAX_LINKS = 10_000;

/** Begins a crawl: its seeds go into the queue. What their pages link to follows by `followLinks`. */
export async function startCrawl(workbench: Workbench, request: CrawlRequest): Promise<string> {
  const seeds = [...new Set(request.seeds.map((seed) => parseSeed(seed).url))].slice(0, request.maxPages);
  const jobsOf = (id: string) => seeds.map((url) => jobFor({ ...request.how, url, crawl: { id, depth: 0 } }));
  const { id, jobs } = await workbench.workspace.crawls.add({ ...request, seeds }, jobsOf);
  tellQueued(workbench, jobs, seeds);
  return id;
}

/** Asks for the links of a page that a crawl has visited, as far as its scope, depth and number of pages allow. */
export async function followLinks(
  workbench: Workbench,
  { crawl }: CaptureJob,
  kept: KeptCapture,
): Promise<void> {
  if (crawl === undefined) return;
  const { id, depth } = crawl;
  await using bundle = await openBundle(kept.bundle);
  const links = linksOf(bundle).slice(0, MAX_LINKS);
  if (links.length === 0) return;
  let asked: string[] = [];
  const jobs = await workbench.workspace.crawls.grow(id, (stored, urls) => {
    const request = crawlRequestSchema.parse(stored);
    // Most pages of a large crawl come when all that it may visit has been asked for already.
    if (depth >= request.maxDepth || urls.length >= request.maxPages) return [];
    asked = admitted(links, urls, request);
    const next = { id, depth: depth + 1, parentCapture: kept.capture.id };
    return asked.map((url) => jobFor({ ...request.how, url, crawl: next }));
  });
  tellQueued(workbench, jobs, asked);
}

/** Links of the scope that were not asked for yet and look like no trap, up to the number of pages. */
function admitted(links: readonly string[], before: readonly string[], request: CrawlRequest): string[] {
  const inScope = scopeAround(request.scope, request.seeds);
  const seen = new Set(before.map(canonicalUrl));
  const traps = new TrapCounts(DEFAULT_TRAP_LIMITS);
  for (const url of before) traps.admit(url);
  const found: string[] = [];
  for (const link of links) {
    if (before.length + found.length >= request.maxPages) break;
    const url = parseUrl(link);
    if (url === undefined || hostOfUrl(url) === undefined || !inScope(url)) continue;
    const key = canonicalUrl(url);
    if (key === undefined || seen.has(key) || traps.admit(url) !== undefined) continue;
    seen.add(key);
    found.push(url);
  }
  return found;
}

const jobFor = (payload: CaptureJob) => ({ kind: CAPTURE_JOB, payload, host: hostOfUrl(payload.url) });

function tellQueued({ live }: Workbench, jobs: readonly number[], urls: readonly string[]): void {
  for (const [index, job] of jobs.entries()) live.publish({ kind: 'capture-queued', job, url: urls[index]! });
}
