import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { passwordZip } from './password-zip.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const has = (program: string): boolean => spawnSync(program, ['--help']).error === undefined;

test(
  'files open with the password by other programs, and not with another',
  {
    skip: !has('python3') && 'there is no python3 on this machine',
  },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'adit-password-zip-'));
    try {
      const files = [
        { name: 'empty.bin', bytes: Buffer.alloc(0) },
        { name: 'text.txt', bytes: Buffer.from('harmless '.repeat(1_000)) },
        { name: 'wörter/zufall.bin', bytes: randomBytes(100_003) },
      ];
      const path = join(folder, 'x.zip');
      writeFileSync(path, passwordZip(files, 'infected'));
      const script = `import sys, zipfile, hashlib
z = zipfile.ZipFile(sys.argv[1])
for i in z.infolist(): print(i.filename, i.flag_bits & 1, hashlib.sha256(z.read(i, pwd=b'infected')).hexdigest())
try: z.read('text.txt', pwd=b'wrong'); print('open')
except Exception as e: print('shut')`;
      const { stdout, stderr } = spawnSync('python3', ['-c', script, path], {
        encoding: 'utf8',
        env: { ...process.env, PYTHONIOENCODING: 'utf8' },
      });
      const sums = files.map(({ name, bytes }) => `${name} 1 ${sha256(bytes)}`);
      assert.deepEqual(stdout.trim().split('\n'), [...sums, 'shut'], stderr);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test('what is inside does not show, and names that climb are refused', () => {
  const zip = passwordZip([{ name: 'a.txt', bytes: Buffer.from('EICAR '.repeat(50)) }], 'infected');
  assert.ok(!zip.includes('EICAR'));
  for (const name of ['../a', '/etc/passwd', 'a\\b', 'a\0b', ''])
    assert.throws(() => passwordZip([{ name, bytes: Buffer.alloc(1) }], 'infected'), {
      code: 'archive-bad-source',
    });
});
