import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { askServer, type Ask } from './ask.ts';

let server: Server;
let ask: Ask;
/** What the server answers next, and what it was asked last. */
let answer: { status: number; body: string };
let asked: { method: string; url: string; body: string; headers: IncomingMessage['headers'] };
const connections = new Set<object>();

before(async () => {
  server = createServer((request, response) => {
    connections.add(request.socket);
    void text(request).then((body) => {
      asked = { method: request.method!, url: request.url!, body, headers: request.headers };
      response.statusCode = answer.status;
      response.end(answer.body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo; // a TCP server has an address of this shape
  ask = askServer({ url: `http://127.0.0.1:${port}`, key: 'secret' });
});
after(() => server.close());

test('parameters, lists and bodies reach the server as they were given', async () => {
  answer = { status: 200, body: '{"edges":[]}' };
  const query = {
    dataset: 'host-pairs',
    direction: 'reverse',
    value: 'a&b=c',
    label: ['img.src', 'a.href'],
    limit: 5,
    isObserved: true,
    cursor: undefined,
  };
  assert.deepEqual(await ask('pivot', { query }), { edges: [] });
  const { pathname, searchParams } = new URL(asked.url, 'http://x');
  assert.equal(pathname, '/api/pivot');
  assert.deepEqual(
    [...searchParams],
    [
      ['dataset', 'host-pairs'],
      ['direction', 'reverse'],
      ['value', 'a&b=c'],
      ['label', 'img.src'],
      ['label', 'a.href'],
      ['limit', '5'],
      ['isObserved', 'true'],
    ],
  );
  assert.equal(asked.headers.authorization, 'Bearer secret');

  answer = { status: 204, body: '' };
  await ask('deleteProject', { params: { id: '../keys/1?x' } });
  assert.equal(asked.url, '/api/projects/..%2Fkeys%2F1%3Fx');

  answer = { status: 201, body: '{"key":{}}' };
  await assert.rejects(ask('createKey', { body: { name: 'n', scopes: ['read'] } }), {
    code: 'server-differs',
  });
  assert.deepEqual(JSON.parse(asked.body), { name: 'n', scopes: ['read'] });
});

test('a file comes as its text', async () => {
  answer = { status: 200, body: '"type","value"\r\n' };
  assert.equal(await ask('exportProject', { params: { id: 'p' }, query: { format: 'csv' } }), answer.body);
});

test('a problem document becomes the error that it names, with the fields that are wrong', async () => {
  const problem = {
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    code: 'unknown-project',
    detail: 'None.',
    advice: 'List them.',
  };
  answer = { status: 404, body: JSON.stringify(problem) };
  await assert.rejects(ask('getProject', { params: { id: 'p' } }), {
    name: 'AditError',
    code: 'unknown-project',
    message: 'None.',
    advice: 'List them.',
  });
  answer = {
    status: 400,
    body: JSON.stringify({
      ...problem,
      code: 'bad-request',
      errors: [{ path: 'limit', message: 'too big' }],
    }),
  };
  await assert.rejects(ask('getProject', { params: { id: 'p' } }), {
    code: 'bad-request',
    message: 'None. limit: too big',
  });
  answer = {
    status: 400,
    body: JSON.stringify({ ...problem, errors: [{ path: 'query', message: problem.detail }] }),
  };
  await assert.rejects(ask('getProject', { params: { id: 'p' } }), { message: 'None.' });
});

test('no question rests on a connection that the server may have closed meanwhile', async () => {
  answer = { status: 200, body: '{"edges":[]}' };
  connections.clear();
  const query = { dataset: 'host-pairs', value: 'a.example' };
  for (let n = 0; n < 3; n++) await ask('pivot', { query });
  assert.equal(connections.size, 3);
});

test('what is no answer of this API, or no answer at all, is a fault with a code', async () => {
  for (const body of ['<html>', '', '[]', '{"projects":[{"name":7}]}']) {
    answer = { status: 200, body };
    await assert.rejects(ask('listProjects', {}), { code: 'server-differs' }, body);
  }
  answer = { status: 502, body: '<html>Bad Gateway' };
  await assert.rejects(ask('listProjects', {}), { code: 'server-differs' });
  await assert.rejects(askServer({ url: 'http://127.0.0.1:1', key: '' })('listProjects', {}), {
    code: 'server-gone',
  });
});
