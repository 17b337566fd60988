import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { createClient } from '@clickhouse/client';
import { startEmbeddedServer } from '../src/store/embedded/server.ts';
import { openHome, run, start } from './cli-fixture.ts';

const KILLS = 5;
const FILES = 12;
const PAGES_A_FILE = 100;

interface Summary {
  readonly pages: number;
  readonly files: readonly { readonly isSkipped: boolean }[];
  readonly problems: readonly unknown[];
}

test('an import that is killed five times and resumed stores what one in one go does', async () => {
  using whole = openHome();
  using killed = openHome();
  const folder = join(whole.path, 'archives');
  await mkdir(folder);
  for (let file = 0; file < FILES; file++) await writeFile(join(folder, `${file}.warc.gz`), archive(file));

  const began = performance.now();
  const atOnce = await run(whole.environment, 'import', folder, '--json');
  const tookMs = performance.now() - began;
  assert.equal(atOnce.code, 0, atOnce.stderr);
  assert.equal(atOnce.json<Summary>().pages, FILES * PAGES_A_FILE);

  for (let kill = 0; kill < KILLS; kill++) {
    const running = start(killed.environment, 'import', folder, '--json');
    // each time somewhat later, so that some of them die while files are under way, whatever was done before
    await Promise.race([sleep((tookMs * (kill + 3)) / (KILLS + 4)), running.ended]);
    running.child.kill('SIGKILL');
    await running.ended;
  }
  const last = await run(killed.environment, 'import', folder, '--json');
  assert.equal(last.code, 0, last.stderr);
  assert.equal(last.json<Summary>().files.length, FILES);
  assert.deepEqual(last.json<Summary>().problems, []);

  const expected = await edgesIn(whole);
  assert.ok(expected.length > 2 * FILES * PAGES_A_FILE, String(expected.length));
  assert.deepEqual(await edgesIn(killed), expected);
});

/** Pages of one crawl: each loads from one host of its own and one of all. */
function archive(file: number): Buffer {
  return Buffer.concat(
    Array.from({ length: PAGES_A_FILE }, (_, page) => {
      const host = `p${page}.f${file}.example`;
      const html = `<title>${host}</title><script src=//cdn.${host}/x.js></script><img src=//images.example/${host}.png>`;
      const block = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: id=1\r\n\r\n${html}`;
      return gzipSync(
        `WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://${host}/\r\nWARC-Date: 2017-11-20T10:00:00Z\r\n` +
          `WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-${String(file * 1_000 + page).padStart(12, '0')}>\r\n` +
          `Content-Type: application/http; msgtype=response\r\nContent-Length: ${block.length}\r\n\r\n${block}\r\n\r\n`,
      );
    }),
  );
}

/** Every edge of a home in both directions, with how often and when it was seen. */
async function edgesIn({ environment }: ReturnType<typeof openHome>): Promise<string[]> {
  await using server = await startEmbeddedServer(join(environment['ADIT_HOME']!, 'clickhouse'));
  const { url, username, password } = server;
  await using client = createClient({ url, username, password });
  const answer = await client.query({
    query: ['fwd', 'rev']
      .map(
        (way) =>
          `SELECT '${way}' AS way, dataset, source, label, target, variant, sum(count) AS seen, min(first_seen) AS first, max(last_seen) AS last
           FROM adit.edges_${way} GROUP BY dataset, source, label, target, variant`,
      )
      .join(' UNION ALL '),
    format: 'JSONCompactEachRow',
  });
  return (await answer.json()).map((row) => JSON.stringify(row)).sort();
}
