import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Network } from '#crawl';

/** The throughput page, served by a process of its own. */
export interface LoadInternet extends AsyncDisposable {
  readonly pid: number;
  readonly startUrl: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly trustedRoots: NonNullable<Network['trustedRoots']>;
  readonly network: Network;
}

export async function openLoadInternet(): Promise<LoadInternet> {
  const child = spawn(process.execPath, [new URL('./load-internet.ts', import.meta.url).pathname], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const line = await firstLine(child.stdout!);
  const { httpPort, httpsPort, startUrl, trustedRoots } = JSON.parse(line) as Pick<
    LoadInternet,
    'httpPort' | 'httpsPort' | 'startUrl' | 'trustedRoots'
  >; // our own child's line
  const ports: Readonly<Record<number, number>> = { 80: httpPort, 443: httpsPort };
  return {
    pid: child.pid!,
    startUrl,
    httpPort,
    httpsPort,
    trustedRoots,
    network: {
      resolve: async () => [{ address: '45.10.20.30', type: 'A' }],
      dial: (_address, port, signal) =>
        new Promise((done, fail) => {
          const socket = connect({ host: '127.0.0.1', port: ports[port] ?? port, noDelay: true, signal });
          socket.once('connect', () => done(socket)).once('error', fail);
        }),
      trustedRoots,
    },
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function firstLine(input: Readable): Promise<string> {
  const lines = createInterface({ input });
  for await (const line of lines) return line;
  throw new Error('the test internet did not start');
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((done) => child.once('exit', done));
  child.stdin!.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await ended;
  clearTimeout(timer);
}
