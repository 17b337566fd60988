import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { importArchiveFiles } from './import-archives.ts';
import { openTerminal } from './terminal.ts';

test('a table of pairs that could not be written is refused before anything is read', async () => {
  for (const pairsTo of [join(import.meta.dirname, 'absent', 'pairs.tsv'), import.meta.dirname])
    await assert.rejects(importArchiveFiles(['absent.warc'], { dryRun: true, pairsTo }, openTerminal()), {
      code: 'bad-pairs-file',
    });
});
