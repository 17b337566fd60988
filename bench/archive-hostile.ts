import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOSTILE_ARCHIVES, importAlone } from '../test/hostile-archives.ts';
import type { BenchResult } from './run.ts';

/**
 * Archives that try to exhaust their reader, each read by `adit import --dry-run` with one worker in a process of its own: peak
 * memory, and what was reported. The files are made by seed in the system's folder for temporary files, and deleted.
 * One line a kind; `ADIT_BENCH_SCALE` makes all of them smaller, `ADIT_BENCH_KIND` names one.
 */
export async function benchArchiveHostile(): Promise<BenchResult> {
  const kind = process.env['ADIT_BENCH_KIND'];
  const scale = Number(process.env['ADIT_BENCH_SCALE'] ?? 1);
  const folder = mkdtempSync(join(tmpdir(), 'adit-hostile-'));
  const rows: Record<string, unknown>[] = [];
  try {
    for (const [name, make] of Object.entries(HOSTILE_ARCHIVES)) {
      if (kind !== undefined && name !== kind) continue;
      const path = join(folder, name);
      await make(path, scale);
      const { status, peakMb, summary } = importAlone(path);
      rows.push({
        name,
        status,
        peakMb,
        records: summary.records,
        pages: summary.pages,
        pairs: summary.pairs,
        problemCount: summary.problemCount,
        firstProblem: summary.problems?.[0],
      });
      process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
      rmSync(path, { recursive: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    figures: {
      kinds: rows.length,
      peakMemoryMb: Math.max(...rows.map(({ peakMb }) => Number(peakMb))),
      crashed: rows.filter(({ status }) => status !== 0 && status !== 3).length,
    },
    text: rows.map((row) => JSON.stringify(row)).join('\n'),
  };
}
