import { LimitLog, type CaptureLimits } from '../browser/limits.ts';

/**
 * What a plain-HTTP visit may cost. Names are those of `CaptureLimits`; a visit without a browser needs fewer. `loadMs`
 * bounds each navigation with all its redirects.
 */
export type HttpLimits = Pick<
  CaptureLimits,
  | 'totalMs'
  | 'loadMs'
  | 'navigations'
  | 'bytesDown'
  | 'bytesUp'
  | 'connections'
  | 'bodyBytes'
  | 'decodedBodyBytes'
  | 'cookies'
> & {
  /** Status line and fields of one response. */
  readonly headerBytes: number;
};

const MB = 1024 * 1024;

const DEFAULT_HTTP_LIMITS: Pick<HttpLimits, 'bodyBytes' | 'navigations' | 'headerBytes'> = {
  bodyBytes: 64 * MB,
  navigations: 10,
  headerBytes: 256 * 1024,
};

/** What is read of the body of a redirect, which no browser shows: so much, and for so long after its head. */
export const REDIRECT_BODY_BYTES = MB;
export const REDIRECT_BODY_MS = 3000;

export function openLimitLog(limits: Partial<HttpLimits> = {}): { log: LimitLog; headerBytes: number } {
  const { headerBytes = DEFAULT_HTTP_LIMITS.headerBytes, ...others } = limits;
  const { bodyBytes, navigations } = DEFAULT_HTTP_LIMITS;
  return { log: new LimitLog({ bodyBytes, navigations, ...others }), headerBytes };
}
