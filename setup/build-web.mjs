// Builds the web app into .build/web when its sources changed since.
//
// A stamp beside it holds the hash of everything it is made of. `webIsBuilt` only looks and needs no packages; started
// by itself (`node setup/build-web.mjs`) this builds.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, '.build', 'web');
const stamp = join(root, '.build', 'web.stamp');

/** Hash of the sources and of the packages they are built with. */
function sourceHash() {
  const hash = createHash('sha256');
  const files = ['package-lock.json', 'setup/web-config.mjs'];
  for (const part of ['web', 'model', 'api'])
    for (const entry of readdirSync(join(root, 'src', part), { recursive: true, withFileTypes: true }))
      if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
        files.push(join(entry.parentPath, entry.name).slice(root.length + 1));
  for (const entry of readdirSync(join(root, 'docs', 'guide'), { recursive: true, withFileTypes: true }))
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name).slice(root.length + 1));
  for (const file of files.sort())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

export const webIsBuilt = () =>
  existsSync(join(out, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceHash();

async function buildWeb() {
  const { build } = await import('vite');
  const { webConfig } = await import('./web-config.mjs');
  const hash = sourceHash();
  const draft = `${out}.${process.pid}`;
  const config = webConfig();
  try {
    await build({ ...config, build: { ...config.build, outDir: draft } });
    rmSync(stamp, { force: true });
    rmSync(out, { recursive: true, force: true });
    mkdirSync(dirname(out), { recursive: true });
    renameSync(draft, out);
    writeFileSync(stamp, hash);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !webIsBuilt()) await buildWeb();
