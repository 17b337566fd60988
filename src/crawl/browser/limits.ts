import type { LimitReached } from '#model';

/** What a visit may cost at most. Reaching one is recorded in `Capture.limits` under the name it has here. */
export interface CaptureLimits {
  /** The whole visit, up to the finished capture. */
  readonly totalMs: number;
  /** From the navigation to the load event. */
  readonly loadMs: number;
  /** After the load event, until the page is quiet. */
  readonly settleMs: number;
  /** How long nothing must be under way for a page to count as quiet. */
  readonly quietMs: number;
  /** The whole interaction plan. */
  readonly interactMs: number;
  /** Controls pressed. */
  readonly clicks: number;
  readonly dialogs: number;
  readonly popups: number;
  readonly requests: number;
  /** Navigations of main frames that scripts or refreshes ask for. */
  readonly navigations: number;
  /** Console messages and exceptions. */
  readonly console: number;
  /** Bytes received and sent by the whole visit, on the wire. */
  readonly bytesDown: number;
  readonly bytesUp: number;
  readonly connections: number;
  /** One response body, as received. */
  readonly bodyBytes: number;
  /** One response body with its content-encoding undone. */
  readonly decodedBodyBytes: number;
  readonly downloads: number;
  /** One downloaded file. */
  readonly downloadBytes: number;
  /** Private memory of one renderer. */
  readonly rendererBytes: number;
  /** Processor time of one renderer. */
  readonly rendererCpuMs: number;
  /** One serialised document or its text, in characters. */
  readonly documentLength: number;
  /** Documents whose DOM is kept. */
  readonly documents: number;
  /** Elements with URLs that the page-side observer reports. */
  readonly urlElements: number;
  /** Height of the full-page screenshot, in CSS pixels. */
  readonly screenshotHeight: number;
  readonly webSocketMessages: number;
  readonly webSocketBytes: number;
  /** Characters of local and session storage. */
  readonly storageLength: number;
  readonly cookies: number;
}

const MB = 1024 * 1024;

export const DEFAULT_LIMITS: CaptureLimits = {
  totalMs: 60_000,
  loadMs: 15_000,
  settleMs: 8_000,
  quietMs: 500,
  interactMs: 20_000,
  clicks: 5,
  dialogs: 20,
  popups: 5,
  requests: 2_000,
  navigations: 20,
  console: 1_000,
  bytesDown: 400 * MB,
  bytesUp: 50 * MB,
  connections: 200,
  bodyBytes: 200 * MB,
  decodedBodyBytes: 50 * MB,
  downloads: 20,
  downloadBytes: 200 * MB,
  rendererBytes: 1200 * MB,
  rendererCpuMs: 40_000,
  documentLength: 20_000_000,
  documents: 100,
  urlElements: 5_000,
  screenshotHeight: 8_000,
  webSocketMessages: 1_000,
  webSocketBytes: 5 * MB,
  storageLength: 1_000_000,
  cookies: 1_000,
};

export type LimitName = keyof CaptureLimits;

/** The limits of one visit and which of them were reached: each is noted once. */
export class LimitLog {
  readonly limits: CaptureLimits;
  readonly #reached = new Map<string, LimitReached>();

  constructor(limits: Partial<CaptureLimits> = {}) {
    const given = Object.entries(limits).filter(([, value]) => value !== undefined);
    this.limits = { ...DEFAULT_LIMITS, ...Object.fromEntries(given) };
  }

  get reached(): LimitReached[] {
    return [...this.#reached.values()];
  }

  has(limit: LimitName): boolean {
    return this.#reached.has(limit);
  }

  reach(limit: LimitName, detail?: string): void {
    this.add({ limit, allowed: this.limits[limit], ...(detail !== undefined && { detail }) });
  }

  /** Takes over what another part (guard, decoder) reports. */
  add({ limit, allowed, detail, at }: Omit<LimitReached, 'at'> & { readonly at?: string }): void {
    if (this.#reached.has(limit)) return;
    this.#reached.set(limit, {
      limit,
      allowed,
      at: at ?? new Date().toISOString(),
      ...(detail !== undefined && { detail }),
    });
  }

  /** Whether one more than `count` is still within the limit; notes it where it is not. */
  admits(limit: LimitName, count: number, detail?: string): boolean {
    if (count < this.limits[limit]) return true;
    this.reach(limit, detail);
    return false;
  }
}
