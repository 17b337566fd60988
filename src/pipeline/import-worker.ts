/* oxlint-disable unicorn/require-post-message-target-origin -- threads have no origins */
import { parentPort } from 'node:worker_threads';
import { importFile, importRevisits, type FileEvent, type RevisitEvent } from './import-file.ts';
import { PairTable, type PairRow } from './import-pairs.ts';

/** What is to be sent of what is found. */
export type Wants = 'batches' | 'pairs' | 'nothing' | 'both';

/** What a worker is asked to do. One thing at a time; each `batch` and `pairs` that it sends waits for `go`. */
export type ToWorker =
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly verify: boolean;
      readonly wants: Wants;
    }
  | {
      readonly kind: 'revisits';
      readonly pending: Parameters<typeof importRevisits>[0];
      readonly set: readonly string[];
      readonly wants: Wants;
    }
  | { readonly kind: 'go' };

export type FromWorker =
  | FileEvent
  | RevisitEvent
  | { readonly kind: 'end' }
  | { readonly kind: 'pairs'; readonly rows: readonly PairRow[] }
  | { readonly kind: 'failed'; readonly what: string };

const MAX_PAIRS = 50_000;

let go = (): void => {};

async function send(message: FromWorker): Promise<void> {
  const isAwaited = message.kind === 'batch' || message.kind === 'pairs';
  const answer = isAwaited ? new Promise<void>((resolve) => (go = resolve)) : undefined;
  parentPort!.postMessage(message); // this module only runs as a worker
  await answer;
}

async function run(ask: Exclude<ToWorker, { kind: 'go' }>): Promise<void> {
  const { wants } = ask;
  const pairs = new PairTable();
  const events =
    ask.kind === 'file' ? importFile(ask.file, { verify: ask.verify }) : importRevisits(ask.pending, ask.set);
  try {
    for await (const event of events) {
      if (event.kind === 'batch') {
        if (wants === 'batches' || wants === 'both') await send(event);
        if (wants === 'pairs' || wants === 'both') pairs.addAll(event.batch.observations);
      }
      const isOver = event.kind === 'file' || event.kind === 'revisits';
      if (pairs.size > MAX_PAIRS || (isOver && pairs.size > 0)) {
        await send({ kind: 'pairs', rows: pairs.take() });
      }
      if (event.kind !== 'batch') await send(event);
    }
    await send({ kind: 'end' });
  } catch (error) {
    await send({ kind: 'failed', what: error instanceof Error ? error.message : String(error) });
  }
}

parentPort!.on('message', (message: ToWorker) => {
  if (message.kind === 'go') go();
  else void run(message);
});
