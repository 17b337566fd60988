import type { SeenDocument } from '../record/frames.ts';
import type { Recorder } from '../record/recorder.ts';
import type { Attachments } from './attachments.ts';

const READ_MS = 6_000;
const SCRIPT_MS = 2_000;

/** Serialises the documents that have no snapshot of that phase yet. */
export async function snapshotDocuments(
  recorder: Recorder,
  attachments: Attachments,
  phase: 'loaded' | 'final',
): Promise<void> {
  const wanted = recorder.frames.current.filter((document) => document[phase] === undefined);
  await Promise.all(wanted.map((document) => snapshot(recorder, attachments, document, phase)));
}

async function snapshot(
  { worlds, limits }: Recorder,
  attachments: Attachments,
  document: SeenDocument,
  phase: 'loaded' | 'final',
): Promise<void> {
  const world = worlds.of(document.frame);
  if (world === undefined) return;
  const { session, context } = world;
  const most = limits.limits.documentLength;
  const handle = await session.attempt(
    'Runtime.evaluate',
    { expression: '(self.aditSweep?.(), document)', contextId: context },
    SCRIPT_MS,
  );
  const objectId = handle?.result.objectId;
  const answer =
    objectId === undefined
      ? undefined
      : await session.attempt('DOM.getOuterHTML', { objectId, includeShadowDOM: true }, READ_MS);
  // Another document may have come meanwhile: what was read would not be this one's.
  if (answer === undefined || document.isReplaced) return;
  if (answer.outerHTML.length > most) limits.reach('documentLength', document.url);
  const html = answer.outerHTML.slice(0, most);
  if (phase === 'final' && document.loaded !== undefined && isSame(attachments, document.loaded, html))
    document.final = document.loaded;
  else document[phase] = attachments.add(`documents/${document.id}-${phase}.html`, html);
  const title = await worlds.evaluate(document.frame, 'document.title', SCRIPT_MS);
  if (typeof title === 'string' && title !== '') document.title = title.slice(0, 1_000);
  const text = await worlds.evaluate(
    document.frame,
    `document.body?.innerText?.slice(0, ${most}) ?? ''`,
    SCRIPT_MS,
  );
  if (typeof text === 'string' && text !== '')
    document.text = attachments.add(`documents/${document.id}.txt`, text);
}

function isSame(attachments: Attachments, path: string, html: string): boolean {
  const before = attachments.files.get(path);
  return before !== undefined && Buffer.from(html).equals(before);
}
