import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { openLiterals } from '../core/literals.ts';
import { LITERALS_END, PAGE_LITERALS, URL_LITERALS } from '../core/layout.ts';
import { preparedPath } from './file.mjs';
import { prepared } from './index.ts';
import { prepare } from './write.ts';

const root = join(import.meta.dirname, '../../..');

describe('what the set-up prepared', () => {
  test('was written for these sources, and is what they give', () => {
    assert.ok(existsSync(preparedPath()), 'the set-up wrote nothing');
    assert.deepEqual(prepared(), prepare());
  });

  test('fills the memory as if it were worked out', () => {
    const memory = new Uint8Array(URL_LITERALS + LITERALS_END);
    openLiterals(memory);
    for (const [set, tables] of prepare().literals)
      assert.ok(Buffer.from(memory.buffer, set, LITERALS_END).equals(tables), `the set at ${set}`);
    assert.ok(memory.findIndex((byte) => byte !== 0) >= PAGE_LITERALS, 'nothing before them');
  });

  test('is worked out where it is missing or damaged', () => {
    const copy = mkdtempSync(join(tmpdir(), 'adit-prepared-'));
    try {
      cpSync(join(root, 'src/extract'), join(copy, 'src/extract'), { recursive: true });
      cpSync(join(root, 'src/model'), join(copy, 'src/model'), { recursive: true });
      copyFileSync(join(root, 'package.json'), join(copy, 'package.json'));
      symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
      const ask = (): { pathName: string; isPrepared: boolean; literals: number } => {
        const { stdout, stderr } = spawnSync(
          process.execPath,
          [
            '--input-type=module',
            '--eval',
            `const { prepared } = await import('./src/extract/prepared/index.ts');
             const { preparedPath } = await import('./src/extract/prepared/file.mjs');
             const { pageLiterals } = await import('./src/extract/marks/text-marks.ts');
             console.log(JSON.stringify({
               pathName: preparedPath().split('/').at(-1), isPrepared: prepared() !== undefined, literals: pageLiterals().length,
             }));`,
          ],
          { cwd: copy, encoding: 'utf8' },
        );
        assert.notEqual(stdout, '', stderr);
        return JSON.parse(stdout) as ReturnType<typeof ask>;
      };
      const missing = ask();
      assert.equal(missing.isPrepared, false);
      assert.equal(missing.pathName, basename(preparedPath()), 'the same sources, another folder');
      assert.ok(missing.literals > 1_000);
      cpSync(preparedPath(), join(copy, '.build', missing.pathName), { recursive: true });
      assert.deepEqual(ask(), { ...missing, isPrepared: true });
      writeFileSync(join(copy, '.build', missing.pathName), 'damaged');
      assert.deepEqual(ask(), missing);
      writeFileSync(join(copy, 'src/extract/marks/more.ts'), '// a change');
      assert.notEqual(ask().pathName, missing.pathName);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});
