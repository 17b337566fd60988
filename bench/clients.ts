import { runClients } from '../test/api-clients.ts';
import { openTestServer } from '../test/server-fixture.ts';
import type { BenchResult } from './run.ts';

const CLIENTS = 100;
const SECONDS = 60;

/** A hundred clients of the API, reading and writing for a minute; `failures` and `lost` must be 0. */
export async function benchClients(): Promise<BenchResult> {
  await using server = await openTestServer();
  const report = await runClients(server, { clients: CLIENTS, seconds: SECONDS });
  const { requests, acknowledged, captures } = report;
  const faults = [...report.failures, ...report.lost, ...server.faults.map(String)];
  return {
    figures: {
      requests,
      requestsPerSecond: requests / SECONDS,
      acknowledged,
      captures,
      failures: report.failures.length + server.faults.length,
      lost: report.lost.length,
    },
    text: [
      `${requests} requests of ${CLIENTS} clients in ${SECONDS} s; ${acknowledged} writes acknowledged, ${captures} captures stored`,
      `failed ${report.failures.length}, lost ${report.lost.length}`,
      ...faults.slice(0, 10),
    ].join('\n'),
  };
}
