/* oxlint-disable unicorn/require-post-message-target-origin -- threads have no origins */
import { parentPort } from 'node:worker_threads';
import type { FileEvent } from './import-file.ts';
import { importFile } from './import-file.ts';
import { PairTable, type PairRow } from './import-pairs.ts';

/** What a worker is asked to do. One file at a time; each `batch` and `pairs` that it sends waits for `go`. */
export type ToWorker =
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly verify: boolean;
      readonly wants: 'batches' | 'pairs' | 'nothing' | 'both';
    }
  | { readonly kind: 'go' };

export type FromWorker =
  | FileEvent
  | { readonly kind: 'pairs'; readonly rows: readonly PairRow[] }
  | { readonly kind: 'failed'; readonly file: string; readonly what: string };

const MAX_PAIRS = 50_000;

let go = (): void => {};

async function send(message: FromWorker): Promise<void> {
  const isAwaited = message.kind === 'batch' || message.kind === 'pairs';
  const answer = isAwaited ? new Promise<void>((resolve) => (go = resolve)) : undefined;
  parentPort!.postMessage(message); // this module only runs as a worker
  await answer;
}

async function run({ file, verify, wants }: Extract<ToWorker, { kind: 'file' }>): Promise<void> {
  const pairs = new PairTable();
  try {
    for await (const event of importFile(file, { verify })) {
      if (event.kind === 'batch') {
        if (wants === 'batches' || wants === 'both') await send(event);
        if (wants === 'pairs' || wants === 'both') pairs.addAll(event.batch.observations);
      }
      if (pairs.size > MAX_PAIRS || (event.kind === 'file' && pairs.size > 0)) {
        await send({ kind: 'pairs', rows: pairs.take() });
      }
      if (event.kind !== 'batch') await send(event);
    }
  } catch (error) {
    await send({ kind: 'failed', file, what: error instanceof Error ? error.message : String(error) });
  }
}

parentPort!.on('message', (message: ToWorker) => {
  if (message.kind === 'go') go();
  else void run(message);
});
