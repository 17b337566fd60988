import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResponseReader } from './response-reader.ts';

/** Reads the text in pieces of `step` bytes, then ends the connection. */
function read(text: string, { step = text.length, isClean = true, maxHead = 4096 } = {}) {
  const bytes = Buffer.from(text, 'latin1');
  const reader = new ResponseReader(maxHead);
  const body: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += step) body.push(reader.push(bytes.subarray(at, at + step)));
  const isDoneByItself = reader.isDone;
  reader.end(isClean);
  return {
    head: reader.head,
    fault: reader.fault,
    body: Buffer.concat(body).toString('latin1'),
    isDoneByItself,
  };
}

const CHUNKED = '5;ext="a"\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n';
const WHOLE: Readonly<Record<string, { text: string; body: string; isDoneByItself: boolean }>> = {
  'by length': {
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    body: 'hello',
    isDoneByItself: true,
  },
  'by length, with bytes behind it': {
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200',
    body: 'hello',
    isDoneByItself: true,
  },
  'of length 0': { text: 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', body: '', isDoneByItself: true },
  'chunked, framing kept': {
    text: `HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n${CHUNKED}`,
    body: CHUNKED,
    isDoneByItself: true,
  },
  'chunked beats length': {
    text: `HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKED}`,
    body: CHUNKED,
    isDoneByItself: true,
  },
  'until the end': { text: 'HTTP/1.1 200 OK\r\n\r\nall of it', body: 'all of it', isDoneByItself: false },
  'until the end, HTTP/1.0': {
    text: 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello',
    body: '5\r\nhello',
    isDoneByItself: false,
  },
  'without body': {
    text: 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n',
    body: '',
    isDoneByItself: true,
  },
  'not modified': { text: 'HTTP/1.1 304 Not Modified\r\n\r\n', body: '', isDoneByItself: true },
  'behind interim ones': {
    text: 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    body: 'ok',
    isDoneByItself: true,
  },
  'with bare line feeds': {
    text: 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok',
    body: 'ok',
    isDoneByItself: true,
  },
  'with an unusable length': {
    text: 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nok',
    body: 'ok',
    isDoneByItself: false,
  },
  'with the length twice': {
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok',
    body: 'ok',
    isDoneByItself: true,
  },
};
for (const [what, { text, body, isDoneByItself }] of Object.entries(WHOLE)) {
  test(`a response ${what}, in one piece and byte by byte`, () => {
    for (const step of [text.length, 1, 7]) {
      const got = read(text, { step });
      assert.deepEqual([got.fault, got.body, got.isDoneByItself], [undefined, body, isDoneByItself]);
      assert.notEqual(got.head, undefined);
    }
  });
}

test('fields keep their case, order and repetitions; odd lines pass', () => {
  const { head } = read(
    'HTTP/1.1 302\r\nSet-Cookie: a=1\r\nX-Odd : v:w\r\nset-cookie:b=2\r\nno colon\r\nX-Folded: one\r\n\ttwo\r\nLocation: /caf\xe9\r\n\r\n',
  );
  assert.deepEqual(head, {
    protocol: 'http/1.1',
    status: 302,
    statusText: '',
    headers: [
      ['Set-Cookie', 'a=1'],
      ['X-Odd', 'v:w'],
      ['set-cookie', 'b=2'],
      ['X-Folded', 'one two'],
      ['Location', '/caf\xe9'],
    ],
  });
});

const FAULTY: Readonly<Record<string, string>> = {
  'SSH-2.0-OpenSSH_9.2\r\n': 'notHttp',
  '\x00\x01\x02\x03': 'notHttp',
  '<html>no status line': 'notHttp',
  'HTTP/9 what\r\n\r\n': 'notHttp',
  '': 'empty',
  'HTTP/1.1 200 OK\r\nContent-Le': 'cutHead',
  'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello': 'cutBody',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel': 'cutBody',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n': 'cutBody',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello': 'badChunk',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello': 'badChunk',
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhello': 'contradictoryLength',
  [`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(9000)}\r\n\r\n`]: 'headTooLarge',
  [`HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(2000)}`]: 'headTooLarge',
  ['HTTP/1.1 100 Continue\r\n\r\n'.repeat(50)]: 'headTooLarge',
};
for (const [text, fault] of Object.entries(FAULTY)) {
  test(`${JSON.stringify(text.slice(0, 60))} is ${fault}`, () => {
    for (const step of [text.length || 1, 1]) assert.equal(read(text, { step }).fault, fault);
  });
}

test('what came before a fault is given out', () => {
  const got = read('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello');
  assert.deepEqual([got.head?.status, got.body], [200, 'hello']);
});

test('a body until the end is whole only when the connection was closed in order', () => {
  assert.equal(read('HTTP/1.1 200 OK\r\n\r\npart', { isClean: false }).fault, 'cutBody');
});
