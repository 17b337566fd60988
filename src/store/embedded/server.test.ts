import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startEmbeddedServer } from './server.ts';

test('a port that somebody has taken is left to them; the one where it answered is kept', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'adit-embedded-'));
  const somebody = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(somebody, 'listening');
  try {
    const { port } = somebody.address() as AddressInfo; // a TCP server has an address of this shape
    await using server = await startEmbeddedServer(directory, undefined, port);
    assert.notEqual(Number(new URL(server.url).port), port);
    const { url, pid, restarts } = server;
    assert.ok(pid !== undefined && restarts >= 1);
    process.kill(pid, 'SIGKILL');
    while (server.restarts === restarts || server.pid === undefined) await new Promise(setImmediate);
    await server.ready();
    assert.equal(server.url, url);
  } finally {
    somebody.close();
    await rm(directory, { recursive: true, force: true });
  }
});
