/** The decoder's thread: hostile bytes are parsed here, under limits of heap and time that its owner enforces. */
import { parentPort } from 'node:worker_threads';
import type { LimitReached } from '#model';
import { decodeTunnels, type DecodedTunnel, type DecodeJob } from './decoder.ts';
import { LimitLog } from './limit-log.ts';

/** What the thread says: each tunnel as it is done, then the limits that were reached. */
export type WorkerMessage =
  | { readonly kind: 'tunnel'; readonly decoded: DecodedTunnel }
  | { readonly kind: 'done'; readonly limits: readonly LimitReached[] }
  | { readonly kind: 'fault'; readonly reason: string };

parentPort?.on('message', (job: DecodeJob) => {
  const say = (message: WorkerMessage, transfer: ArrayBuffer[] = []): void =>
    parentPort?.postMessage(message, transfer);
  try {
    const log = new LimitLog(job.limits);
    for (const decoded of decodeTunnels(job, log)) say({ kind: 'tunnel', decoded }, buffersOf(decoded));
    say({ kind: 'done', limits: log.reached });
  } catch (error) {
    say({ kind: 'fault', reason: error instanceof Error ? error.message : 'unknown' });
  }
});

/** Bodies in memory move to the other thread instead of being copied. */
function buffersOf({ exchanges }: DecodedTunnel): ArrayBuffer[] {
  const bodies = exchanges.flatMap(({ request, response }) => [request.received, response?.received]);
  return bodies.flatMap((body) =>
    body instanceof Uint8Array && body.buffer instanceof ArrayBuffer ? [body.buffer] : [],
  );
}
