import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runClients } from './api-clients.ts';
import { openTestServer } from './server-fixture.ts';

test('many clients at once lose nothing and see no fault of the server', async () => {
  await using server = await openTestServer();
  const report = await runClients(server, { clients: 25, seconds: 5 });
  assert.deepEqual(report.failures, []);
  assert.deepEqual(report.lost, []);
  assert.deepEqual(server.faults, []);
  assert.ok(report.acknowledged >= 25 && report.captures > 0, JSON.stringify(report));
});
