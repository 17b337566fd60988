import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { findBrowser } from '#crawl';

const root = resolve(import.meta.dirname, '../..');
const MAIN = join(root, 'src/cli/main.ts');
/** Where the tests leave pictures of the screens; not kept by git. */
export const PICTURES = join(root, '.screenshots');
/** Long: the machine may be slow and busy. */
export const PATIENCE_MS = 240_000;

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

/** A server of its own, and a browser. */
export interface App extends AsyncDisposable {
  readonly url: string;
  /** Its folder for imports; gone with the app. */
  readonly imports: string;
  /** Nothing is stored yet. */
  readonly isEmpty: boolean;
  /** A window of its own, with its own cookies. What its pages complained of is in `complaints`. */
  openWindow(options?: VisitorOptions): Promise<Window>;
  /** Asks the API as the owner of the data directory. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
}

/** Runs a journey in a window of its own; where it fails, a picture of where it stood is left as `failed-NAME.png`. */
export async function inWindow(
  app: App,
  name: string,
  journey: (window: Window) => Promise<void>,
): Promise<void> {
  await using window = await app.openWindow();
  try {
    await journey(window);
    assert.deepEqual(window.complaints, []);
  } catch (error) {
    await window.page.screenshot({ path: join(PICTURES, `failed-${name}.png`) }).catch(() => {});
    throw error;
  }
}

export interface Window extends AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts, and what the page's policy refused. */
  readonly complaints: string[];
  /** Requests that the server did not allow. */
  readonly refusals: string[];
}

/**
 * Serves an empty data directory by the command that users run, on the campaign's test internet, and starts a browser.
 * `ADIT_DEMO` may name the folder of an earlier demo, which is copied and served instead: quicker while a screen is made.
 */
export async function openApp(): Promise<App> {
  const folder = await mkdtemp(join(tmpdir(), 'adit-app-'));
  const cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  try {
    const home = join(folder, 'home');
    const earlier = process.env['ADIT_DEMO'];
    if (earlier !== undefined) await cp(join(earlier, 'home'), home, { recursive: true });
    const imports = join(folder, 'imports');
    const server = await serve(home, imports);
    cleanUp.defer(() => stop(server.process));
    const browser = await chromium.launch({
      executablePath: findBrowser()!,
      args: ['--no-sandbox'],
      timeout: PATIENCE_MS,
    });
    cleanUp.defer(() => browser.close());
    const state = await signIn(browser, server.signInUrl);
    return {
      url: server.url,
      imports,
      isEmpty: earlier === undefined,
      openWindow: (options) => openWindow(browser, server.url, state, options),
      ask: asker(server.url, state),
      [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
    };
  } catch (error) {
    await cleanUp.disposeAsync();
    throw error;
  }
}

type State = Awaited<ReturnType<BrowserContext['storageState']>>;

async function serve(
  home: string,
  imports: string,
): Promise<{ url: string; signInUrl: string; process: ChildProcess }> {
  const args = ['serve', '--port', '0', '--testnet', 'campaign', '--imports', imports, '--json'];
  const server = spawn(process.execPath, [MAIN, ...args], {
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
  const refusals: string[] = [];
  page.on('response', (response) => {
    if (response.status() === 401 || response.status() === 403)
      refusals.push(`${response.status()} ${response.url()}`);
  });
  return { page, complaints, refusals, [Symbol.asyncDispose]: () => context.close() };
}
