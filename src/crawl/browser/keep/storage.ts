import type { Capture } from '#model';
import type { Recorder } from '../record/recorder.ts';

type Item = Capture['storage'][number];

const SCRIPT_MS = 1_000;
/** Answers [kind, key, value] of both storages, cut at `most` characters; storage may be forbidden. */
const read = (most: number) => `(() => {
  const found = [];
  let size = 0;
  for (const kind of ['local', 'session']) {
    try {
      const storage = self[kind + 'Storage'];
      for (let i = 0; i < storage.length; i++) {
        const key = storage.key(i), value = storage.getItem(key) ?? '';
        size += key.length + value.length;
        if (size > ${most}) return JSON.stringify({ found, isCut: true });
        found.push([kind, key, value]);
      }
    } catch {}
  }
  return JSON.stringify({ found, isCut: false });
})()`;

/** Local and session storage of every origin that has a frame on show. */
export async function readStorage({ worlds, frames, limits }: Recorder): Promise<Item[]> {
  const items = new Map<string, Item>();
  for (const { frame, url } of frames.current) {
    const answer = await worlds.evaluate(frame, read(limits.limits.storageLength), SCRIPT_MS);
    if (typeof answer !== 'string') continue;
    const origin = URL.parse(url)?.origin ?? 'null';
    // Our own script's JSON, from a world that the page cannot reach.
    const { found, isCut } = JSON.parse(answer) as {
      found: [Item['kind'], string, string][];
      isCut: boolean;
    };
    if (isCut) limits.reach('storageLength', origin);
    for (const [kind, key, value] of found)
      items.set(`${origin} ${kind} ${key}`, { origin, kind, key, value });
  }
  return [...items.values()];
}
