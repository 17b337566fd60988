import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Observation } from '#model';
import { importArchives } from './import-archives.ts';
import type { ImportBatch } from './import-file.ts';
import { readHostGraph } from './host-graph.ts';
import { findSources } from './import-sources.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adit-graph-'));
});
after(async () => {
  await rm(folder, { recursive: true });
});

async function read(path: string) {
  const batches: ImportBatch[] = [];
  const sources = await findSources({ paths: [path] });
  const store = async (more: readonly ImportBatch[]): Promise<void> => void batches.push(...more);
  for await (const event of importArchives({ sources, store })) {
    if (event.kind !== 'done') continue;
    const observations: readonly Observation[] = batches.flatMap((batch) => batch.observations);
    return { summary: event.summary, observations };
  }
  throw new Error('an import without end');
}

test('a graph in parts gives pairs of unknown cause, of the date of its crawl', async () => {
  const graph = join(folder, 'cc-main-2017-18-nov-dec-jan-host');
  for (const kind of ['vertices', 'edges']) await mkdir(join(graph, kind), { recursive: true });
  // vertices in two parts, the first of two gzip members, as Hadoop writes them
  await writeFile(
    join(graph, 'vertices/part-00000.txt.gz'),
    Buffer.concat([gzipSync('0\tcom.electrum\n'), gzipSync('1\torg.bitcoingold\n')]),
  );
  await writeFile(
    join(graph, 'vertices/part-00001.txt.gz'),
    gzipSync('2\torg.xn--btcoingold-uhb.www\n3\t???\n'),
  );
  await writeFile(
    join(graph, 'edges/part-00000.txt.gz'),
    gzipSync('2\t1\n0\t0\n1\t0\nno edge\n0\t3\n0\t9\n'),
  );
  const { summary, observations } = await read(graph);
  assert.deepEqual(
    observations.map(({ dataset, source, label, target, seenAt }) => [
      dataset,
      source,
      label,
      target,
      seenAt,
    ]),
    [
      ['host-pairs', 'www.xn--btcoingold-uhb.org', 'unknown', 'bitcoingold.org', '2017-11-01T00:00:00.000Z'],
      ['host-pairs', 'bitcoingold.org', 'unknown', 'electrum.com', '2017-11-01T00:00:00.000Z'],
    ],
  );
  assert.equal(summary.pairs, 2);
  assert.deepEqual(
    summary.problems.map(({ what }) => what),
    ['no edge of two numbers', '2 edges without a host at one of their ends'],
  );
});

test('a domain graph in two files is found by its name', async () => {
  const edges = join(folder, 'cc-main-2024-feb-apr-may-domain-edges.txt');
  await writeFile(edges.replace('edges', 'vertices'), '0\tcom.a\t12\n1\tcom.b\t1\n');
  await writeFile(edges, '0\t1');
  const { observations } = await read(edges);
  assert.deepEqual(
    observations.map(({ source, target, seenAt }) => `${source} ${target} ${seenAt}`),
    ['a.com b.com 2024-02-01T00:00:00.000Z'],
  );
});

test('vertices in no order, and files that end early: what is there is had, the rest is told', async () => {
  const edges = join(folder, 'cut-edges.txt.gz');
  const hosts = Array.from(
    { length: 5_000 },
    (_, i) => `${(i * 2_731) % 5_000}\texample.h${(i * 2_731) % 5_000}`,
  );
  await writeFile(edges.replace('edges', 'vertices'), gzipSync(`${hosts.join('\n')}\n`));
  const lines = Array.from({ length: 50_000 }, (_, i) => `${i % 5_000}\t${(i * 7 + 1) % 5_000}\n`);
  const whole = gzipSync(lines.join(''), { level: 0 });
  await writeFile(edges, whole.subarray(0, whole.length - 100_000));
  const { summary, observations } = await read(edges);
  assert.ok(observations.length > 30_000 && observations.length < lines.length, String(observations.length));
  for (const [i, { source, target }] of observations.entries())
    assert.deepEqual([source, target], [`h${i % 5_000}.example`, `h${(i * 7 + 1) % 5_000}.example`]);
  assert.match(summary.problems[0]!.what, /cannot be read on/);
});

test('a graph without vertices is a file that cannot be read, and no more', async () => {
  const edges = join(folder, 'lonely-edges.txt.gz');
  await writeFile(edges, gzipSync('0\t1\n'));
  const { summary, observations } = await read(edges);
  assert.deepEqual(observations, []);
  assert.match(summary.problems[0]!.what, /vertices/);
});

test('names beyond the limit of memory are left out, and told with the edges that lack them', async () => {
  const graph = join(folder, 'limited');
  await mkdir(graph);
  const edges = join(graph, 'some-domain-edges.txt');
  const hosts = Array.from({ length: 10 }, (_, i) => `${i}\tcom.example${i}\n`); // names of 12 bytes
  await writeFile(join(graph, 'some-domain-vertices.txt'), hosts.join(''));
  await writeFile(edges, Array.from({ length: 9 }, (_, i) => `${i}\t${i + 1}\n`).join(''));
  const pairsWithin = async (maxNameBytes: number) => {
    const problems: string[] = [];
    const pairs: Observation[] = [];
    for await (const more of readHostGraph(edges, (_, what) => problems.push(what), maxNameBytes))
      pairs.push(...more);
    return [pairs.map(({ source, target }) => `${source} ${target}`), problems];
  };
  const [all] = await pairsWithin(120);
  assert.equal(all?.length, 9);
  assert.deepEqual(await pairsWithin(40), [
    ['example0.com example1.com', 'example1.com example2.com'],
    ['7 edges without a host at one of their ends', '7 names of hosts are beyond the limit of memory'],
  ]);
});
