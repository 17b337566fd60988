import type { Cause } from '#model';
import type { Site } from '../site.ts';

/** What one request of the hard page has to be put down to. */
export interface ExpectedCause {
  /** As the server logs it. */
  readonly url: string;
  readonly method: string;
  /** Undefined for the address that the visitor opened. */
  readonly cause: Cause | undefined;
  /** Host of the document, stylesheet or redirect that made the browser reach it; workers stand for the page that started them. */
  readonly parentHost: string | undefined;
  /** What has to happen for it: default `load`, by itself. */
  readonly when: 'load' | 'scroll' | 'click';
  /** Some browsers or modes never ask for it. */
  readonly isOptional: boolean;
}

/** One mechanism of the web: its share of the hard page, the sites it needs, and the causes it should give. */
export interface Fragment {
  readonly head?: string;
  readonly body?: string;
  /** Code of the page's own script, in a block of its own. */
  readonly script?: string;
  readonly sites: readonly Site[];
  readonly expected: readonly ExpectedCause[];
}

export const HOME = 'www.hard.example';
export const CDN = 'cdn.hard.example';
export const THIRD = 'third.example';
export const TRACKER = 'tracker.example';

/** Any origin may read it. */
export const OPEN_TO_ALL = { 'access-control-allow-origin': '*' };

/** Requests of one parent and cause; paths without a host are on the hard page's own. */
export function expectCause(
  cause: Cause | undefined,
  parentHost: string | undefined,
  addresses: readonly string[],
  more: Partial<Pick<ExpectedCause, 'method' | 'when' | 'isOptional'>> = {},
): ExpectedCause[] {
  return addresses.map((address) => ({
    url: address.startsWith('/') ? `https://${HOME}${address}` : address,
    method: 'GET',
    cause,
    parentHost,
    when: 'load' as const,
    isOptional: false,
    ...more,
  }));
}
