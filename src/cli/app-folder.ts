import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Where the built web app lies; undefined where it was not built. */
export async function findApp(): Promise<string | undefined> {
  const folder = resolve(import.meta.dirname, '../../.build/web');
  return access(join(folder, 'index.html')).then(
    () => folder,
    () => undefined,
  );
}
