import type { Protocol } from 'devtools-protocol';
import { hostOfUrl, registrableDomain, type Capture, type Persona } from '#model';
import { DevToolsError, type Connection } from '../devtools/connection.ts';
import type { Attachments } from '../keep/attachments.ts';
import { Screenshots } from '../keep/screenshots.ts';
import { snapshotDocuments } from '../keep/snapshots.ts';
import { readStorage } from '../keep/storage.ts';
import type { SeenDocument } from '../record/frames.ts';
import type { Recorder } from '../record/recorder.ts';
import type { LoggedStep } from '../record/steps.ts';
import type { Target } from '../record/targets.ts';
import type { VisitRequest } from '../visit-request.ts';
import { fetchFavicon } from './favicon.ts';
import { freeze, revive } from './freeze.ts';
import { interact } from './interaction-plan.ts';
import { scrollThrough } from './look.ts';
import { untilQuiet, within } from './pause.ts';

export interface PageVisitOptions {
  readonly connection: Connection;
  readonly contextId: string;
  readonly recorder: Recorder;
  readonly persona: Persona;
  readonly request: VisitRequest;
  readonly attachments: Attachments;
  /** Fires when it is time to stop acting. What was there until then is read all the same. */
  readonly signal: AbortSignal;
}

const ATTACH_MS = 20_000;
const BEGIN_MS = 10_000;
const COOKIES_MS = 3_000;
const STOP_MS = 1_000;

/** The visit as the virtual user makes it, and what is read of the page. Nothing here rejects: see `isBrowserGone`. */
export class PageVisit {
  readonly screenshots: Screenshots;
  /** Main document after it settled, before anything was pressed. */
  landed: SeenDocument | undefined;
  finalUrl: string | undefined;
  /** Network error of the first navigation. */
  errorText: string | undefined;
  isDownload = false;
  isBrowserGone = false;
  cookies: Protocol.Network.Cookie[] = [];
  storage: Capture['storage'][number][] = [];
  page: Target | undefined;
  /** The page does not answer, and nothing helped. */
  #isDeaf = false;
  readonly #options: PageVisitOptions;

  constructor(options: PageVisitOptions) {
    this.#options = options;
    const { attachments, persona, recorder } = options;
    this.screenshots = new Screenshots(attachments, persona.viewport, recorder.limits);
  }

  get isRendererGone(): boolean {
    return this.page !== undefined && this.#options.recorder.crashed.has(this.page.id);
  }

  async run(): Promise<void> {
    try {
      const page = await this.#openPage();
      await this.#act(page);
      await this.#read(page);
    } catch (error) {
      if (!(error instanceof DevToolsError)) throw error;
      this.isBrowserGone = this.#options.connection.isClosed;
      this.errorText ??= error.message;
    }
    this.isBrowserGone ||= this.#options.connection.isClosed;
  }

  async #openPage(): Promise<Target> {
    const { connection, contextId, recorder, persona, signal } = this.#options;
    const { width, height } = persona.viewport;
    const { targetId } = await connection.browser.send('Target.createTarget', {
      url: 'about:blank',
      browserContextId: contextId,
      width,
      height,
    });
    const until = performance.now() + ATTACH_MS;
    let page = recorder.targets.get(targetId);
    while (page === undefined && performance.now() < until) {
      await new Promise(setImmediate);
      page = recorder.targets.get(targetId);
    }
    if (page === undefined) throw new DevToolsError('devtools-timeout', 'The new page did not show up.');
    // Whatever is sent before everything is switched on would go unseen.
    await within(page.ready, ATTACH_MS, signal);
    this.page = page;
    return page;
  }

  async #act(page: Target): Promise<void> {
    const { recorder, request, persona, attachments, signal } = this.#options;
    const { limits } = recorder.limits;
    const step = recorder.steps.begin('navigate', { url: request.url });
    request.onProgress?.('loading');
    await this.#navigate(page);
    if (this.errorText === undefined && !this.#isDeaf) {
      const end = await untilQuiet(recorder, {
        quietMs: limits.quietMs,
        mostMs: limits.settleMs,
        signal,
      });
      if (end === 'restless')
        recorder.limits.reach('settleMs', `${recorder.requests.openCount} requests were still under way`);
    }
    this.landed = recorder.frames.documentIn(page.id);
    recorder.steps.end(step);
    if (this.landed === undefined || this.#isDeaf || signal.aborted || this.isRendererGone) return;
    await snapshotDocuments(recorder, attachments, 'loaded');
    await this.screenshots.viewport(page);
    await fetchFavicon(recorder, page, this.landed);
    if (signal.aborted) return;
    request.onProgress?.('reading the page');
    await scrollThrough(recorder, page, {
      viewportHeight: persona.viewport.height,
      quietMs: limits.quietMs,
      signal,
    });
    if (request.interact !== false) await this.#interact(page, this.landed);
  }

  async #navigate(page: Target): Promise<void> {
    const { recorder, request, persona, signal } = this.#options;
    const { loadMs } = recorder.limits.limits;
    const startedAt = performance.now();
    // A document that breaks off never fires its load event, but stops loading all the same. On a busy machine both are
    // still told of the empty page that the window began with.
    const loaded = new Promise<'loaded'>((resolve) => {
      let isElsewhere = false;
      page.session.on('Page.frameNavigated', ({ frame }) => {
        if (frame.id === page.id && frame.url !== 'about:blank') isElsewhere = true;
      });
      page.session.on('Page.loadEventFired', () => {
        if (isElsewhere) resolve('loaded');
      });
      page.session.on('Page.frameStoppedLoading', ({ frameId }) => {
        if (frameId === page.id && isElsewhere) resolve('loaded');
      });
    });
    const answer = await within(
      page.session.send(
        'Page.navigate',
        {
          url: request.url,
          ...(persona.referrer !== undefined && { referrer: persona.referrer }),
          transitionType: 'link',
        },
        loadMs + 5_000,
      ),
      loadMs,
      signal,
    );
    this.errorText = answer?.errorText;
    this.isDownload = answer?.isDownload === true;
    if (this.isDownload) {
      // That it is a file is said before anything of it is saved.
      await within(recorder.downloads.begun, BEGIN_MS, signal);
      await untilQuiet(recorder, { quietMs: 100, mostMs: loadMs, signal });
      return;
    }
    if (answer?.errorText !== undefined) return;
    const leftMs = Math.max(500, loadMs - (performance.now() - startedAt));
    const isOver = Promise.race([loaded, recorder.stopped.then(() => 'stopped' as const)]);
    const end = answer === undefined ? undefined : await within(isOver, leftMs, signal);
    if (end === 'loaded' || signal.aborted || this.isRendererGone) return;
    if (end === undefined) recorder.limits.reach('loadMs');
    await page.session.attempt('Page.stopLoading', undefined, STOP_MS);
    this.#isDeaf = !(await revive(recorder, page));
  }

  async #interact(page: Target, landed: SeenDocument): Promise<void> {
    const { recorder, request, persona, attachments } = this.#options;
    const budget = AbortSignal.timeout(recorder.limits.limits.interactMs);
    const signal = AbortSignal.any([this.#options.signal, budget]);
    const inScope = request.scope ?? domainsOf([request.url, landed.url]);
    recorder.frames.onMainNavigation = ({ frame, url }) => {
      // The request is made and kept; the page behind it is somebody else's.
      if (frame === page.id && !inScope(url)) void page.session.attempt('Page.stopLoading');
    };
    await interact({
      recorder,
      page,
      persona,
      signal,
      inScope,
      mayFetchFiles: request.scope === undefined,
      onProgress: request.onProgress ?? (() => {}),
      onStepSettled: async (step: LoggedStep) => {
        await snapshotDocuments(recorder, attachments, 'loaded');
        step.screenshot = await this.screenshots.step(page, step.id);
      },
    });
    recorder.frames.onMainNavigation = undefined;
    if (budget.aborted && !this.#options.signal.aborted) recorder.limits.reach('interactMs');
  }

  async #read(page: Target): Promise<void> {
    const { connection, contextId, recorder, attachments, request } = this.#options;
    request.onProgress?.('keeping the page');
    this.finalUrl = recorder.frames.documentIn(page.id)?.url ?? this.landed?.url;
    if (!this.#isDeaf && (await freeze(recorder, page))) {
      this.storage = await readStorage(recorder);
      await snapshotDocuments(recorder, attachments, 'final');
      if (this.screenshots.taken.length === 0 && this.finalUrl !== undefined)
        await this.screenshots.viewport(page);
      if (this.finalUrl !== undefined) await this.screenshots.fullPage(page);
    }
    recorder.downloads.cancelRunning();
    await recorder.requests.settle();
    const answer = await connection.browser.attempt(
      'Storage.getCookies',
      { browserContextId: contextId },
      COOKIES_MS,
    );
    const most = recorder.limits.limits.cookies;
    if ((answer?.cookies.length ?? 0) > most) recorder.limits.reach('cookies');
    this.cookies = answer?.cookies.slice(0, most) ?? [];
  }
}

function domainsOf(urls: readonly string[]): (url: string) => boolean {
  const domains = new Set(urls.map(domainOf));
  return (url) => domains.has(domainOf(url));
}

function domainOf(url: string): string | undefined {
  const host = hostOfUrl(url);
  return host === undefined ? undefined : (registrableDomain(host) ?? host);
}
