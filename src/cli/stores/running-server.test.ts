import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findServer, writeServerFile } from './running-server.ts';

const home = mkdtempSync(join(tmpdir(), 'adit-server-file-'));
let server: Server;
let url: string;

before(async () => {
  server = createServer((request, response) => {
    response.statusCode = request.headers.authorization === 'Bearer right' ? 200 : 401;
    response.end('{}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server has an address of this shape
});
after(() => {
  server.close();
  rmSync(home, { recursive: true, force: true });
});

test('a running server is found by the file that it writes for its own user, and no longer when that is gone', async () => {
  assert.equal(await findServer(home), undefined);
  const own = { url, key: 'right', pid: process.pid };
  {
    await using _file = await writeServerFile(home, own);
    assert.deepEqual(await findServer(home), own);
    assert.equal(statSync(join(home, 'server.json')).mode & 0o777, 0o600);
  }
  assert.ok(!existsSync(join(home, 'server.json')));
});

test('a file that a killed server left is no server: its process is gone, or its port is another’s', async () => {
  const gone = 2 ** 22 + 1; // Linux gives no number as large
  for (const left of [
    { url, key: 'right', pid: gone },
    { url, key: 'of another server', pid: process.pid },
    { url: 'http://127.0.0.1:1', key: 'right', pid: process.pid },
  ]) {
    await using _file = await writeServerFile(home, left);
    assert.equal(await findServer(home), undefined, JSON.stringify(left));
  }
});

test('a file of any other content is no server either', async () => {
  for (const content of ['', '{', '[]', '{"url":7}', JSON.stringify({ url, key: '', pid: 1 })]) {
    writeFileSync(join(home, 'server.json'), content);
    assert.equal(await findServer(home), undefined, content);
  }
});
