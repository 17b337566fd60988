/**
 * What follows from the rules alone, and takes a good part of a second to work out: what each pattern cannot do without,
 * and the tables by which the core finds all literals at once. The set-up works it out and writes it down, so that
 * commands and threads begin at once. Where that is missing or damaged, or the sources have changed since, it is worked
 * out again, with the same result.
 */
import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import type { CompiledPattern } from '../marks/rule-scan.ts';
import { preparedPath } from './file.mjs';

export interface Prepared {
  /** By pattern: see `patternKey`. */
  readonly patterns: ReadonlyMap<string, CompiledPattern>;
  /** What `textFolds` gives. */
  readonly textFolds: Uint16Array;
  /** By the place of a set of literals in the core's memory: what `writeLiterals` writes there. */
  readonly literals: ReadonlyMap<number, Uint8Array>;
}

let read: { readonly prepared: Prepared | undefined } | undefined;

/** What the set-up prepared; read once a thread. */
export function prepared(): Prepared | undefined {
  read ??= { prepared: readPrepared() };
  return read.prepared;
}

function readPrepared(): Prepared | undefined {
  try {
    return deserialize(readFileSync(preparedPath())) as Prepared; // written by `write.ts` of the same sources
  } catch {
    return undefined;
  }
}
