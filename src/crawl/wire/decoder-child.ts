// The decoder's process: hostile bytes are parsed here, under limits of heap and time that its owner enforces. It ends
// with its owner, whose channel closes then.
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { LimitReached } from '#model';
import { decodeTunnels, type DecodedTunnel, type DecodeJob } from './decoder.ts';
import { LimitLog } from './limit-log.ts';

/** What the process says: each tunnel as it is done, then the limits that were reached. */
export type FromDecoder =
  | { readonly kind: 'tunnel'; readonly decoded: DecodedTunnel }
  | { readonly kind: 'done'; readonly limits: readonly LimitReached[] }
  | { readonly kind: 'fault'; readonly reason: string };

/** Where memory runs out the kernel is to end this process, not its owner (proc(5), oom_score_adj). */
const OUT_OF_MEMORY_SCORE = '500';

const send = promisify((message: FromDecoder, done: (error: Error | null) => void) =>
  process.send!(message, undefined, undefined, done),
);

try {
  writeFileSync('/proc/self/oom_score_adj', OUT_OF_MEMORY_SCORE);
} catch {
  // Another system, or one that forbids it.
}
// Ctrl-C reaches the whole group, but the owner still wants what the visit has seen until then.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
process.once('disconnect', () => process.exit());
process.on('message', (job: DecodeJob) => void decode(job));

async function decode(job: DecodeJob): Promise<void> {
  try {
    const log = new LimitLog(job.limits);
    // Sending is waited for: only what is under way is held twice, and an owner that has gone is noticed.
    for (const decoded of decodeTunnels(job, log)) await send({ kind: 'tunnel', decoded });
    await send({ kind: 'done', limits: log.reached });
  } catch (error) {
    await send({ kind: 'fault', reason: error instanceof Error ? error.message : 'unknown' });
  }
}
