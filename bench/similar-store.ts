import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BAND_COUNT,
  judge,
  keptKeys,
  openSignature,
  signPage,
  TELLING_BANDS,
  type Reference,
} from '#similar';
import { startEmbeddedServer } from '../src/store/embedded/server.ts';
import { Connection } from '../src/store/observations/connection.ts';
import { readSimilarPages } from '../src/store/observations/pages.ts';
import { DATABASE, SCHEMA } from '../src/store/observations/schema.ts';

const CHUNK = 50_000;
const LOOKS = 10;
const CANDIDATES = 500;

/**
 * The copies of one page among so many stored ones: median milliseconds of a warm question, candidates read and compared.
 * Of the keys of the stored pages a fiftieth is common, as those of templates are.
 */
export async function retroHuntMs(pages: number, asked: readonly Reference[]): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'adit-bench-pages-'));
  try {
    await using server = await startEmbeddedServer(directory);
    const connection = new Connection(server);
    for (const statement of SCHEMA) await connection.command(statement);
    for (let from = 0; from < pages; from += CHUNK) {
      const size = Math.min(CHUNK, pages - from);
      await connection.command(
        `INSERT INTO ${DATABASE}.page_keys SELECT band, toUInt32(if(cityHash64(band, number) % 50 = 0, cityHash64(band, number % 2000), cityHash64(band, number, 1))), toUInt32(cityHash64(number, 2)), toUInt32(number)
         FROM (SELECT number, arrayJoin(range(116)) AS place, toUInt8(place * ${BAND_COUNT} / 116) AS band FROM numbers(${from}, ${size}))`,
      );
      await connection.command(
        `INSERT INTO ${DATABASE}.pages SELECT toUInt32(cityHash64(number, 2)), toUInt32(number), concat('https://h', toString(number), '.example/'), now64(3), '', base64Encode(randomString(1173)), '{}' FROM numbers(${from}, ${size})`,
      );
    }
    const times: number[] = [];
    for (let look = 0; look <= LOOKS; look++) {
      const own = signPage(asked[look % asked.length]!);
      const startedMs = performance.now();
      const found = await readSimilarPages(connection, {
        ...keptKeys(own),
        tellingBands: TELLING_BANDS,
        limit: CANDIDATES,
      });
      for (const stored of found) {
        const page = openSignature(stored);
        if (page !== undefined && page.url !== undefined) judge(page, own);
      }
      if (look > 0) times.push(performance.now() - startedMs);
    }
    await connection.close();
    return Math.round(times.sort((a, b) => a - b)[LOOKS >> 1]! * 10) / 10;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
