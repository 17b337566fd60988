import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = join(
  process.env['ADIT_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data'),
  'names',
);

/** Reason to skip tests that need the shared lists of names; undefined where they are there. */
export const NO_DATA = existsSync(folder) ? undefined : 'the shared lists of names are not here (ADIT_DATA)';

export const dataPath = (name: string): string => join(folder, name);

/** The lines of a list, without the last empty one. */
export function dataLines(name: string): string[] {
  return readFileSync(dataPath(name), 'utf8').trimEnd().split('\n');
}

/** A list of the collection of benign domains. */
export function warningList(name: string): string[] {
  const text = readFileSync(dataPath(`warninglists/${name}/list.json`), 'utf8');
  const { list } = JSON.parse(text) as { list: string[] }; // the collection's format
  return list.map((entry) => entry.replace(/^\./, ''));
}
