import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { test } from 'node:test';

/** Which part may import which. The one place where this is decided; ARCHITECTURE.md explains it. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  model: [],
  archive: ['model'],
  extract: ['model'],
  lookalike: ['model'],
  similar: ['model'],
  crawl: ['model', 'archive'],
  store: ['model'],
  pipeline: ['model', 'archive', 'extract', 'lookalike', 'similar', 'crawl', 'store'],
  investigate: ['model', 'store', 'archive', 'extract'],
  publish: ['model'],
  api: ['model'],
  server: [
    'model',
    'api',
    'store',
    'archive',
    'extract',
    'lookalike',
    'similar',
    'investigate',
    'publish',
    'pipeline',
  ],
  testnet: ['model'],
  web: ['model', 'api'],
  cli: [
    'model',
    'archive',
    'extract',
    'lookalike',
    'similar',
    'crawl',
    'store',
    'investigate',
    'publish',
    'api',
    'server',
    'pipeline',
    'testnet',
  ],
};

/** Tests of a part may use these besides, since they check it against real parts. */
const TESTS_MAY_IMPORT = new Set(['model', 'archive', 'testnet', 'store']);

const root = resolve(import.meta.dirname, '..');
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s*'([^']+)'/g;

const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).map((path) => path.split(sep).join('/'));
const imports = files.flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  return Array.from(text.matchAll(IMPORT), (match) => ({
    file,
    target: (match[1] ?? match[2] ?? match[3])!,
  }));
});
const partOf = (file: string) => file.split('/')[1]!;
const isTest = (file: string) => /\.test\.tsx?$|-fixture\.ts$/.test(file);

test('every folder under src is a known part with a face that says what it is for', () => {
  const parts = new Set(files.filter((file) => file.split('/').length > 2).map(partOf));
  for (const part of parts) {
    assert.ok(part in MAY_IMPORT, `src/${part} is not in the table of parts`);
    const face = files.find((file) => file === `src/${part}/index.ts`);
    assert.ok(face !== undefined, `src/${part} has no index.ts`);
    assert.match(
      readFileSync(join(root, face), 'utf8'),
      /^(?:#!.*\n)?\/\*\*/,
      `${face} does not open with its purpose`,
    );
  }
});

test('the table of parts has no cycle', () => {
  const visit = (part: string, path: readonly string[]): void => {
    assert.ok(!path.includes(part), `cycle: ${[...path, part].join(' → ')}`);
    for (const next of MAY_IMPORT[part] ?? []) visit(next, [...path, part]);
  };
  for (const part of Object.keys(MAY_IMPORT)) visit(part, []);
});

test('parts import only the parts they may, and only their faces', () => {
  assert.ok(imports.length > 300, `saw only ${imports.length} imports: is the pattern still right?`);
  const wrong: string[] = [];
  for (const { file, target } of imports) {
    const part = partOf(file);
    if (target.startsWith('#')) {
      const to = target.slice(1);
      if (file === 'src/cli/main.ts' && to === 'cli') continue; // the entry point is a user of the part
      const isAllowed = MAY_IMPORT[part]?.includes(to) || (isTest(file) && TESTS_MAY_IMPORT.has(to));
      if (!isAllowed) wrong.push(`${file} imports ${target}`);
    } else if (target.startsWith('.')) {
      const path = relative(root, resolve(root, dirname(file), target))
        .split(sep)
        .join('/');
      if (path.startsWith('src/') && partOf(path) !== part) wrong.push(`${file} reaches into ${path}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('no folder is named after a layer', () => {
  const layers = /(^|\/)(utils?|helpers?|services?|types|common|misc|lib)\//;
  assert.deepEqual(
    files.filter((file) => layers.test(file)),
    [],
  );
});

test("the engine's flags are those that it was started with: set later they bring it down now and then", () => {
  const setting = files.filter(
    (file) =>
      !file.includes('.test.') && readFileSync(join(root, file), 'utf8').includes('setFlagsFromString('),
  );
  assert.deepEqual(setting, []);
});
