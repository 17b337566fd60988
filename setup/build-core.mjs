// Compiles the extraction core's scanner to WebAssembly. The same sources run as TypeScript where that is missing.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MODULE_OPTIONS, modulePath, readModuleSources } from '../src/extract/core/module-file.mjs';

export const coreIsBuilt = () => existsSync(modulePath());

/** Builds the module if its sources changed; throws with the compiler's words where it cannot. */
export async function buildCore() {
  const sources = readModuleSources();
  const path = modulePath(sources);
  if (existsSync(path)) return;
  const asc = await import('assemblyscript/asc');
  let built;
  const { error, stderr } = await asc.main(['scan/entry.ts', ...MODULE_OPTIONS, '--outFile', 'core.wasm'], {
    readFile: (name) => sources.get(name.replace(/\.ts/g, '')) ?? null,
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) built = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || built === undefined) throw new Error(`${error?.message ?? ''}\n${stderr}`);
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, built);
  renameSync(draft, path);
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.wasm') && name !== basename(path)) rmSync(join(folder, name), { force: true });
  }
}
