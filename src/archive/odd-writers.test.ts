import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readArchive } from './archive-file.ts';
import { readExchangeAt } from './place-reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'adit-writers-'));
after(() => rmSync(folder, { recursive: true }));

function read(name: string, bytes: string) {
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
