import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FromWorker } from './import-worker.ts';

const WORKER_HEAP_MB = 400;

/** A worker ended by itself; the message says of what. */
export class WorkerDeath extends Error {}

/** A thread that reads one archive at a time. */
export function startWorker(): Worker {
  return new Worker(new URL('import-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB },
  });
}

/** The messages of a worker until it dies, which throws `WorkerDeath`, or the signal fires, which throws its reason. */
export async function* messagesOf(
  worker: Worker,
  signal: AbortSignal | undefined,
): AsyncGenerator<FromWorker> {
  const ended = new AbortController();
  const watched = AbortSignal.any([ended.signal, ...(signal === undefined ? [] : [signal])]);
  let death: string | undefined;
  const onExit = (): void => {
    death ??= 'it stopped';
    ended.abort();
  };
  const onError = (error: Error): void => {
    death = error.message;
  };
  worker.once('exit', onExit).once('error', onError);
  try {
    for await (const [message] of on(worker, 'message', { signal: watched })) yield message as FromWorker; // sent by import-worker
  } catch (error) {
    throw death === undefined ? error : new WorkerDeath(death);
  } finally {
    worker.off('exit', onExit).off('error', onError);
  }
}
