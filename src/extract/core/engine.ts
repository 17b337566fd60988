import { existsSync, readFileSync } from 'node:fs';
import { MEMORY } from './scan/bytes.ts';
import * as scanner from './scan/entry.ts';
import { modulePath } from './module-file.mjs';
import { sketchSetsIn } from './page-sketch.ts';
import { writeTables } from './vocabulary.ts';

/** A form of the scanner: WebAssembly with SIMD, or the same code as plain TypeScript. */
export type EngineKind = 'simd' | 'plain';

/** The scanner with its memory, whose layout is that of `layout.ts`. */
export interface Engine {
  readonly kind: EngineKind;
  readonly memory: Uint8Array;
  /** The same as a buffer, and in cells. */
  readonly buffer: Buffer;
  readonly cells: Int32Array;
  readonly sketchSets: ReturnType<typeof sketchSetsIn>;
  /** What the scanner does: see `scan/entry.ts`. `PADDING` zeros follow a page. */
  readonly scanner: Scanner;
}

type Scanner = typeof scanner;

let plain: Engine | undefined;

/** The plain form; there is one a thread. */
export function openPlainEngine(): Engine {
  if (plain === undefined) {
    writeTables(MEMORY);
    plain = { kind: 'plain', ...viewsOf(MEMORY), scanner };
  }
  return plain;
}

/** The WebAssembly form, or undefined where the module was not built or the runtime lacks SIMD. */
export function openSimdEngine(): Engine | undefined {
  const module = loadModule();
  if (module === undefined) return undefined;
  const { exports } = new WebAssembly.Instance(module, { env: { abort: noAbort } });
  const memory = new Uint8Array((exports['memory'] as WebAssembly.Memory).buffer); // what the compiler exports
  writeTables(memory);
  return { kind: 'simd', ...viewsOf(memory), scanner: exports as unknown as Scanner }; // of the same sources
}

function viewsOf(memory: Uint8Array): Pick<Engine, 'memory' | 'buffer' | 'cells' | 'sketchSets'> {
  const cells = new Int32Array(memory.buffer);
  return { memory, buffer: Buffer.from(memory.buffer), cells, sketchSets: sketchSetsIn(cells) };
}

let compiled: WebAssembly.Module | undefined;

function loadModule(): WebAssembly.Module | undefined {
  if (compiled !== undefined) return compiled;
  const path = modulePath();
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  if (!WebAssembly.validate(bytes)) return undefined; // no SIMD here, or a damaged file
  compiled = new WebAssembly.Module(bytes);
  return compiled;
}

function noAbort(): never {
  throw new Error('the scanner met an impossible state');
}
