import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorder } from '../record/recorder.ts';

/** Waits, and no longer than until the signal fires. Never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0 && !signal.aborted) await sleep(ms, undefined, { signal }).catch(() => {});
}

const POLL_MS = 25;

/** Waits until nothing was under way for `quietMs`, at most `mostMs`. Whether it became quiet. */
export async function untilQuiet(
  { requests, downloads, targets, crashed }: Recorder,
  {
    quietMs,
    mostMs,
    signal,
  }: { readonly quietMs: number; readonly mostMs: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const startedAt = performance.now();
  while (!signal.aborted) {
    const now = performance.now();
    const quietSince = Math.max(startedAt, requests.changedAt);
    const isBusy = requests.openCount > 0 || downloads.runningCount > 0;
    if (!isBusy && now - quietSince >= quietMs) return true;
    const isOver = targets.pages.length > 0 && targets.pages.every(({ id }) => crashed.has(id));
    if (now - startedAt >= mostMs || isOver) return false;
    await pause(POLL_MS, signal);
  }
  return false;
}

/** The promise's value, or undefined once the time is up or the signal fires; its rejection is passed on. */
export async function within<T>(
  promise: Promise<T>,
  ms: number,
  signal: AbortSignal,
): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([
      promise,
      pause(ms, AbortSignal.any([signal, over.signal])).then(() => undefined),
    ]);
  } finally {
    over.abort();
  }
}
