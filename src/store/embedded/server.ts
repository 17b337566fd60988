import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AditError } from '#model';
import { configXml, DEFAULT_EMBEDDED_LIMITS, usersXml, type EmbeddedLimits } from './config.ts';

const START_LIMIT_MS = 240_000;
const STOP_LIMIT_MS = 10_000;
const MAX_RESTARTS_A_MINUTE = 10;

/** A ClickHouse of our own on loopback. */
export interface EmbeddedServer extends AsyncDisposable {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly pid: number | undefined;
  /** How often it was started again after it had died. */
  readonly restarts: number;
  /** Resolves when it answers; rejects when it has given up. */
  ready(signal?: AbortSignal): Promise<void>;
}

/**
 * Starts libchdb as a child that speaks ClickHouse's HTTP protocol on a loopback port. It dies with this process, and is
 * started again when it dies by itself: on the same port, once it has answered there. `firstPort`
 * is where it is tried first; default: a port that is free.
 */
export async function startEmbeddedServer(
  directory: string,
  limits: EmbeddedLimits = DEFAULT_EMBEDDED_LIMITS,
  firstPort?: number,
): Promise<EmbeddedServer> {
  const data = join(directory, 'data');
  await mkdir(data, { recursive: true, mode: 0o700 });
  const password = randomBytes(24).toString('hex');
  const [config, users] = [join(directory, 'config.xml'), join(directory, 'users.xml')];
  await writeFile(users, usersXml(password, limits), { mode: 0o600 });
  await writeFile(config, configXml(directory, users, limits), { mode: 0o600 });
  const server = new SupervisedServer({ data, config, port: firstPort ?? (await freePort()), password });
  server.start();
  await server.ready();
  return server;
}

class SupervisedServer implements EmbeddedServer {
  readonly username = 'adit';
  readonly password: string;
  restarts = 0;
  readonly #place: { readonly data: string; readonly config: string };
  #port: number;
  #hasAnswered = false;
  #child: ChildProcess | undefined;
  #isStopping = false;
  #deaths: number[] = [];
  #lastWords = '';

  constructor({
    password,
    port,
    ...place
  }: {
    data: string;
    config: string;
    port: number;
    password: string;
  }) {
    this.#place = place;
    this.#port = port;
    this.password = password;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const { data, config } = this.#place;
    const child = spawn(
      process.execPath,
      [new URL('./child.ts', import.meta.url).pathname, data, config, String(this.#port)],
      {
        stdio: ['pipe', 'ignore', 'pipe'],
        // Memory freed by one insert serves the next, instead of going back and forth to the kernel.
        env: {
          PATH: process.env['PATH'],
          TZ: 'UTC',
          MALLOC_CONF: 'dirty_decay_ms:20000,muzzy_decay_ms:20000',
        },
      },
    );
    child.stdin!.on('error', () => {}); // its end is seen below
    this.#lastWords = '';
    child.stderr!.on('data', (text: Buffer) => {
      this.#lastWords = (this.#lastWords + text.toString('utf8')).slice(-2_000);
      // It would live on without its port.
      if (/Address already in use/.test(this.#lastWords)) child.kill('SIGKILL');
    });
    child.once('exit', () => this.#ended(child));
    this.#child = child;
  }

  #ended(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (this.#isStopping) return;
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < 60_000), now];
    if (this.#deaths.length > MAX_RESTARTS_A_MINUTE) return;
    this.restarts++;
    setTimeout(() => void this.#startAgain(), 100 * this.#deaths.length).unref();
  }

  async #startAgain(): Promise<void> {
    // Somebody may have taken the port before it was listened to; nobody knows it yet.
    if (!this.#hasAnswered) this.#port = await freePort().catch(() => this.#port);
    if (!this.#isStopping) this.start();
  }

  async ready(signal?: AbortSignal): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    while (!(await this.#answers())) {
      signal?.throwIfAborted();
      if (Date.now() > deadline || this.#deaths.length > MAX_RESTARTS_A_MINUTE)
        throw new AditError(
          'store-not-started',
          `The embedded ClickHouse did not start: ${this.#lastWords.trim() || 'it said nothing'}`,
          {
            advice:
              'It needs Linux with glibc on a CPU with AVX2, or set CLICKHOUSE_URL to a server of your own.',
          },
        );
      await sleep(25);
    }
  }

  async #answers(): Promise<boolean> {
    try {
      const { ok } = await fetch(`${this.url}/ping`, { signal: AbortSignal.timeout(2_000) });
      this.#hasAnswered ||= ok;
      return ok;
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    const exited = new Promise((done) => child.once('exit', done));
    child.stdin!.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await exited;
    clearTimeout(timer);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo; // a TCP server has an address of this shape
  await new Promise((done) => server.close(done));
  return port;
}
