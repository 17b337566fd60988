import type { Protocol } from 'devtools-protocol';
import type { LimitLog } from '../limits.ts';
import type { StepLog } from './steps.ts';
import type { Target, TargetType, Watcher } from './targets.ts';

export type DevToolsResponse = Protocol.Network.Response;

/** A request as DevTools tells it. */
export interface SeenRequest {
  readonly requestId: string;
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly postData: string | undefined;
  readonly initiator: Protocol.Network.Initiator;
  readonly frame: string | undefined;
  readonly loaderId: string;
  readonly documentUrl: string;
  readonly target: TargetType;
  readonly startedAt: string;
  /** Milliseconds since the epoch. */
  readonly startedMs: number;
  readonly redirectedFrom: SeenRequest | undefined;
  readonly step: number | undefined;
  type: string | undefined;
  response: DevToolsResponse | undefined;
  isFromMemoryCache: boolean;
  isRedirected: boolean;
  isDone: boolean;
  failure: { readonly error: string; readonly isCancelled: boolean } | undefined;
  /** Only for what the wire cannot tell: see `needsBody`. */
  body: { readonly bytes: Uint8Array } | undefined;
}

/** Long-lived by nature: a page with one of these open may still be quiet. */
const NEVER_AWAITED = new Set(['Media', 'EventSource', 'WebSocket', 'Ping', 'CSPViolationReport']);
const BUFFER_BYTES = 32 * 1024 * 1024;
const MAX_POST_DATA = 1024 * 1024;

export interface RequestLogOptions {
  readonly limits: LimitLog;
  readonly steps: StepLog;
  /** Whether DevTools' own copy of the body is needed, as the wire will not show it. */
  needsBody(response: DevToolsResponse): boolean;
  /** More requests than allowed were made. */
  onFlood(): void;
}

/** Every request that DevTools tells of, redirect hops singly. Keyed by request id across sessions: a frame's document starts in its parent's. */
export class RequestLog {
  readonly requests: SeenRequest[] = [];
  readonly #options: RequestLogOptions;
  readonly #latest = new Map<string, SeenRequest>();
  readonly #open = new Set<SeenRequest>();
  readonly #bodies = new Set<Promise<void>>();
  #changedAt = performance.now();

  constructor(options: RequestLogOptions) {
    this.#options = options;
  }

  /** Requests that a visitor would wait for. */
  get openCount(): number {
    return this.#open.size;
  }

  /** When a request last began or ended (performance.now()). */
  get changedAt(): number {
    return this.#changedAt;
  }

  readonly watch: Watcher = (target) => {
    const { session, type } = target;
    session.on('Network.requestWillBeSent', (event) => this.#begin(event, type));
    session.on('Network.requestServedFromCache', ({ requestId }) => {
      const request = this.#latest.get(requestId);
      if (request !== undefined) request.isFromMemoryCache = true;
    });
    session.on('Network.responseReceived', ({ requestId, response, type: resourceType }) => {
      const request = this.#latest.get(requestId);
      if (request === undefined) return;
      request.response = response;
      request.type = resourceType;
      if (NEVER_AWAITED.has(resourceType)) this.#open.delete(request);
    });
    session.on('Network.loadingFinished', ({ requestId }) => this.#end(requestId, target));
    session.on('Network.loadingFailed', ({ requestId, errorText, canceled, blockedReason }) => {
      const request = this.#latest.get(requestId);
      if (request === undefined) return;
      request.failure = {
        error: blockedReason === undefined ? errorText : `${errorText} (${blockedReason})`,
        isCancelled: canceled === true,
      };
      this.#end(requestId, undefined);
    });
    return [
      session.attempt('Network.enable', {
        maxTotalBufferSize: BUFFER_BYTES,
        maxResourceBufferSize: BUFFER_BYTES,
        maxPostDataSize: MAX_POST_DATA,
      }),
    ];
  };

  /** Waits for bodies that are being asked of DevTools. */
  async settle(): Promise<void> {
    await Promise.all(this.#bodies);
  }

  #begin(event: Protocol.Network.RequestWillBeSentEvent, target: TargetType): void {
    const { requestId, request, redirectResponse } = event;
    const before = this.#latest.get(requestId);
    if (redirectResponse !== undefined && before !== undefined) {
      before.response = redirectResponse;
      before.isRedirected = true;
      this.#close(before);
    }
    if (!this.#options.limits.admits('requests', this.requests.length)) return this.#options.onFlood();
    const startedMs = event.wallTime * 1000;
    const seen: SeenRequest = {
      requestId,
      url: request.url,
      method: request.method,
      headers: request.headers,
      postData: request.postData,
      initiator: event.initiator,
      frame: event.frameId,
      loaderId: event.loaderId,
      documentUrl: event.documentURL,
      target,
      startedAt: new Date(startedMs).toISOString(),
      startedMs,
      redirectedFrom: redirectResponse === undefined ? undefined : before,
      step: this.#options.steps.current,
      type: event.type,
      response: undefined,
      isFromMemoryCache: false,
      isRedirected: false,
      isDone: false,
      failure: undefined,
      body: undefined,
    };
    this.requests.push(seen);
    this.#latest.set(requestId, seen);
    if (/^https?:/.test(seen.url) && !NEVER_AWAITED.has(seen.type ?? '')) this.#open.add(seen);
    this.#changedAt = performance.now();
  }

  #end(requestId: string, target: Omit<Target, 'ready'> | undefined): void {
    const request = this.#latest.get(requestId);
    if (request === undefined || request.isDone) return;
    this.#close(request);
    const { response } = request;
    if (target === undefined || response === undefined || !this.#options.needsBody(response)) return;
    const asked = target.session.attempt('Network.getResponseBody', { requestId }).then((result) => {
      if (result !== undefined)
        request.body = { bytes: Buffer.from(result.body, result.base64Encoded ? 'base64' : 'utf8') };
    });
    this.#bodies.add(asked);
    void asked.finally(() => this.#bodies.delete(asked));
  }

  #close(request: SeenRequest): void {
    request.isDone = true;
    this.#open.delete(request);
    this.#changedAt = performance.now();
  }
}
