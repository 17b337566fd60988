import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CaptureSource } from '#archive';
import { AditError, hostOfUrl, parseUrl } from '#model';
import type { Job } from '#store';
import { z } from 'zod';
import { CAPTURE_JOB, captureJobSchema, type CaptureJob } from './capture-job.ts';
import { followLinks } from './crawl-jobs.ts';
import { keepCapture, type KeptCapture } from './keep-capture.ts';
import type { Workbench } from './workbench.ts';

const LEASE_MS = 120_000;
const IDLE_MS = 500;
const HOST_DELAY_MS = 1_000;

/** What a finished job says. */
export interface CaptureJobResult {
  readonly captureId: string;
  readonly outcome: string;
  readonly bundle: string;
}

/** Puts visits in the queue; returns the jobs' ids in the same order. */
export async function enqueueCaptures(
  workbench: Workbench,
  jobs: readonly CaptureJob[],
  options: { readonly priority?: number; readonly everySeconds?: number } = {},
): Promise<number[]> {
  const visits = jobs.map((payload) => {
    const url = parseUrl(payload.url);
    if (url === undefined)
      throw new AditError('bad-url', `“${payload.url.slice(0, 200)}” is no web address.`, {
        advice: 'Give an absolute http or https URL.',
      });
    return { kind: CAPTURE_JOB, payload: { ...payload, url }, host: hostOfUrl(url), ...options };
  });
  const ids = await workbench.workspace.queue.add(visits);
  for (const [index, job] of ids.entries())
    workbench.live.publish({ kind: 'capture-queued', job, url: visits[index]!.payload.url });
  return ids;
}

export interface CaptureWorkersOptions {
  readonly workbench: Workbench;
  readonly parallel: number;
  readonly visit: (job: CaptureJob, signal: AbortSignal) => Promise<CaptureSource>;
  readonly onCapture?: (kept: KeptCapture, job: Job) => void;
  readonly onFailure?: (error: unknown, job: Job) => void;
  readonly hostDelayMs?: number;
  /** A job whose worker is gone for this long is given to another. */
  readonly leaseMs?: number;
}

/** Workers on the queue. Closing them lets visits under way end early and be kept; untouched jobs go back. */
export function startCaptureWorkers(options: CaptureWorkersOptions): AsyncDisposable {
  const stopping = new AbortController();
  const owner = `${process.pid}-${randomUUID()}`;
  const workers = Array.from({ length: options.parallel }, (_, index) =>
    work(options, `${owner}-${index}`, stopping.signal),
  );
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all(workers);
    },
  };
}

async function work(options: CaptureWorkersOptions, owner: string, signal: AbortSignal): Promise<void> {
  const { queue } = options.workbench.workspace;
  const { hostDelayMs = HOST_DELAY_MS, leaseMs = LEASE_MS } = options;
  while (!signal.aborted) {
    const job = await queue
      .take({ owner, kinds: [CAPTURE_JOB], leaseMs, hostDelayMs })
      .catch(() => undefined);
    if (job === undefined) await sleep(IDLE_MS, undefined, { signal }).catch(() => {});
    else await runJob(options, job, owner, signal);
  }
}

/** One job: the capture is durable, in both stores, before the job is said to be done. */
async function runJob(
  options: CaptureWorkersOptions,
  job: Job,
  owner: string,
  signal: AbortSignal,
): Promise<void> {
  const { workbench, leaseMs = LEASE_MS } = options;
  const { live } = workbench;
  const { queue } = workbench.workspace;
  const renewal = setInterval(() => void queue.extend(job.id, owner, leaseMs).catch(() => {}), leaseMs / 3);
  try {
    const payload = captureJobSchema.parse(job.payload);
    live.publish({ kind: 'capture-started', job: job.id, url: payload.url });
    await using source = await options.visit(payload, signal);
    const kept = await keepCapture(source, workbench.captures, 'byHash');
    await workbench.take(kept);
    await followLinks(workbench, payload, kept);
    const result: CaptureJobResult = {
      captureId: kept.capture.id,
      outcome: kept.capture.outcome.kind,
      bundle: kept.bundle,
    };
    // A visit cut short by our own end is kept, and made again by whoever comes next.
    if (signal.aborted && result.outcome === 'aborted') await queue.release(job.id, owner);
    else await queue.finish(job.id, owner, result);
    const { captureId, outcome } = result;
    live.publish({ kind: 'capture-done', job: job.id, url: payload.url, captureId, outcome });
    options.onCapture?.(kept, job);
  } catch (error) {
    const isFinal =
      error instanceof z.ZodError ||
      (error instanceof AditError && /^(bad|unknown)-|-(invalid|unknown)$/.test(error.code));
    const reason = error instanceof Error ? error.message : String(error);
    await queue.fail(job.id, owner, reason, { isFinal }).catch(() => {});
    const url = captureJobSchema.safeParse(job.payload).data?.url ?? '';
    live.publish({ kind: 'capture-failed', job: job.id, url, reason: reason.slice(0, 500) });
    options.onFailure?.(error, job);
  } finally {
    clearInterval(renewal);
  }
}
