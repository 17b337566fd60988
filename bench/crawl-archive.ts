import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';

/** As much of a page as Common Crawl keeps. */
const MAX_BODY = 1024 * 1024;
/** One capture in so many is a redirect. */
const REDIRECTS = 100;

/**
 * Writes a WARC with Common Crawl's record mix: request, response and metadata of each capture, a gzip member each, pages cut at
 * 1 MiB, about one redirect in a hundred. The pages are those of a corpus, again and again, each time under another host;
 * the same seed writes the same bytes. Stops at so many uncompressed bytes; returns what was written.
 */
export function writeCrawlArchive(
  corpus: { readonly archive: string; readonly index: string },
  path: string,
  { sizeBytes, seed }: { readonly sizeBytes: number; readonly seed: number },
): { readonly pages: number; readonly bytes: number } {
  const rows = readFileSync(corpus.index, 'utf8').trim().split('\n').slice(1);
  const source = openSync(corpus.archive, 'r');
  const target = openSync(path, 'w');
  const random = randomNumbers(seed);
  let pages = 0;
  let bytes = 0;
  const write = (records: readonly Buffer[]): number => {
    for (const record of records) writeSync(target, gzipSync(record));
    return records.reduce((sum, { length }) => sum + length, 0);
  };
  try {
    while (bytes < sizeBytes) {
      const [url, , , , offset, length] = rows[random(rows.length)]!.split('\t');
      const address = withHost(url!, `site${random(1_000_000)}.example`);
      if (random(REDIRECTS) === 0) {
        bytes += write(captureOf(address, redirectTo(withHost(url!, 'target.example')), pages));
        continue;
      }
      const member = Buffer.alloc(Number(length));
      readSync(source, member, 0, member.length, Number(offset));
      bytes += write(captureOf(address, responseOf(gunzipSync(member)), pages));
      pages++;
    }
  } finally {
    closeSync(source);
    closeSync(target);
  }
  return { pages, bytes };
}

function withHost(url: string, host: string): string {
  const parsed = new URL(url);
  parsed.hostname = host;
  return parsed.href;
}

/** The HTTP message of a record of the corpus, cut where Common Crawl would. */
function responseOf(record: Buffer): Buffer {
  const head = record.indexOf('\r\n\r\n') + 4;
  const body = record.indexOf('\r\n\r\n', head) + 4;
  return record.subarray(head, Math.min(record.length - 4, body + MAX_BODY));
}

const redirectTo = (location: string): Buffer =>
  Buffer.from(`HTTP/1.1 301 Moved Permanently\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);

function captureOf(url: string, response: Buffer, number: number): Buffer[] {
  const { host, pathname, search } = new URL(url);
  const request = `GET ${pathname}${search} HTTP/1.1\r\nUser-Agent: CCBot/2.0 (https://commoncrawl.org/faq/)\r\nAccept-Encoding: br,gzip\r\nHost: ${host}\r\nConnection: Keep-Alive\r\n\r\n`;
  const metadata = 'fetchTimeMs: 210\r\ncharset-detected: UTF-8\r\nlanguages-cld2: {"reliable":true}\r\n\r\n';
  return [
    recordOf('request', url, 'application/http; msgtype=request', Buffer.from(request), number),
    recordOf('response', url, 'application/http; msgtype=response', response, number),
    recordOf('metadata', url, 'application/warc-fields', Buffer.from(metadata), number),
  ];
}

function recordOf(type: string, url: string, contentType: string, block: Buffer, number: number): Buffer {
  const id = (of: string): string =>
    `<urn:uuid:00000000-0000-4000-${of
      .padStart(4, '0')
      .slice(0, 4)
      .replace(/[^0-9a-f]/g, '0')}-${String(number).padStart(12, '0')}>`;
  const fields = [
    'WARC/1.0',
    `WARC-Type: ${type}`,
    'WARC-Date: 2024-05-18T10:20:30Z',
    `WARC-Record-ID: ${id(type === 'request' ? 'a' : type === 'response' ? 'b' : 'c')}`,
    `Content-Length: ${block.length}`,
    `Content-Type: ${contentType}`,
    'WARC-Warcinfo-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>',
    ...(type === 'response' ? ['WARC-IP-Address: 192.0.2.1'] : [`WARC-Concurrent-To: ${id('b')}`]),
    `WARC-Target-URI: ${url}`,
    ...(type === 'response' && block.length >= MAX_BODY ? ['WARC-Truncated: length'] : []),
  ];
  return Buffer.concat([Buffer.from(`${fields.join('\r\n')}\r\n\r\n`), block, Buffer.from('\r\n\r\n')]);
}

/** Numbers below a limit, the same for the same seed. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
