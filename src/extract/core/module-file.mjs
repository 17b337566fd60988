// Where the scanner's WebAssembly form lies, and what it is made of. Plain JavaScript without dependencies, because the
// set-up builds it before anything else is there.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const root = join(folder, '../../..');

/** How they are compiled. 608 pages of 64 KiB, fixed, because views of the memory are held. */
export const MODULE_OPTIONS =
  '--runtime stub --enable simd --enable relaxed-simd --noAssert -O3 --initialMemory 608 --maximumMemory 608'.split(
    ' ',
  );

/** The sources by the name under which the compiler asks for them. */
export function readModuleSources() {
  const scan = join(folder, 'scan');
  const sources = new Map([['layout', readFileSync(join(folder, 'layout.ts'), 'utf8')]]);
  for (const name of readdirSync(scan).sort()) {
    if (!name.endsWith('.ts') || name.endsWith('.d.ts') || name.endsWith('.test.ts')) continue;
    const simd = name.replace('.ts', '-simd.as');
    const file = existsSync(join(scan, simd)) ? simd : name;
    // what is marked so is put where it is called: TypeScript has no decorators of functions
    const text = readFileSync(join(scan, file), 'utf8').replaceAll('/* @inline */', '@inline');
    sources.set(`scan/${name.slice(0, -3)}`, text);
  }
  return sources;
}

/** The built module's path: its name tells sources and options, so that it is never used with others. */
export function modulePath(sources = readModuleSources()) {
  const hash = createHash('sha256').update(MODULE_OPTIONS.join(' '));
  for (const [name, text] of sources) hash.update(`${name}\0${text}\0`);
  return join(root, '.build', `extract-core-${hash.digest('hex').slice(0, 16)}.wasm`);
}
