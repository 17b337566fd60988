import type { KeptCapture } from './keep-capture.ts';

/** One capture to make. */
export interface CaptureTask {
  readonly url: string;
  /** Makes the visit and keeps it; a page that cannot be reached is a capture too, only a fault rejects. */
  readonly capture: () => Promise<KeptCapture>;
}

export type CaptureEvent =
  | { readonly kind: 'started'; readonly url: string }
  | { readonly kind: 'kept'; readonly url: string; readonly kept: KeptCapture; readonly seconds: number }
  | { readonly kind: 'failed'; readonly url: string; readonly error: unknown };

/**
 * Makes the captures, at most `parallel` at a time, and reports as it goes. A failed one stops no other.
 * Once `signal` fires no further one begins; those under way end by themselves and are kept.
 */
export async function captureAll(
  tasks: readonly CaptureTask[],
  options: {
    readonly parallel: number;
    readonly signal?: AbortSignal;
    readonly onEvent?: (event: CaptureEvent) => void;
  },
): Promise<KeptCapture[]> {
  const kept: (KeptCapture | undefined)[] = [];
  const report = options.onEvent ?? (() => {});
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < tasks.length && options.signal?.aborted !== true) {
      const index = next++;
      const { url, capture } = tasks[index]!;
      report({ kind: 'started', url });
      const startedMs = performance.now();
      try {
        const result = await capture();
        kept[index] = result;
        report({ kind: 'kept', url, kept: result, seconds: (performance.now() - startedMs) / 1000 });
      } catch (error) {
        report({ kind: 'failed', url, error });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(options.parallel, tasks.length)) }, worker));
  return kept.filter((result) => result !== undefined);
}
