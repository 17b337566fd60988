import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { serialize } from 'node:v8';
import { literalSets } from '../core/literals.ts';
import { writeLiterals } from '../core/literal-set.ts';
import { LITERALS_END } from '../core/layout.ts';
import { textFolds } from '../core/text-folds.ts';
import { compilePatterns } from '../marks/text-marks.ts';
import { preparedPath } from './file.mjs';
import type { Prepared } from './index.ts';

/** Works out what `prepared` reads. */
export function prepare(): Prepared {
  return {
    patterns: compilePatterns(),
    textFolds: textFolds(),
    literals: new Map(
      literalSets().map(({ set, literals }) => {
        const memory = new Uint8Array(set + LITERALS_END);
        writeLiterals(memory, set, literals);
        return [set, memory.slice(set)];
      }),
    ),
  };
}

/** Writes it for the sources as they are; what was written for others is removed. */
function writePrepared(): void {
  const path = preparedPath();
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, serialize(prepare()));
  renameSync(draft, path);
  for (const name of readdirSync(folder))
    if (name.startsWith('extract-prepared-') && name !== basename(path))
      rmSync(join(folder, name), { force: true });
}

if (import.meta.main) writePrepared();
