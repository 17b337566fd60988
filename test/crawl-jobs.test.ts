import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { CaptureSource } from '#archive';
import {
  openWorkbench,
  startCaptureWorkers,
  startCrawl,
  type CaptureJob,
  type CrawlRequest,
  type Workbench,
} from '#pipeline';
import { SourceFixture } from '../src/archive/capture-source-fixture.ts';

let folder: string;
let workbench: Workbench;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adit-crawl-jobs-'));
  workbench = await openWorkbench({ directory: folder });
});
after(async () => {
  await workbench?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A site where each page links to two deeper ones, to itself, back to the start, and elsewhere. */
function linksOf(url: string): string[] {
  const path = new URL(url).pathname;
  return [
    `${path}a/`,
    `${path}b/`,
    path,
    '/',
    '/?utm_source=x',
    'https://elsewhere.example/',
    'mailto:a@b.example',
  ];
}

/** Made one at a time by a site that is never asked. */
function visit({ url, crawl }: CaptureJob): Promise<CaptureSource> {
  const source = new SourceFixture(url);
  const body = Buffer.from(
    linksOf(url)
      .map((link) => `<a href="${link}">x</a>`)
      .join('\n'),
  );
  const exchange = source.exchange({
    url,
    status: 200,
    headers: [['Content-Type', 'text/html']],
    body,
    resourceType: 'Document',
    isMainFrame: true,
    frame: 'main',
  });
  source.set({
    id: randomUUID(),
    ...(crawl !== undefined && { crawl }),
    documents: [{ id: 0, url, frame: 'main', isMainFrame: true, exchange }],
  });
  return Promise.resolve(source);
}

async function crawled(request: Partial<CrawlRequest>): Promise<{ url: string; depth: number }[]> {
  const { crawls, queue } = workbench.workspace;
  const id = await startCrawl(workbench, {
    seeds: ['https://site.example/'],
    scope: 'host',
    maxDepth: 2,
    maxPages: 100,
    how: {},
    ...request,
  });
  {
    await using _workers = startCaptureWorkers({ workbench, parallel: 2, visit, hostDelayMs: 0 });
    for (;;) {
      const { counts } = (await crawls.get(id))!;
      if (counts.queued + counts.running === 0) break;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  const jobs = await queue.jobs('done', 1_000, id);
  assert.equal((await queue.counts(id)).done, jobs.length);
  return jobs.map(({ payload }) => {
    const { url, crawl } = payload as CaptureJob; // as `startCrawl` made them
    return { url, depth: crawl!.depth };
  });
}

test('a crawl visits each address of its scope once, as deep as it may', async () => {
  const visits = await crawled({ maxDepth: 2 });
  const at = (depth: number): string[] =>
    visits
      .filter((each) => each.depth === depth)
      .map(({ url }) => new URL(url).pathname)
      .sort();
  assert.deepEqual(at(0), ['/']);
  assert.deepEqual(at(1), ['/a/', '/b/']);
  assert.deepEqual(at(2), ['/a/a/', '/a/b/', '/b/a/', '/b/b/']);
  assert.equal(visits.length, 7);
});

test('it ends at its number of pages, and without links it visits the seeds alone', async () => {
  assert.equal((await crawled({ maxDepth: 10, maxPages: 5 })).length, 5);
  assert.equal((await crawled({ maxDepth: 0 })).length, 1);
  assert.equal((await crawled({ scope: 'page' })).length, 1);
  assert.equal((await crawled({ scope: 'any', maxDepth: 1 })).length, 4, 'the other host, too');
});

test('a crawl that was stopped asks for nothing more', async () => {
  const { crawls } = workbench.workspace;
  const id = await startCrawl(workbench, {
    seeds: ['https://site.example/'],
    scope: 'host',
    maxDepth: 2,
    maxPages: 100,
    how: {},
  });
  await crawls.stop(id);
  const added = await crawls.grow(id, () => [{ kind: 'capture', payload: {} }]);
  assert.deepEqual(added, []);
  const { stoppedAt, counts } = (await crawls.get(id))!;
  assert.ok(stoppedAt !== undefined);
  assert.equal(counts.queued, 0);
  assert.equal(await crawls.get('no uuid'), undefined);
});
