import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorder } from '../record/recorder.ts';

/** Waits, and no longer than until the signal fires. Never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0 && !signal.aborted) await sleep(ms, undefined, { signal }).catch(() => {});
}

const POLL_MS = 25;

/**
 * Waits until nothing was under way for `quietMs`, at most `mostMs`, and no longer once the page was stopped. Whether
 * it became quiet: `stopped` also where its renderer or the visit ended.
 */
export async function untilQuiet(
  recorder: Recorder,
  {
    quietMs,
    mostMs,
    signal,
  }: { readonly quietMs: number; readonly mostMs: number; readonly signal: AbortSignal },
): Promise<'quiet' | 'restless' | 'stopped'> {
  const startedAt = performance.now();
  let isStopped = false;
  void recorder.stopped.then(() => (isStopped = true));
  while (!signal.aborted) {
    const { requests, downloads, targets, crashed } = recorder;
    const now = performance.now();
    const quietSince = Math.max(startedAt, requests.changedAt);
    const isBusy = requests.openCount > 0 || downloads.runningCount > 0;
    if (!isBusy && now - quietSince >= quietMs) return 'quiet';
    const isOver = targets.pages.length > 0 && targets.pages.every(({ id }) => crashed.has(id));
    if (isOver || isStopped) return 'stopped';
    if (now - startedAt >= mostMs) return 'restless';
    await pause(POLL_MS, signal);
  }
  return 'stopped';
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
