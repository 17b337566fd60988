import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { findBrowser } from '#crawl';

const root = resolve(import.meta.dirname, '../..');
const MAIN = join(root, 'src/cli/main.ts');
/** Long: the machine may be slow and busy. */
export const PATIENCE_MS = 60_000;

export const skipWithoutBrowser =
  findBrowser() === undefined && 'there is no Chromium or Chrome on this machine';

export type Theme = 'light' | 'dark';

export interface VisitorOptions {
  readonly theme?: Theme;
  /** Default 1280 × 800. */
  readonly size?: { readonly width: number; readonly height: number };
  /** False: nobody; a private window. */
  readonly isSignedIn?: boolean;
}

/** A server of its own that holds the replayed campaign, and a browser. */
export interface App extends AsyncDisposable {
  readonly url: string;
  /** Of the campaign's project. */
  readonly project: string;
  /** A window of its own, with its own cookies. What its pages complained of is in `complaints`. */
  openWindow(options?: VisitorOptions): Promise<Window>;
  /** Asks the API as the owner of the data directory. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
}

export interface Window extends AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts, and what the page's policy refused. */
  readonly complaints: string[];
}

/**
 * Replays the campaign, serves it by the command that users run, and starts a browser. `ADIT_DEMO` may name the folder of an
 * earlier demo to copy instead of a new replay.
 */
export async function openApp(): Promise<App> {
  const folder = await mkdtemp(join(tmpdir(), 'adit-app-'));
  const cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  try {
    const home = join(folder, 'home');
    const earlier = process.env['ADIT_DEMO'];
    if (earlier === undefined) {
      await runCommand(['demo', '--once', '--json', '--out', join(folder, 'demo')]);
      await cp(join(folder, 'demo', 'home'), home, { recursive: true });
    } else await cp(join(earlier, 'home'), home, { recursive: true });
    const server = await serve(home);
    cleanUp.defer(() => stop(server.process));
    const browser = await chromium.launch({ executablePath: findBrowser()!, args: ['--no-sandbox'] });
    cleanUp.defer(() => browser.close());
    const state = await signIn(browser, server.signInUrl);
    const ask = asker(server.url, state);
    const { projects } = (await ask('GET', '/projects')) as { projects: { id: string }[] };
    return {
      url: server.url,
      project: projects[0]!.id,
      openWindow: (options) => openWindow(browser, server.url, state, options),
      ask,
      [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
    };
  } catch (error) {
    await cleanUp.disposeAsync();
    throw error;
  }
}

type State = Awaited<ReturnType<BrowserContext['storageState']>>;

function runCommand(args: readonly string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, [MAIN, ...args], { maxBuffer: 64 * 1024 * 1024 });
}

async function serve(home: string): Promise<{ url: string; signInUrl: string; process: ChildProcess }> {
  const server = spawn(process.execPath, [MAIN, 'serve', '--port', '0', '--testnet', 'campaign', '--json'], {
    env: { ...process.env, ADIT_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  server.stderr.on('data', (part: Buffer) => (said = `${said}${String(part)}`.slice(-4_000)));
  let printed = '';
  server.stdout.setEncoding('utf8');
  for await (const part of server.stdout.iterator({ destroyOnReturn: false })) {
    printed += String(part);
    if (!printed.trimEnd().endsWith('}')) continue; // one JSON object over several lines
    const { url, signInUrl } = JSON.parse(printed) as { url: string; signInUrl: string };
    server.stdout.resume();
    return { url, signInUrl, process: server };
  }
  throw new Error(`the server did not start: ${said}`);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  server.kill('SIGTERM');
  await once(server, 'exit');
}

/** Opens the link that `adit serve` prints. */
async function signIn(browser: Browser, signInUrl: string): Promise<State> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(signInUrl);
  await page.getByRole('navigation', { name: 'Main' }).waitFor({ timeout: PATIENCE_MS });
  const state = await context.storageState();
  await context.close();
  return state;
}

function asker(url: string, { cookies }: State): App['ask'] {
  return async (method, path, body) => {
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: {
        cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
        origin: url,
        'adit-request': '1',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}

async function openWindow(
  browser: Browser,
  url: string,
  state: State,
  { theme = 'light', size = { width: 1280, height: 800 }, isSignedIn = true }: VisitorOptions = {},
): Promise<Window> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: size,
    colorScheme: theme,
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Berlin',
    ...(isSignedIn && { storageState: state }),
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy/.test(message.text()))
      complaints.push(message.text());
  });
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}
