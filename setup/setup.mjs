// Makes a checkout ready to run: packages, a Node that is new enough, the extraction core's WebAssembly form, what
// follows from the rules, the web app, and with --browser a Chromium.
//
// Runs before `npm run demo`, `npm test` and the like, on whatever Node >= 20 the machine has, so it is plain
// JavaScript without dependencies. Quick and silent when there is nothing to do; everything it says goes to standard
// error; when it cannot go on it says in one sentence what to do and exits with 1.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCore, coreIsBuilt } from './build-core.mjs';
import { webIsBuilt } from './build-web.mjs';
import { findBrowser } from './find-browser.mjs';
import { preparedPath } from '../src/extract/prepared/file.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const lock = join(root, '.setup-lock');
const LOCK_WAIT_MS = 10 * 60_000;
const DOWNLOAD_LIMIT_MS = 10 * 60_000;

const say = (text) => process.stderr.write(`setup: ${text}\n`);

function stop(sentence) {
  say(sentence);
  process.exit(1);
}

/** Runs a command with its output on standard error; true when it succeeded. */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    timeout: DOWNLOAD_LIMIT_MS,
    ...options,
    env: { ...process.env, ...options.env },
  });
  return result.status === 0;
}

/** Whether node_modules is what package-lock.json describes: npm notes it in its own hidden lock file. */
function packagesAreCurrent() {
  const installed = join(modules, '.package-lock.json');
  if (!existsSync(installed)) return false;
  const stamp = statSync(installed).mtimeMs;
  return (
    ['package.json', 'package-lock.json'].every((name) => statSync(join(root, name)).mtimeMs <= stamp) ||
    sameVersions(installed)
  );
}

function sameVersions(installed) {
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages ?? {};
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages ?? {};
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || present[path]?.version === entry.version,
  );
}

function installPackages() {
  say('installing packages …');
  const npm = process.env.npm_execpath;
  // Not `npm ci`: it refuses a lock that lacks packages for other platforms, which some registries do not serve.
  // Versions come from the lock all the same, and --no-save leaves it as it is.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const isDone = npm === undefined ? run('npm', args) : run(process.execPath, [npm, ...args]);
  if (!isDone)
    stop(
      'npm could not install the packages; check the network or the registry, then run the same command again.',
    );
}

/** The version of the Node that npm's scripts will use: the `node` package in node_modules first, else this one. */
function nodeOfScripts() {
  const local = join(modules, '.bin', 'node');
  const result = spawnSync(existsSync(local) ? local : process.execPath, ['--version'], { encoding: 'utf8' });
  return result.status === 0 ? Number.parseInt(result.stdout.slice(1), 10) : 0;
}

function ensureNode() {
  if (nodeOfScripts() >= 24) return;
  // Where npm was told not to run install scripts, the `node` package has not fetched its binary yet.
  const installer = join(modules, 'node', 'installArchSpecificPackage.js');
  if (existsSync(installer)) run(process.execPath, [installer], { cwd: join(modules, 'node') });
  if (nodeOfScripts() < 24)
    stop(
      'Adit needs Node 24 or newer and could not install it; install Node 24, then run the same command again.',
    );
}

function ensureBrowser() {
  if (findBrowser() !== undefined) return;
  say('no Chromium found; trying Playwright’s …');
  const playwright = join(modules, 'playwright-core', 'cli.js');
  if (existsSync(playwright)) {
    run(process.execPath, [playwright, 'install', 'chromium'], {
      stdio: 'ignore',
      env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' },
    });
  }
  if (findBrowser() === undefined) installDebianBrowser();
  if (findBrowser() === undefined) {
    stop(
      'no Chromium could be installed; install Chromium or Google Chrome (Debian: apt-get install chromium) or set ADIT_BROWSER to its path.',
    );
  }
}

function installDebianBrowser() {
  if (spawnSync('apt-get', ['--version']).status !== 0) return;
  const isRoot = process.getuid?.() === 0;
  const asRoot = (args) =>
    isRoot
      ? run(args[0], args.slice(1), { stdio: 'ignore', env: { DEBIAN_FRONTEND: 'noninteractive' } })
      : run('sudo', ['-n', 'env', 'DEBIAN_FRONTEND=noninteractive', ...args], { stdio: 'ignore' });
  say('installing Debian’s chromium …');
  asRoot(['apt-get', 'update']);
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium'];
  // The sandbox helper, `ip` for the network namespace and fonts are walls and looks; a browser alone will do.
  if (!asRoot([...install, 'chromium-sandbox', 'iproute2', 'fonts-liberation'])) asRoot(install);
}

/** Bulk reading of pages is faster with it, and the same without. */
async function ensureCore() {
  try {
    await buildCore();
  } catch (error) {
    say(
      `the extraction core could not be compiled (${error.message.split('\n')[0]}); its slower form is used.`,
    );
  }
}

/** In a process of its own, on the Node that the packages brought: the one that runs this may be older. */
function runScript(script) {
  const local = join(modules, '.bin', 'node');
  return run(existsSync(local) ? local : process.execPath, [join(root, script)]);
}

/** Without it every command that reads pages begins later. */
function ensurePrepared() {
  if (existsSync(preparedPath())) return;
  if (!runScript('src/extract/prepared/write.ts'))
    say('what follows from the rules could not be written down; it is worked out each time.');
}

function ensureWeb() {
  if (webIsBuilt()) return;
  say('building the web app …');
  if (!runScript('setup/build-web.mjs'))
    stop('the web app could not be built; what is said above tells why.');
}

/** Two commands started at once must not install over each other. */
async function withLock(work) {
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (lockIsStale() || Date.now() > deadline) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  try {
    writeFileSync(join(lock, 'pid'), String(process.pid));
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function lockIsStale() {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    // No such process: stale. No pid file yet: its owner is just about to write it, unless that was long ago.
    return (
      error.code === 'ESRCH' ||
      (error.code === 'ENOENT' && existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 5_000)
    );
  }
}

const wantsBrowser = process.argv.includes('--browser');
const isReady = () =>
  packagesAreCurrent() &&
  nodeOfScripts() >= 24 &&
  coreIsBuilt() &&
  existsSync(preparedPath()) &&
  webIsBuilt() &&
  (!wantsBrowser || findBrowser() !== undefined);

if (!isReady()) {
  process.on('SIGINT', () => process.exit(130));
  process.on('exit', (code) => code === 130 && rmSync(lock, { recursive: true, force: true }));
  await withLock(async () => {
    if (!packagesAreCurrent()) installPackages();
    ensureNode();
    await ensureCore();
    ensurePrepared();
    ensureWeb();
    if (wantsBrowser) ensureBrowser();
  });
}
