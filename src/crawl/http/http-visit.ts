import type { ByteSource } from '#archive';
import type { Capture, Exchange, Outcome } from '#model';
import { CookieJar } from './cookie-jar.ts';
import { performHop, type HopContext } from './hop.ts';
import { fileNameOf } from './media.ts';
import { redirectTarget, refreshTarget } from './next-address.ts';
import { judgePage, outcomeOfFailure, readPage, type Page } from './page.ts';
import type { Arrival } from './request-headers.ts';

export interface HttpVisitOptions extends Omit<HopContext, 'jar'> {
  readonly followRedirects: number;
  /** The user's and the deadline's. */
  readonly signal: AbortSignal;
  /** The deadline alone. */
  readonly total: AbortSignal;
}

const MAIN_FRAME = 'main';
const CERTIFICATES = 'adit/certificates/';

/** The part of a capture that the visit itself knows. */
type Facts = Omit<
  Capture,
  | 'version'
  | 'id'
  | 'software'
  | 'url'
  | 'lane'
  | 'persona'
  | 'startedAt'
  | 'finishedAt'
  | 'outcome'
  | 'limits'
  | 'resolutions'
  | 'denied'
>;

/** One visit of the plain-HTTP lane, from the first request to where redirects and refreshes end. */
export class HttpVisit {
  readonly bodies = new Map<number, ByteSource>();
  readonly attachments = new Map<string, Uint8Array>();
  readonly #options: HttpVisitOptions;
  readonly #jar: CookieJar;
  readonly #exchanges: Exchange[] = [];
  readonly #navigations: Capture['navigations'][number][] = [];
  readonly #documents: Capture['documents'][number][] = [];
  readonly #downloads: Capture['downloads'][number][] = [];
  readonly #certificates = new Map<string, Capture['certificates'][number]>();
  readonly #startedMs = Date.now();

  constructor(options: HttpVisitOptions) {
    this.#options = options;
    this.#jar = new CookieJar(options.limits.limits.cookies);
  }

  async run(url: string): Promise<Outcome> {
    const { persona, limits, signal } = this.#options;
    let target = new URL(url);
    let arrival: Arrival = { isUserActivated: true, referrer: persona.referrer };
    for (let navigations = 0; ; navigations++) {
      const end = await this.#navigate(target, arrival);
      if ('kind' in end) return end;
      this.#keepPage(end);
      const refresh = refreshTarget(end);
      if (refresh === undefined || signal.aborted) return judgePage(end);
      if (!limits.admits('navigations', navigations, `not followed: ${refresh.url.href.slice(0, 200)}`)) {
        const detail = 'The page refreshes to other addresses without end.';
        return { kind: 'redirectLoop', reason: 'navigations', detail };
      }
      const fromUrl = end.exchange.url;
      const at = new Date().toISOString();
      this.#navigations.push({
        frame: MAIN_FRAME,
        fromUrl,
        url: refresh.url.href,
        reason: refresh.reason,
        at,
        step: 0,
      });
      arrival = { isUserActivated: false, referrer: fromUrl };
      target = refresh.url;
    }
  }

  /** What the visit found, as the capture holds it. */
  facts(nowMs: number): Facts {
    return {
      finalUrl: this.#exchanges.findLast(({ response }) => response !== undefined)?.url,
      title: this.#documents.at(-1)?.title,
      exchanges: this.#exchanges,
      navigations: this.#navigations,
      documents: this.#documents,
      downloads: this.#downloads,
      cookies: this.#jar.captured(nowMs),
      certificates: [...this.#certificates.values()],
      steps: [this.#step(nowMs)],
      urlElements: [],
      screenshots: [],
      console: [],
      dialogs: [],
      storage: [],
      webSockets: [],
      popups: [],
      workers: [],
      missingWalls: [],
    };
  }

  /** Asks for the address and follows redirects until there is a page, or none to be had. */
  async #navigate(url: URL, arrival: Arrival): Promise<Page | Outcome> {
    const { limits, signal, total, followRedirects } = this.#options;
    const load = AbortSignal.timeout(limits.limits.loadMs);
    const deadline = AbortSignal.any([signal, load]);
    const way = [url];
    for (;;) {
      const exchange = await this.#exchange(way, arrival, deadline);
      if (total.aborted) limits.reach('totalMs');
      else if (load.aborted) limits.reach('loadMs');
      const redirect = redirectTarget(exchange);
      if (redirect === undefined) return this.#arrive(exchange);
      if (!/^https?:$/.test(redirect.protocol)) {
        const detail = `The page redirects to ${redirect.href.slice(0, 200)}`;
        return { kind: 'notAPage', reason: redirect.protocol, detail };
      }
      if (way.length > followRedirects) {
        limits.add({ limit: 'redirects', allowed: followRedirects });
        return {
          kind: 'redirectLoop',
          reason: 'redirects',
          detail: `More than ${followRedirects} redirects in a row.`,
        };
      }
      way.push(redirect);
    }
  }

  async #exchange(way: readonly URL[], arrival: Arrival, deadline: AbortSignal): Promise<Exchange> {
    const hop = { id: this.#exchanges.length, way, arrival, frame: MAIN_FRAME };
    const context = { ...this.#options, jar: this.#jar };
    const { exchange, received, certificates } = await performHop(context, hop, deadline);
    this.#exchanges.push(exchange);
    if (received !== undefined) this.bodies.set(exchange.id, received);
    for (const { sha256, der } of certificates) {
      const path = `${CERTIFICATES}${sha256}.der`;
      this.attachments.set(path, der);
      this.#certificates.set(sha256, { sha256, der: path });
    }
    return exchange;
  }

  /** A redirect chain has ended with this exchange. */
  #arrive(exchange: Exchange): Page | Outcome {
    const { response, failure } = exchange;
    const { limits } = this.#options;
    const isNothing = response === undefined || (failure !== undefined && response.body === undefined);
    if (isNothing) return outcomeOfFailure(exchange);
    const page = readPage(exchange, response, this.bodies.get(exchange.id), limits.limits.decodedBodyBytes);
    if (page.isTooLargeUnpacked) limits.reach('decodedBodyBytes', exchange.url);
    return page;
  }

  #keepPage({ exchange, response, presentation, sketch }: Page): void {
    if (presentation === 'download') {
      const { headers, body } = response;
      this.#exchanges[exchange.id] = { ...exchange, isDownload: true };
      this.#downloads.push({
        id: this.#downloads.length,
        url: exchange.url,
        frame: MAIN_FRAME,
        suggestedName: fileNameOf(headers, exchange.url),
        state: body?.truncated === undefined ? 'completed' : body.truncated === 'length' ? 'limit' : 'failed',
        exchange: exchange.id,
        file: body,
        step: 0,
      });
      return;
    }
    const id = this.#documents.length;
    const text = sketch === undefined ? undefined : `adit/documents/${id}.txt`;
    if (sketch !== undefined && text !== undefined) this.attachments.set(text, Buffer.from(sketch.text));
    this.#documents.push({
      id,
      url: exchange.url,
      frame: MAIN_FRAME,
      isMainFrame: true,
      title: sketch?.title,
      exchange: exchange.id,
      text,
    });
  }

  #step(nowMs: number): Capture['steps'][number] {
    return {
      id: 0,
      kind: 'navigate',
      startedAt: new Date(this.#startedMs).toISOString(),
      durationMs: nowMs - this.#startedMs,
      url: this.#exchanges[0]?.url,
      caused: {
        exchanges: this.#exchanges.map(({ id }) => id),
        downloads: this.#downloads.map(({ id }) => id),
        popups: [],
        dialogs: [],
        navigatedTo: this.#documents.at(-1)?.url,
      },
    };
  }
}
