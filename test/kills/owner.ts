// A process to be killed: writes batches and takes jobs until then, and notes on ACKNOWLEDGED what it was promised.
//   node owner.ts DIRECTORY ACKNOWLEDGED      (CLICKHOUSE_URL and DATABASE_URL as anywhere)
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { enqueueCaptures, openWorkbench, startCaptureWorkers, type Workbench } from '#pipeline';
import { makeBatch, makeVisit } from './synthetic.ts';

const WRITERS = 3;
const WORKERS = 2;
const MOST_QUEUED = 20;

const [directory, acknowledged] = process.argv.slice(2);
const note = (kind: string, id: string): void => appendFileSync(acknowledged!, `${kind}\t${id}\n`);

const workbench = await openWorkbench({
  directory: directory!,
  clickhouseUrl: process.env['CLICKHOUSE_URL'],
  databaseUrl: process.env['DATABASE_URL'],
});
startCaptureWorkers({
  workbench,
  parallel: WORKERS,
  hostDelayMs: 0,
  leaseMs: 2_000,
  visit: async ({ url }) => makeVisit(url),
  onCapture: ({ capture }) => note('capture', capture.id),
});
process.stdout.write('ready\n');
await Promise.all([
  ...Array.from({ length: WRITERS }, () => write(workbench)),
  queue(workbench),
  investigate(workbench),
]);

/** Batches of every size; some are given twice, after one another or at once. */
async function write({ store }: Workbench): Promise<never> {
  for (let round = 0; ; round++) {
    const batch = makeBatch(1 + Math.floor(Math.random() ** 3 * 5_000));
    await (round % 5 === 0 ? Promise.all([store.add(batch), store.add(batch)]) : store.add(batch));
    note('batch', batch.id);
    if (round % 3 === 0) await store.add(batch);
  }
}

async function queue(bench: Workbench): Promise<never> {
  for (let round = 0; ; round++) {
    if ((await bench.workspace.queue.counts()).queued < MOST_QUEUED) {
      const url = `https://v${process.pid}-${round}.visited.example/`;
      const [job] = await enqueueCaptures(bench, [{ url }], { priority: round % 3 });
      note('job', String(job));
    } else await sleep(50);
  }
}

async function investigate({ workspace }: Workbench): Promise<never> {
  const { id } = await workspace.projects.create(`Killed ${process.pid}`);
  note('project', id);
  for (let round = 0; ; round++) {
    const value = `a${round}.killed.example`;
    await workspace.projects.set(id, { type: 'host', value, status: 'suspected' });
    note('artifact', `${id} ${value}`);
    await sleep(5);
  }
}
