import type { Recorder } from '../record/recorder.ts';
import type { Target } from '../record/targets.ts';
import { pause, untilQuiet } from './pause.ts';
import { Pointer } from './pointer.ts';

const MOST_STROKES = 8;
const STROKE_MS = 60;
const SETTLE_MS = 3_000;
const SCRIPT_MS = 1_000;

/** Scrolls through the page as a reader does, so that what loads lazily loads, and back to its top. */
export async function scrollThrough(
  recorder: Recorder,
  page: Target,
  {
    viewportHeight,
    quietMs,
    signal,
  }: { readonly viewportHeight: number; readonly quietMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { worlds, steps } = recorder;
  const height = await worlds.evaluate(page.id, 'document.documentElement?.scrollHeight ?? 0', SCRIPT_MS);
  if (typeof height !== 'number' || height <= viewportHeight * 1.1) return;
  const step = steps.begin('scroll');
  const pointer = new Pointer(page.session, false, signal);
  const strokes = Math.min(MOST_STROKES, Math.ceil(height / viewportHeight));
  const distance = Math.max(viewportHeight * 0.9, height / strokes);
  for (let i = 0; i < strokes && !signal.aborted; i++) {
    await pointer.scroll(distance);
    await pause(STROKE_MS, signal);
  }
  await untilQuiet(recorder, { quietMs: Math.min(quietMs, 200), mostMs: SETTLE_MS, signal });
  await worlds.evaluate(page.id, 'scrollTo(0, 0)', SCRIPT_MS);
  steps.end(step);
}
