import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, beforeEach, test } from 'node:test';
import { readSource, toCaptureReader, type CaptureSource } from '#archive';
import { AditError, type Capture } from '#model';
import { openTestnet, type Site, type Testnet, type TestRequest } from '#testnet';
import { captureHttp } from '../http/capture-http.ts';
import { DESKTOP, GERMAN, PHONE } from './capture-fixture.ts';
import { runCrawl, type CrawlEvent, type CrawlOptions, type CrawlVisit } from './crawl.ts';
import { robotsPolicy } from './robots.ts';

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const page = (title: string, ...links: string[]) => ({
  headers: HTML,
  body: `<title>${title}</title>${links.map((link) => `<a href="${link}">${link}</a>`).join('')}`,
});
const words = (text: string) =>
  Array.from(
    { length: 90 },
    (_, index) => `${text}${'abcdefghij'[index % 10]}${'klmnopqrst'[Math.floor(index / 10)]}`,
  ).join(' ');
const cloaked = ({ headers }: TestRequest) => ({
  headers: HTML,
  body: /Phone/.test(headers['user-agent'] ?? '')
    ? `<title>Prize</title><p>${words('win')}`
    : `<title>Blog</title><div>${words('garden')}</div>`,
});

const sites: readonly Site[] = [
  {
    host: 'a.example.org',
    routes: {
      '/': page(
        'home',
        '/1',
        '/2#top',
        '/2',
        'http://b.example.org/',
        'http://elsewhere.test/',
        'mailto:x@y.example',
      ),
      '/1': page('one', '/', '/deep'),
      '/2': page('two', '/moved', '/away', '/file'),
      '/deep': page('deep', '/deeper'),
      '/deeper': page('deeper'),
      '/moved': { status: 301, headers: { location: '/1?from=moved' } },
      '/away': { status: 302, headers: { location: 'http://elsewhere.test/inside' } },
      '/file': { headers: { 'content-type': 'application/zip' }, body: 'PK' },
      '/slow': { headers: HTML, chunks: Array.from({ length: 6_000 }, () => '<p>drop'), chunkDelayMs: 25 },
      '/private': page('private'),
      '/robots.txt': { body: 'user-agent: *\ndisallow: /1' },
      '/script': { headers: HTML, body: '<title>s</title><script>1</script>' },
      '/cloaked': cloaked,
    },
  },
  {
    host: 'b.example.org',
    routes: { '/': page('b home', '/1'), '/1': page('b one'), '/robots.txt': { status: 404 } },
  },
  { host: 'elsewhere.test', routes: { '*': page('elsewhere', '/more') } },
  {
    host: 'maze.test',
    routes: {
      '*': ({ url }) =>
        page(
          url.pathname,
          ...[1, 2, 3].map(
            (step) => `${url.pathname}?page=${Number(url.searchParams.get('page') ?? 0) * 3 + step}`,
          ),
        ),
    },
  },
];

let testnet: Testnet;
before(async () => {
  testnet = await openTestnet({ sites });
});
after(() => testnet[Symbol.asyncDispose]());
beforeEach(() => testnet.clearLog());

function visit({ url, persona, crawl, signal }: CrawlVisit): Promise<CaptureSource> {
  return captureHttp({ url, persona, crawl, signal, network: testnet.network });
}

function linksOf(source: CaptureSource): string[] {
  const reader = toCaptureReader(source);
  return source.capture.documents.flatMap(({ exchange, url }) => {
    const html = Buffer.from(reader.responseBody(source.capture.exchanges[exchange!]!) ?? []).toString();
    return [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => URL.parse(href!, url)?.href ?? '');
  });
}

function crawl(options: Partial<CrawlOptions>): AsyncGenerator<CrawlEvent> {
  return runCrawl({
    id: 'crawl-1',
    seeds: ['http://a.example.org/'],
    scope: 'host',
    maxDepth: 5,
    maxPages: 100,
    personas: [DESKTOP],
    lane: 'http',
    politeness: { perHostDelayMs: 0 },
    visit,
    linksOf,
    ...options,
  });
}

/** All events of a crawl; sources are disposed of. */
async function collect(events: AsyncIterable<CrawlEvent>): Promise<CrawlEvent[]> {
  const all: CrawlEvent[] = [];
  for await (const event of events) {
    if (event.kind === 'captured') await event.source[Symbol.asyncDispose]();
    all.push(event);
  }
  return all;
}

function captured(events: readonly CrawlEvent[]): string[] {
  return events.flatMap((event) =>
    event.kind === 'captured' ? [event.url.replace('http://a.example.org', '')] : [],
  );
}

function done(events: readonly CrawlEvent[]): Extract<CrawlEvent, { kind: 'done' }> {
  const last = events.at(-1);
  assert(last?.kind === 'done');
  return last;
}

test('breadth first within the host, each page once, with depth and parent in its capture', async () => {
  const events = await collect(crawl({}));
  assert.deepEqual(captured(events), ['/', '/1', '/2', '/deep', '/moved', '/away', '/file', '/deeper']);
  assert.deepEqual([done(events).reason, done(events).visited], ['exhausted', 8]);
  const pages = new Map<string, Capture>(
    events.flatMap((event) => (event.kind === 'captured' ? [[event.url, event.source.capture]] : [])),
  );
  const home = pages.get('http://a.example.org/');
  assert.deepEqual(home?.crawl, { id: 'crawl-1', depth: 0, parentCapture: undefined });
  assert.deepEqual(pages.get('http://a.example.org/1')?.crawl, {
    id: 'crawl-1',
    depth: 1,
    parentCapture: home?.id,
  });
  // Out of the scope is out of the crawl, also by redirect: the page is kept, its links are not followed.
  assert.equal(pages.get('http://a.example.org/away')?.finalUrl, 'http://elsewhere.test/inside');
  assert.deepEqual(
    testnet.log.filter(({ url }) => url.includes('elsewhere')).map(({ url }) => url),
    ['http://elsewhere.test/inside'],
  );
});

for (const [scope, maxDepth, pages] of [
  ['page', 5, ['/']],
  ['host', 0, ['/']],
  ['host', 1, ['/', '/1', '/2']],
  ['domain', 1, ['/', '/1', '/2', 'http://b.example.org/']],
  ['any', 1, ['/', '/1', '/2', 'http://b.example.org/', 'http://elsewhere.test/']],
] as const) {
  test(`scope ${scope} to depth ${maxDepth}`, async () => {
    const events = await collect(crawl({ scope, maxDepth }));
    assert.deepEqual(captured(events).sort(), [...pages].sort());
  });
}

test('a number of pages ends it; the frontier that is left goes on from there', async () => {
  const first = await collect(crawl({ maxPages: 3 }));
  assert.deepEqual([captured(first), done(first).reason], [['/', '/1', '/2'], 'maxPages']);
  const saved: unknown = JSON.parse(JSON.stringify(done(first).frontier));
  const second = await collect(crawl({ seeds: [], scope: 'any', resume: saved, maxPages: 5 }));
  assert.deepEqual([captured(second), done(second).visited], [['/deep', '/moved'], 5]);
});

async function eventually(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 12_000 && !isTrue(); tries++) await pause(5);
  assert(isTrue());
}

test('a stop ends the visits under way, keeps them, and what is left is visited by the next run', async () => {
  const stop = new AbortController();
  const options = {
    seeds: ['http://a.example.org/slow', 'http://b.example.org/'],
    scope: 'page',
    signal: stop.signal,
  } as const;
  const outcomes: Record<string, string> = {};
  let last: CrawlEvent | undefined;
  for await (const event of crawl(options)) {
    last = event;
    if (event.kind !== 'captured') continue;
    await using source = event.source;
    outcomes[event.url] = source.capture.outcome.kind;
    if (event.url === 'http://b.example.org/') {
      await eventually(() =>
        testnet.log.some(({ url, encodedSize }) => url.endsWith('/slow') && encodedSize > 100),
      );
      stop.abort();
    } else assert.match(Buffer.from(readSource(source.responseBytes(0)!)).toString(), /drop/);
  }
  assert.deepEqual(outcomes, { 'http://b.example.org/': 'ok', 'http://a.example.org/slow': 'aborted' });
  assert(last?.kind === 'done');
  assert.deepEqual([last.reason, last.visited], ['stopped', 1]);
  assert.deepEqual(
    last.frontier.pending.map(({ url }) => url),
    ['http://a.example.org/slow'],
  );
});

test('leaving the loop ends the visits and disposes of what was not handed over', async () => {
  let open = 0;
  const counting = async (request: CrawlVisit): Promise<CaptureSource> => {
    const source = await visit(request);
    open++;
    const dispose = async (): Promise<void> => {
      open--;
      await source[Symbol.asyncDispose]();
    };
    return { ...source, [Symbol.asyncDispose]: dispose };
  };
  for await (const event of crawl({
    seeds: ['http://a.example.org/', 'http://a.example.org/slow', 'http://b.example.org/'],
    scope: 'any',
    visit: counting,
    politeness: { perHostDelayMs: 0, perHostParallel: 4 },
  })) {
    if (event.kind !== 'captured') continue;
    await event.source[Symbol.asyncDispose]();
    break;
  }
  assert.equal(open, 0);
});

test('a host rests between its visits, personas included, while others go on', async () => {
  const delay = 60;
  await collect(
    crawl({
      scope: 'domain',
      maxDepth: 1,
      personas: [DESKTOP, PHONE],
      politeness: { perHostDelayMs: delay },
    }),
  );
  for (const host of ['a.example.org', 'b.example.org']) {
    const starts = testnet.log
      .filter(({ url }) => new URL(url).host === host)
      .map(({ startedAt }) => startedAt.getTime());
    assert(starts.length >= 2);
    for (const [index, start] of starts.slice(1).entries())
      assert(start - starts[index]! >= delay - 2, `${host}: ${start - starts[index]!} ms`);
  }
});

test('at most as many visits at a time as asked for, and per host', async () => {
  let active = 0;
  let most = 0;
  const activeByHost = new Map<string, number>();
  const watched = async (request: CrawlVisit): Promise<CaptureSource> => {
    const { host } = new URL(request.url);
    most = Math.max(most, ++active);
    activeByHost.set(host, (activeByHost.get(host) ?? 0) + 1);
    assert.equal(activeByHost.get(host), 1);
    try {
      return await visit(request);
    } finally {
      active--;
      activeByHost.set(host, activeByHost.get(host)! - 1);
    }
  };
  const seeds = [
    'http://a.example.org/1',
    'http://a.example.org/2',
    'http://b.example.org/',
    'http://elsewhere.test/',
    'http://maze.test/',
  ];
  const events = await collect(crawl({ seeds, scope: 'page', parallel: 2, visit: watched }));
  assert.equal(captured(events).length, 5);
  assert.equal(most, 2);
});

test('personas of one address are compared', async () => {
  const desktop = { ...DESKTOP, userAgent: 'Desktop' };
  const phone = { ...PHONE, userAgent: 'Phone' };
  const events = await collect(
    crawl({ seeds: ['http://a.example.org/cloaked'], scope: 'page', personas: [desktop, phone] }),
  );
  const comparison = events.find((event) => event.kind === 'compared');
  assert.deepEqual([comparison?.report.isCloaked, comparison?.report.personas], [true, ['desktop', 'phone']]);
  assert.deepEqual(comparison?.report.differences[0]?.separatedBy, ['device', 'system']);
  const same = await collect(
    crawl({ seeds: ['http://b.example.org/'], scope: 'page', personas: [DESKTOP, GERMAN] }),
  );
  assert.deepEqual(
    same.flatMap((event) => (event.kind === 'compared' ? [event.report.isCloaked] : [])),
    [false],
  );
});

test('lane auto asks for a browser only where plain HTTP may miss something', async () => {
  const lanes: string[] = [];
  const noted = (request: CrawlVisit): Promise<CaptureSource> => {
    lanes.push(`${request.lane} ${new URL(request.url).pathname}`);
    return visit(request);
  };
  await collect(
    crawl({
      seeds: ['http://a.example.org/1', 'http://a.example.org/script', 'http://unknown.test/'],
      scope: 'page',
      lane: 'auto',
      parallel: 1,
      visit: noted,
    }),
  );
  assert.deepEqual(lanes.sort(), ['browser /script', 'http /', 'http /1', 'http /script']);
});

test('what robots.txt forbids is skipped by who asks it', async () => {
  const asked: string[] = [];
  const robots = robotsPolicy(async (url) => {
    asked.push(url);
    await using source = await captureHttp({ url, persona: DESKTOP, network: testnet.network });
    const [exchange] = source.capture.exchanges;
    return exchange?.response?.status === 200
      ? Buffer.from(toCaptureReader(source).responseBody(exchange)!).toString()
      : undefined;
  }, 'adit');
  const events = await collect(
    crawl({ scope: 'domain', maxDepth: 1, politeness: { perHostDelayMs: 0, robots } }),
  );
  assert.deepEqual(captured(events).sort(), ['/', '/2', 'http://b.example.org/']);
  assert.deepEqual(
    events.flatMap((event) => (event.kind === 'skipped' ? [`${event.url} ${event.reason}`] : [])),
    ['http://a.example.org/1 robots'],
  );
  assert.deepEqual(asked.sort(), ['http://a.example.org/robots.txt', 'http://b.example.org/robots.txt']);
});

test('a maze ends at its walls', async () => {
  const events = await collect(
    crawl({ seeds: ['http://maze.test/'], maxDepth: 25, maxPages: 1000, traps: { urlsPerShape: 20 } }),
  );
  assert.equal(captured(events).length, 21);
  assert(events.some((event) => event.kind === 'skipped' && event.reason === 'urlExplosion'));
  assert.equal(done(events).reason, 'exhausted');
});

test('a visit that fails is reported and stops nothing; so is a seed that is none', async () => {
  const failing = async (request: CrawlVisit): Promise<CaptureSource> => {
    if (request.url.endsWith('/1')) throw new AditError('browser-lost', 'gone');
    return visit(request);
  };
  const events = await collect(
    crawl({ seeds: ['http://a.example.org/', 'nonsense'], maxDepth: 1, visit: failing }),
  );
  assert.deepEqual(captured(events), ['/', '/2']);
  const failed = events.find((event) => event.kind === 'failed');
  assert(failed?.error instanceof AditError && failed.url === 'http://a.example.org/1');
  assert.deepEqual(
    events.flatMap((event) => (event.kind === 'skipped' ? [event.reason] : [])),
    ['notWeb'],
  );
});

test('links that cannot be read make the visit fail, and its source is disposed of', async () => {
  let isDisposed = false;
  const watched = async (request: CrawlVisit): Promise<CaptureSource> => {
    const source = await visit(request);
    const dispose = async (): Promise<void> => {
      isDisposed = true;
      await source[Symbol.asyncDispose]();
    };
    return { ...source, [Symbol.asyncDispose]: dispose };
  };
  const events = await collect(
    crawl({
      visit: watched,
      linksOf: () => {
        throw new Error('unreadable');
      },
    }),
  );
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['failed', 'done'],
  );
  assert.equal(isDisposed, true);
});

test('progress is told', async () => {
  const told: string[] = [];
  await collect(
    crawl({
      maxDepth: 1,
      parallel: 1,
      onProgress: ({ visited, active, pending }) => told.push(`${visited} ${active} ${pending}`),
    }),
  );
  assert.deepEqual(told, ['0 1 0', '1 0 2', '1 1 1', '2 0 1', '2 1 0', '3 0 0']);
});

test('options that make no crawl are refused under their code', async () => {
  const wrong: readonly Partial<CrawlOptions>[] = [
    { seeds: [] },
    { maxDepth: 26 },
    { maxPages: 0 },
    { personas: [] },
    { parallel: 0 },
    { politeness: { perHostDelayMs: -1 } },
  ];
  for (const options of wrong) {
    await assert.rejects(
      collect(crawl(options)),
      (error) => error instanceof AditError && error.code === 'crawl-options-invalid',
    );
  }
  await assert.rejects(
    collect(crawl({ resume: { version: 9 } })),
    (error) => error instanceof AditError && error.code === 'frontier-invalid',
  );
});
