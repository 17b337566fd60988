import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readArchive } from './archive-file.ts';
import { formatOf } from './archive-format.ts';
import { readExchangeAt } from './place-reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'adit-writers-'));
after(() => rmSync(folder, { recursive: true }));

function read(name: string, bytes: string | Buffer) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const problems: { offset: number; what: string }[] = [];
  const exchanges = [
    ...readArchive(path, { onProblem: ({ offset, what }) => void problems.push({ offset, what }) }),
  ];
  return { exchanges, problems };
}

const har = (entry: object): string => JSON.stringify({ log: { version: '1.2', entries: [entry] } });
const page = (status: unknown, startedDateTime: unknown): object => ({
  startedDateTime,
  request: { method: 'GET', url: 'https://page.example/', headers: [] },
  response: { status, statusText: '', headers: [], content: { mimeType: 'text/html', text: '<p>' } },
});

test('a HAR status is read as number, as digits and with its reason; without one there was no answer', () => {
  for (const status of [204, '204', ' 204', '204 No Content'])
    assert.equal(read('status.har', har(page(status, ''))).exchanges[0]?.response?.status, 204);
  for (const status of [0, -1, '0', '', 'No Content', '20 4', '2040', null, undefined])
    assert.equal(read('status.har', har(page(status, ''))).exchanges[0]?.response, undefined, String(status));
});

test('a HAR date is read as ISO 8601, and as seconds or milliseconds in numbers or digits', () => {
  const instant = '2015-05-06T07:08:09.000Z';
  const ms = Date.parse(instant);
  for (const written of [instant, '2015-05-06T09:08:09+02:00', ms, String(ms), ms / 1000, String(ms / 1000)])
    assert.equal(read('date.har', har(page(200, written))).exchanges[0]?.startedAt, instant, String(written));
  for (const written of ['', 'then', '99999999999999999999', null])
    assert.equal(
      read('date.har', har(page(200, written))).exchanges[0]?.startedAt,
      '1970-01-01T00:00:00.000Z',
      String(written),
    );
});

test('a HAR in UTF-16, behind white space or a byte order mark is read, and its entries are opened again', () => {
  const text = har({ ...page(200, ''), comment: 'süß 中文 🙂' }).replace('<p>', '<p>süß 中文 🙂');
  const utf16le = Buffer.from(`\ufeff${text}`, 'utf16le');
  const writers: Readonly<Record<string, Buffer>> = {
    'UTF-16LE': utf16le,
    'UTF-16BE': Buffer.from(utf16le).swap16(),
    'UTF-16LE without a mark': utf16le.subarray(2),
    'UTF-16BE without a mark': Buffer.from(utf16le.subarray(2)).swap16(),
    'UTF-16LE, gzip': gzipSync(utf16le),
    'UTF-16LE behind white space': Buffer.from(`\ufeff${' '.repeat(70_000)}${text}`, 'utf16le'),
    'white space': Buffer.from('\r\n'.repeat(5_000) + text),
    'white space, gzip': gzipSync('\n'.repeat(5_000) + text),
    'byte order mark': Buffer.from(`\ufeff\n${text}`),
  };
  for (const [writer, bytes] of Object.entries(writers)) {
    const { exchanges, problems } = read('writer.har', bytes);
    assert.deepEqual(problems, [], writer);
    const [found] = exchanges;
    assert.equal(Buffer.from(found!.response!.body).toString(), '<p>süß 中文 🙂', writer);
    const again = readExchangeAt(found!.place).exchange;
    assert.deepEqual(again.response?.body, found!.response!.body, writer);
  }
});

test('a log is found inside an array, another object, a call and behind a comment', () => {
  const text = har(page(200, ''));
  const writers = {
    array: `[${text},${text}]`,
    object: `{"har":${text},"entries":1}`,
    call: `onInput(${text})`,
    comment: `// made by\n${text}`,
  };
  for (const [writer, bytes] of Object.entries(writers)) {
    const { exchanges, problems } = read(`${writer}.har`, bytes);
    assert.equal(exchanges.length, writer === 'array' ? 2 : 1, writer);
    assert.deepEqual(problems, [], writer);
  }
  const { problems } = read('other.har', '{"log":{"pages":[]},"other":{"entries":[{}]}}');
  assert.deepEqual(problems, [{ offset: 0, what: 'no HAR: it has no entries' }]);
});

test('a HAR in UTF-16 that is cut tells that, and gives the entries before', () => {
  const text = `${har(page(200, '')).slice(0, -3)},${JSON.stringify(page(200, ''))}`;
  const { exchanges, problems } = read('cut.har', Buffer.from(`\ufeff${text}`, 'utf16le').subarray(0, -31));
  assert.equal(exchanges.length, 1);
  assert.deepEqual(problems, [{ offset: 0, what: 'the file ends inside an entry' }]);
});

test('ARC and WARC are told apart by their first record, compressed or not', () => {
  const arc = 'filedesc://x.arc 0.0.0.0 20140216050221 text/plain 0\n\n';
  const headless = 'http://page.example/ 192.0.2.1 20140216050221 text/html 3\n<p>\n';
  const warc = record('response', '2014-02-16T05:02:21Z', answer);
  for (const [bytes, format] of [
    [arc, 'arc'],
    [gzipSync(arc), 'arc'],
    [headless, 'arc'],
    [warc, 'warc'],
    [gzipSync(warc), 'warc'],
    ['neither', 'warc'],
    ['', 'warc'],
  ] as const) {
    read('which', Buffer.from(bytes));
    assert.equal(formatOf(join(folder, 'which')), format, String(bytes));
  }
});

function record(type: string, date: string, block: string, ...fields: string[]): string {
  const head = ['WARC/1.0', `WARC-Type: ${type}`, 'WARC-Target-URI: https://page.example/', ...fields];
  return `${[...head, `WARC-Date: ${date}`, `Content-Length: ${block.length}`].join('\r\n')}\r\n\r\n${block}\r\n\r\n`;
}
const answer = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>one';

test('a WARC date is read as RFC 3339 and in the digits of older formats', () => {
  const dates: Readonly<Record<string, string>> = {
    '2014-02-16T05:02:21Z': '2014-02-16T05:02:21.000Z',
    '2014-02-16T05:02:21.123456Z': '2014-02-16T05:02:21.123Z',
    '20140216050221': '2014-02-16T05:02:21.000Z',
    '201402160502': '2014-02-16T05:02:00.000Z',
    '20140216': '2014-02-16T00:00:00.000Z',
    '20149916050221': '1970-01-01T00:00:00.000Z',
    'long ago': '1970-01-01T00:00:00.000Z',
  };
  for (const [written, instant] of Object.entries(dates))
    assert.equal(
      read('date.warc', record('response', written, answer)).exchanges[0]?.startedAt,
      instant,
      written,
    );
});

test('the first segment of a record is a part of its page, and those that continue it are told', () => {
  const date = '2014-02-16T05:02:21Z';
  const first = record('response', date, answer, 'WARC-Segment-Number: 1');
  const more = record('continuation', date, 'more', 'WARC-Segment-Number: 2');
  const { exchanges, problems } = read('segments.warc', first + more + record('response', date, answer));
  assert.deepEqual(
    exchanges.map(({ response }) => response?.isCut),
    [true, false],
  );
  assert.deepEqual(problems, [
    { offset: first.length, what: 'it continues a record before: segments are not joined' },
  ]);
});

test('what a record without a length gave is given again at its place', () => {
  const date = '2014-02-16T05:02:21Z';
  const whole = record('response', date, answer);
  const unmeasured = whole.replace(/(?<=Content-Length: )\d+/, 'many');
  const { exchanges } = read('unmeasured.warc', unmeasured + whole);
  assert.equal(exchanges.length, 2);
  for (const { place, response } of exchanges)
    assert.deepEqual(readExchangeAt(place).exchange.response?.body, response?.body);
  assert.equal(Buffer.from(exchanges[0]!.response!.body).toString(), '<p>one');
});

test('at the place of a revisit without a head stands what it tells, and that the answer stands elsewhere', () => {
  const digest = 'WARC-Payload-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ';
  const original = record('response', '2014-02-16T05:02:21Z', answer, digest);
  const { exchanges } = read(
    'revisit.warc',
    original + record('revisit', '2015-02-16T05:02:21Z', '', digest),
  );
  const { place, response } = exchanges[1]!;
  assert.equal(response?.status, 200);
  const { exchange, faults } = readExchangeAt(place);
  assert.deepEqual(
    [exchange.url, exchange.startedAt, exchange.response],
    ['https://page.example/', '2015-02-16T05:02:21.000Z', undefined],
  );
  assert.deepEqual(faults, ['the answer stands in the record that it revisits']);
});

test('of the headers of a HAR entry as many are read as of a stored message', () => {
  const headers = Array.from({ length: 5_000 }, (_, i) => ({
    name: 'Set-Cookie',
    value: `a${i}=1\nb${i}=1`,
  }));
  for (const list of [headers, Object.fromEntries(headers.map(({ value }, i) => [`X-${i}`, value]))]) {
    const entry = { request: { url: 'https://page.example/' }, response: { status: 200, headers: list } };
    assert.equal(read('headers.har', har(entry)).exchanges[0]?.response?.headers.length, 2_000);
  }
});
