import { AditError, type Persona } from '#model';
import { findBrowser } from './process/find-browser.ts';
import { Gateway } from './process/gateway.ts';
import { launchBrowser, type BrowserProcess } from './process/launch.ts';
import { Watchdog, type RendererLimits } from './process/watchdog.ts';
import type { BrowserMode } from './process/flags.ts';
import type { Wall } from './process/walls.ts';
import type { Targets } from './record/targets.ts';
import { browserVersion } from './process/browser-version.ts';
import { fitPersona } from './persona/personas.ts';

/** A running browser that several visits share, each in a browser context of its own. */
interface WarmBrowser {
  readonly process: BrowserProcess;
  readonly gateway: Gateway;
  readonly watchdog: Watchdog;
  /** Hands over the context's targets as DevTools attaches to them. */
  route(contextId: string, targets: Targets): Disposable;
}

export interface Lease extends Disposable {
  readonly browser: WarmBrowser;
  /** As this browser can be it. */
  readonly persona: Persona;
}

export interface PoolOptions {
  readonly executable?: string;
  readonly mode: BrowserMode;
  readonly trustedKeys: readonly string[];
  readonly walls: readonly Wall[];
  readonly allowMissingSandbox: boolean;
  readonly commandMs: number;
  readonly rendererLimits: RendererLimits;
  readonly log: (line: string) => void;
}

const MAX_VISITS = 200;
const MAX_MEMORY_BYTES = 1.5 * 1024 ** 3;
/** Browsers that are kept warm although nobody uses them. */
const MAX_IDLE = 3;

/** Never of interest: the browser itself and its own surfaces. */
const TARGET_FILTER = [
  ...['browser', 'browser_ui', 'webview', 'tab'].map((type) => ({ type, exclude: true })),
  {},
];

/**
 * Warm browsers, one for each user agent (service workers know only the browser-wide one). A browser is replaced after
 * a number of visits, when it has grown too large, and when it died.
 */
export class BrowserPool implements AsyncDisposable {
  readonly #options: PoolOptions;
  readonly #executable: string;
  readonly #current = new Map<string, Promise<PooledBrowser>>();
  readonly #closing = new Set<Promise<void>>();
  #product: Promise<string> | undefined;

  /** Throws AditError `browser-not-found`. */
  constructor(options: PoolOptions) {
    this.#options = options;
    const executable = options.executable ?? findBrowser(options.mode);
    if (executable === undefined)
      throw new AditError('browser-not-found', 'There is no Chromium or Chrome on this machine.', {
        advice: 'Install one, or name it in ADIT_BROWSER (ADIT_HEADLESS_SHELL for the headless shell).',
      });
    this.#executable = executable;
  }

  async lease(wanted: Persona): Promise<Lease> {
    const product = await (this.#product ??= browserVersion(this.#executable));
    const persona = fitPersona(wanted, product);
    const browser = await this.#browserFor(persona);
    browser.leases++;
    browser.visits++;
    browser.watchdog.start();
    let isOpen = true;
    return {
      browser,
      persona,
      [Symbol.dispose]: () => {
        if (isOpen) this.#release(browserKey(persona), browser);
        isOpen = false;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = [...this.#current.values()];
    this.#current.clear();
    await Promise.all(
      running.map((each) =>
        each.then(
          (browser) => browser.close(),
          () => {},
        ),
      ),
    );
    await Promise.all(this.#closing);
  }

  async #browserFor(persona: Persona): Promise<PooledBrowser> {
    const key = browserKey(persona);
    for (let attempt = 0; ; attempt++) {
      const starting = this.#current.get(key) ?? this.#launch(persona);
      this.#current.set(key, starting);
      try {
        const browser = await starting;
        if (!browser.isSpent) return browser;
        this.#retire(key, browser);
      } catch (error) {
        if (this.#current.get(key) === starting) this.#current.delete(key);
        // A browser now and then does not come up on a busy machine; twice is a fault.
        const isFinal = attempt >= 1 || (error instanceof AditError && error.code === 'sandbox-missing');
        if (isFinal) throw error;
      }
    }
  }

  async #launch(persona: Persona): Promise<PooledBrowser> {
    const process = await launchBrowser({
      ...this.#options,
      executable: this.#executable,
      userAgent: persona.userAgent,
      language: persona.languages[0]!,
    });
    const browser = new PooledBrowser(process, this.#options.rendererLimits);
    await browser.open();
    return browser;
  }

  #release(key: string, browser: PooledBrowser): void {
    browser.leases--;
    if (browser.leases === 0) browser.watchdog.stop();
    if (browser.isSpent) this.#retire(key, browser);
    if (browser.isRetired && browser.leases === 0) this.#close(browser);
    void this.#trimIdle();
  }

  /** Nobody new gets it; it ends with the last visit in it. */
  #retire(key: string, browser: PooledBrowser): void {
    if (browser.isRetired) return;
    browser.isRetired = true;
    this.#options.log('The browser is replaced by a fresh one.');
    this.#current.delete(key);
    if (browser.leases === 0) this.#close(browser);
  }

  async #trimIdle(): Promise<void> {
    const settled = await Promise.all(
      [...this.#current].map(async ([key, each]) => [key, await each.catch(() => undefined)] as const),
    );
    const idle = settled.filter(([, browser]) => browser !== undefined && browser.leases === 0);
    for (const [key, browser] of idle.slice(0, Math.max(0, idle.length - MAX_IDLE)))
      this.#retire(key, browser!);
  }

  #close(browser: PooledBrowser): void {
    const closing = browser.close();
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
  }
}

class PooledBrowser implements WarmBrowser {
  readonly process: BrowserProcess;
  readonly gateway: Gateway;
  readonly watchdog: Watchdog;
  readonly #routes = new Map<string, Targets>();
  leases = 0;
  visits = 0;
  isRetired = false;

  constructor(process: BrowserProcess, limits: RendererLimits) {
    this.process = process;
    this.gateway = new Gateway(process.gate);
    this.watchdog = new Watchdog(process.pid, limits);
  }

  get isSpent(): boolean {
    return (
      this.process.connection.isClosed ||
      this.visits >= MAX_VISITS ||
      this.watchdog.memoryBytes > MAX_MEMORY_BYTES
    );
  }

  async open(): Promise<void> {
    const { connection } = this.process;
    connection.browser.on('Target.attachedToTarget', (event) => {
      const targets = this.#routes.get(event.targetInfo.browserContextId ?? '');
      if (targets !== undefined) targets.attach(event);
      else void connection.session(event.sessionId).attempt('Runtime.runIfWaitingForDebugger');
    });
    connection.browser.on('Target.detachedFromTarget', (event) => {
      for (const targets of this.#routes.values()) targets.detach(event);
    });
    await connection.browser.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: true,
      flatten: true,
      filter: TARGET_FILTER,
    });
  }

  route(contextId: string, targets: Targets): Disposable {
    this.#routes.set(contextId, targets);
    return { [Symbol.dispose]: () => void this.#routes.delete(contextId) };
  }

  async close(): Promise<void> {
    this.watchdog.stop();
    await this.process[Symbol.asyncDispose]();
  }
}

/** Personas that can share a browser: what is the same for all its windows is the same for them. */
function browserKey({ userAgent, languages }: Persona): string {
  return `${languages[0]} ${userAgent}`;
}
