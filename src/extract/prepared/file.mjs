// Where what was prepared lies, and what it follows from. Plain JavaScript without dependencies, because the set-up asks
// for it before anything else is there.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const extract = dirname(folder);
/** What the literals and patterns of rules, and the folds of letters, are made by and of. */
const SOURCES = ['marks', 'core', 'trackers', 'trackers/rules', 'components', 'components/rules', 'prepared'];

/** The file's path: its name tells the sources, so that it is never used with others. */
export function preparedPath() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const name of readdirSync(join(extract, source)).sort()) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts') || name.endsWith('-fixture.ts')) continue;
      hash
        .update(`${source}/${name}\0`)
        .update(readFileSync(join(extract, source, name)))
        .update('\0');
    }
  }
  return join(dirname(dirname(extract)), '.build', `extract-prepared-${hash.digest('hex').slice(0, 16)}.bin`);
}
