import type { Persona, Step } from '#model';
import type { Target } from '../record/targets.ts';
import type { Recorder } from '../record/recorder.ts';
import type { LoggedStep } from '../record/steps.ts';
import { findControls, locate, type PlacedControl } from './controls.ts';
import { pause, untilQuiet, within } from './pause.ts';
import { Pointer } from './pointer.ts';

export interface PlanOptions {
  readonly recorder: Recorder;
  readonly page: Target;
  readonly persona: Persona;
  /** Whether the visit may go on to an address. */
  readonly inScope: (url: string) => boolean;
  /** Plain links out of scope are followed where they look like files. */
  readonly mayFetchFiles: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (what: string) => void;
  /** After a step has settled, with its popups still open. */
  readonly onStepSettled: (step: LoggedStep) => Promise<void>;
}

/** Time for what a click starts to begin. */
const REACTION_MS = 150;
/** A step is waited for less long than a page, by these shares of the limits. */
const STEP_QUIET = 0.7;
const STEP_SETTLE = 0.5;
/** Resolves when every timer that was due has run. */
const TURN = 'new Promise((done) => setTimeout(done, 0))';
const TURN_MS = 1_000;
const MOST_TURNS = 3;
const DOWNLOAD_MS = 15_000;
const BACK_MS = 4_000;
const FIRST_SCORE = 4;

/**
 * Presses what looks like a download or a way on, most promising first, each as a step of its own, and comes back
 * when that led away. A plain link out of scope is left alone; where a script leads out of scope, the request is
 * made and the page behind it is not stayed on.
 */
export async function interact(options: PlanOptions): Promise<void> {
  const { recorder, page, signal } = options;
  const { limits } = recorder.limits;
  const pointer = new Pointer(page.session, options.persona.viewport.hasTouch, signal);
  const pressed = new Set<string>();
  while (!signal.aborted && !recorder.crashed.has(page.id)) {
    const controls = await findControls(recorder.worlds, recorder.frames, page.id);
    const control = controls.find(
      (each) => each.score >= FIRST_SCORE && !pressed.has(signature(each)) && mayPress(each, options),
    );
    if (
      control === undefined ||
      !recorder.limits.admits('clicks', pressed.size, 'more controls could be pressed')
    )
      return;
    if (limits.clicks === 0) return;
    pressed.add(signature(control));
    const place = await locate(recorder.worlds, recorder.frames, control);
    if (place === undefined) continue;
    await pressAndSee(options, pointer, control, place);
  }
}

/** A plain link to elsewhere is not followed; what runs a script or saves a file is no plain link. */
function mayPress(control: PlacedControl, { inScope, mayFetchFiles }: PlanOptions): boolean {
  const { target, onclick, hasDownload, looksLikeFile } = control;
  const isPlainLink = onclick === '' && !hasDownload && /^https?:/.test(target);
  return !isPlainLink || inScope(target) || (mayFetchFiles && looksLikeFile);
}

async function pressAndSee(
  options: PlanOptions,
  pointer: Pointer,
  control: PlacedControl,
  place: { readonly x: number; readonly y: number },
): Promise<void> {
  const { recorder, page, signal } = options;
  options.onProgress(`pressing “${(control.text || control.onclick || control.href).slice(0, 60)}”`);
  const step = recorder.steps.begin('click', { control: toStepControl(control, place) });
  const before = recorder.frames.documentIn(page.id);
  await pointer.press(place);
  await pause(REACTION_MS, signal);
  await untilReacted(options);
  await untilDownloaded(recorder, signal);
  const after = recorder.frames.documentIn(page.id);
  const isElsewhere = after !== undefined && after !== before;
  if (isElsewhere) step.navigatedTo = after.url;
  recorder.steps.end(step);
  await options.onStepSettled(step);
  await closePopups(recorder, page);
  if (isElsewhere) await goBack(options, before?.url);
}

/**
 * Waits until nothing is under way any more. Where the machine is busy the page reacts late: quiet counts only once the page
 * had its turn, in which it does all that is due, and began nothing.
 */
async function untilReacted({ recorder, page, signal }: PlanOptions): Promise<void> {
  const { quietMs, settleMs } = recorder.limits.limits;
  const quiet = { quietMs: STEP_QUIET * quietMs, mostMs: STEP_SETTLE * settleMs, signal };
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    if ((await untilQuiet(recorder, quiet)) !== 'quiet') return;
    const { changedAt } = recorder.requests;
    const askedAt = performance.now();
    await recorder.worlds.evaluate(page.id, TURN, TURN_MS);
    await pause(performance.now() - askedAt, signal); // as late as the page is what the browser tells of it
    if (recorder.requests.changedAt === changedAt) return;
  }
}

/** Closes the windows that a step opened: they would only go on costing. */
async function closePopups({ targets }: Recorder, page: Target): Promise<void> {
  await Promise.all(
    targets.pages
      .filter(({ id }) => id !== page.id)
      .map(({ session }) => session.attempt('Page.close', undefined, 1_000)),
  );
}

async function goBack({ recorder, page, signal }: PlanOptions, url: string | undefined): Promise<void> {
  const step = recorder.steps.begin('back', url === undefined ? {} : { url });
  const history = await page.session.attempt('Page.getNavigationHistory');
  const index =
    history?.entries.findLastIndex(
      (entry, i) => i < history.currentIndex && (url === undefined || entry.url === url),
    ) ?? -1;
  const entry = history?.entries[index];
  if (entry !== undefined) {
    await within(
      page.session.attempt('Page.navigateToHistoryEntry', { entryId: entry.id }, BACK_MS),
      BACK_MS,
      signal,
    );
    await pause(REACTION_MS, signal);
    const { quietMs } = recorder.limits.limits;
    await untilQuiet(recorder, { quietMs: STEP_QUIET * quietMs, mostMs: BACK_MS, signal });
    const now = recorder.frames.documentIn(page.id)?.url;
    if (now !== undefined) step.navigatedTo = now;
  }
  recorder.steps.end(step);
}

async function untilDownloaded({ downloads }: Recorder, signal: AbortSignal): Promise<void> {
  const until = performance.now() + DOWNLOAD_MS;
  while (downloads.runningCount > 0 && performance.now() < until && !signal.aborted) await pause(50, signal);
}

/** The same control on a page that was reloaded has the same one. */
function signature({ frame, tag, text, href, onclick, id }: PlacedControl): string {
  return JSON.stringify([frame, tag, text.slice(0, 60), href, onclick.slice(0, 100), id]);
}

function toStepControl(
  control: PlacedControl,
  { x, y }: { readonly x: number; readonly y: number },
): Step['control'] {
  const { frame, tag, text, href, onclick, id, score } = control;
  return {
    frame,
    tag,
    text,
    ...(href !== '' && { href }),
    ...(onclick !== '' && { onclick }),
    ...(id !== '' && { id }),
    score,
    x,
    y,
  };
}
