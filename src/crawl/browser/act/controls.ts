import type { FrameLog, SeenDocument } from '../record/frames.ts';
import type { PageWorlds } from '../record/page-world.ts';
import { COLLECT, placeOf, type Control } from './controls-script.ts';

/** A control with the document that it stands in. */
export interface PlacedControl extends Control {
  readonly frame: string;
}

const MAX_FRAMES = 8;
const SCRIPT_MS = 2_000;

/** The controls of the main frame and the frames in it, most promising first. */
export async function findControls(
  worlds: PageWorlds,
  frames: FrameLog,
  main: string,
): Promise<PlacedControl[]> {
  const inside = frames.current.filter(
    (document) => document.frame === main || isInside(frames, document, main),
  );
  const lists = await Promise.all(
    inside.slice(0, MAX_FRAMES).map(async ({ frame }) => {
      const answer = await worlds.evaluate(frame, COLLECT, SCRIPT_MS);
      // Our own script's JSON, from a world that the page cannot reach.
      const controls = typeof answer === 'string' ? (JSON.parse(answer) as Control[]) : [];
      return controls.map((control) => ({ ...control, frame }));
    }),
  );
  return lists.flat().sort((a, b) => b.score - a.score);
}

/** Where to press it, in the main frame's viewport: undefined where it is gone. */
export async function locate(
  worlds: PageWorlds,
  frames: FrameLog,
  control: PlacedControl,
): Promise<{ x: number; y: number } | undefined> {
  const answer = await worlds.evaluate(control.frame, placeOf(control.index), SCRIPT_MS);
  if (typeof answer !== 'string') return undefined;
  let { x, y } = JSON.parse(answer) as { x: number; y: number }; // as above
  for (let document = frames.documentIn(control.frame); document?.parentFrame !== undefined;) {
    const offset = await offsetOf(worlds, document);
    if (offset === undefined) return undefined;
    x += offset.x;
    y += offset.y;
    // The offset counts from the outermost frame of the parent's own process.
    const parent = frames.documentIn(document.parentFrame);
    document = parent === undefined ? undefined : frames.documentIn(parent.targetId);
  }
  return { x: Math.round(x), y: Math.round(y) };
}

/** Where the frame's content begins in its parent's viewport, brought into view. */
async function offsetOf(
  worlds: PageWorlds,
  document: SeenDocument,
): Promise<{ x: number; y: number } | undefined> {
  const parent = worlds.of(document.parentFrame!);
  const owner = await parent?.session.attempt('DOM.getFrameOwner', { frameId: document.frame });
  if (parent === undefined || owner === undefined) return undefined;
  const { backendNodeId } = owner;
  await parent.session.attempt('DOM.scrollIntoViewIfNeeded', { backendNodeId });
  const box = await parent.session.attempt('DOM.getBoxModel', { backendNodeId });
  const [x, y] = box?.model.content ?? [];
  return x === undefined || y === undefined ? undefined : { x, y };
}

function isInside(frames: FrameLog, document: SeenDocument, main: string): boolean {
  for (
    let each: SeenDocument | undefined = document;
    each?.parentFrame !== undefined;
    each = frames.documentIn(each.parentFrame)
  )
    if (each.parentFrame === main) return true;
  return false;
}
