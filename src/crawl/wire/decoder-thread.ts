import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LimitReached } from '#model';
import type { DecodedTunnel, DecodeJob } from './decoder.ts';
import type { WorkerMessage } from './worker.ts';

/** How one attempt at a job ended. */
export type Attempt =
  | { readonly kind: 'done'; readonly limits: readonly LimitReached[] }
  /** The thread died or gave up at the first tunnel that it had not handed over. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** The signal came first. */
  | { readonly kind: 'stopped' };

const SCRIPT = new URL('./worker.ts', import.meta.url);
const YOUNG_GENERATION_MB = 32;
const STACK_MB = 4;
const MAX_IDLE = 2;

/** Threads that wait for the next capture: starting one costs more than decoding a usual page. */
const idle: { readonly worker: Worker; readonly maxHeapMb: number }[] = [];

/** Runs a job in a thread of its own kind; hands over each tunnel as it is done. Never rejects. */
export async function runJob(
  job: DecodeJob,
  signal: AbortSignal,
  onTunnel: (decoded: DecodedTunnel) => void,
): Promise<Attempt> {
  if (signal.aborted) return { kind: 'stopped' };
  const { maxHeapMb } = job.limits;
  const worker = takeIdle(maxHeapMb) ?? startWorker(maxHeapMb);
  worker.ref();
  const attempt = await new Promise<Attempt>((resolve) => {
    signal.addEventListener('abort', () => resolve({ kind: 'stopped' }), { once: true });
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'tunnel') onTunnel(message.decoded);
      else resolve(message.kind === 'done' ? message : { kind: 'failed', reason: message.reason });
    });
    worker.once('error', (error: Error) => resolve({ kind: 'failed', reason: `decoder: ${error.message}` }));
    worker.once('exit', (code) => resolve({ kind: 'failed', reason: `decoder ended with ${code}` }));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(job);
  });
  stopListening(worker);
  worker.on('error', () => {});
  await (attempt.kind === 'done' && idle.length < MAX_IDLE
    ? keepIdle(worker, maxHeapMb)
    : worker.terminate());
  return attempt;
}

/** Only what was added here: a worker without its own internal listeners never delivers again. */
function stopListening(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
}

function startWorker(maxHeapMb: number): Worker {
  return new Worker(SCRIPT, {
    name: 'wire decoder',
    resourceLimits: {
      maxOldGenerationSizeMb: maxHeapMb,
      maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
      stackSizeMb: STACK_MB,
    },
  });
}

function takeIdle(maxHeapMb: number): Worker | undefined {
  const index = idle.findIndex((waiting) => waiting.maxHeapMb === maxHeapMb);
  const [waiting] = index < 0 ? [] : idle.splice(index, 1);
  if (waiting !== undefined) stopListening(waiting.worker);
  return waiting?.worker;
}

function keepIdle(worker: Worker, maxHeapMb: number): void {
  const waiting = { worker, maxHeapMb };
  idle.push(waiting);
  void once(worker, 'exit').then(() => {
    if (idle.includes(waiting)) idle.splice(idle.indexOf(waiting), 1);
  });
  // It must not keep the process alive.
  worker.unref();
}
