import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readArchive, type ReadArchiveOptions } from './archive-file.ts';
import { payloadOf } from './payload.ts';

const folder = mkdtempSync(join(tmpdir(), 'adit-revisits-'));
after(() => rmSync(folder, { recursive: true }));

const PAGE = '<a href="https://linked.example/">as it was</a>';

function record(type: string, uri: string, block: Uint8Array | string, ...fields: string[]): Buffer {
  const bytes = Buffer.from(block);
  const head = [
    'WARC/1.1',
    `WARC-Type: ${type}`,
    `WARC-Target-URI: ${uri}`,
    ...fields,
    `Content-Length: ${bytes.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes, Buffer.from('\r\n\r\n')]);
}

function response(headers: readonly string[], body: Uint8Array | string): Buffer {
  const head = ['HTTP/1.1 200 OK', 'Content-Type: text/html', ...headers].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), Buffer.from(body)]);
}

function read(...records: Buffer[]) {
  return readWith({}, ...records);
}

function readWith(options: ReadArchiveOptions, ...records: Buffer[]) {
  const path = join(folder, 'revisits.warc');
  writeFileSync(path, Buffer.concat(records));
  const problems: string[] = [];
  return {
    exchanges: [...readArchive(path, { ...options, onProblem: ({ what }) => void problems.push(what) })],
    problems,
  };
}

const ID = 'WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>';
const original = (...fields: string[]): Buffer =>
  record(
    'response',
    'https://page.example/',
    response([], PAGE),
    'WARC-Date: 2020-01-01T00:00:00Z',
    ...fields,
  );
const again = (...fields: string[]): Buffer =>
  record('revisit', 'https://again.example/', response([], ''), ...fields);

test('the original is found by its id, by its payload digest, and by its URI and date', () => {
  for (const [stored, revisit] of [
    [original(ID), again(ID.replace('Record-ID', 'Refers-To'))],
    [original('WARC-Payload-Digest: sha1:A'), again('WARC-Payload-Digest: sha1:A')],
    [
      original(),
      again(
        'WARC-Refers-To-Target-URI: <https://page.example/>',
        'WARC-Refers-To-Date: 2020-01-01T00:00:00Z',
      ),
    ],
  ] as const) {
    const { exchanges, problems } = read(stored, revisit);
    assert.deepEqual(problems, []);
    assert.equal(Buffer.from(exchanges[1]!.response!.body).toString(), PAGE);
  }
});

test('the body of the original is framed and coded as its own head says, whatever the revisit says', () => {
  const packed = gzipSync(PAGE);
  const chunked = Buffer.concat([
    Buffer.from(`${packed.length.toString(16)}\r\n`),
    packed,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
  const stored = response(['Content-Encoding: gzip', 'Transfer-Encoding: chunked'], chunked);
  for (const headers of [['X-Again: 1'], ['X-Again: 1', 'Content-Encoding: br', 'Transfer-Encoding: gzip']]) {
    const { exchanges } = read(
      record('response', 'https://page.example/', stored, ID),
      record(
        'revisit',
        'https://again.example/',
        response(headers, ''),
        ID.replace('Record-ID', 'Refers-To'),
      ),
    );
    const { body, headers: own } = exchanges[1]!.response!;
    assert.equal(Buffer.from(payloadOf(body, own, 'wire')).toString(), PAGE);
    assert.ok(own.some(([name]) => name === 'X-Again'));
  }
});

test('what was not modified is the page that it was', () => {
  const notModified = 'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nSet-Cookie: again=1\r\n\r\n';
  const { exchanges } = read(
    record('response', 'https://page.example/', response(['ETag: "0"'], PAGE), ID),
    record('revisit', 'https://page.example/', notModified, ID.replace('Record-ID', 'Refers-To')),
  );
  const { status, headers, body } = exchanges[1]!.response!;
  assert.deepEqual([status, Buffer.from(body).toString()], [200, PAGE]);
  assert.deepEqual(
    headers.map((header) => header.join(': ')),
    ['ETag: "1"', 'Set-Cookie: again=1', 'Content-Type: text/html'],
  );
});

test('a request that one of several names belongs to its response', () => {
  const request = record('request', 'https://other.example/', 'POST / HTTP/1.1\r\nHost: a\r\n\r\n', ID);
  const named = [
    'WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000002>',
    ID.replace('Record-ID', 'Concurrent-To'),
  ];
  const { exchanges } = read(
    record('response', 'https://page.example/', response([], PAGE), ...named),
    request,
  );
  assert.equal(exchanges[0]!.method, 'POST');
});

test('originals are read again for revisits up to a limit; revisits beyond it are given without them, and told', () => {
  const revisits = [1, 2, 3, 4].map(() => again('WARC-Payload-Digest: sha1:A'));
  const { exchanges, problems } = readWith(
    { maxRevisitedBytes: 2 * PAGE.length },
    original('WARC-Payload-Digest: sha1:A'),
    ...revisits,
  );
  const lengths = exchanges.map(({ response }) => response?.body.length);
  assert.deepEqual(lengths, [PAGE.length, PAGE.length, PAGE.length, 0, 0]);
  assert.deepEqual(problems, Array(2).fill('limit revisitedBytes: its original is not read again'));
});
