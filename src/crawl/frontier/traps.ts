/** What keeps one site from filling a crawl: calendars, session paths, faceted searches, link farms. */
export interface TrapLimits {
  /** Addresses of one host. */
  readonly pagesPerHost: number;
  /** Characters of an address. */
  readonly urlLength: number;
  /** Segments of a path. */
  readonly pathSegments: number;
  /** How often one segment may stand in a path. */
  readonly segmentRepeats: number;
  /** Addresses that differ only in numbers, tokens and parameter values. */
  readonly urlsPerShape: number;
}

export const DEFAULT_TRAP_LIMITS: TrapLimits = {
  pagesPerHost: 2000,
  urlLength: 2000,
  pathSegments: 25,
  segmentRepeats: 3,
  urlsPerShape: 250,
};

export type Trap = 'tooLong' | 'tooDeepPath' | 'repeatingPath' | 'hostLimit' | 'urlExplosion';

/** Counts what a crawl has admitted, per host and per shape. */
export class TrapCounts {
  readonly #limits: TrapLimits;
  readonly #hosts: Map<string, number>;
  readonly #shapes: Map<string, number>;

  constructor(limits: TrapLimits, state: TrapState = { hosts: [], shapes: [] }) {
    this.#limits = limits;
    this.#hosts = new Map(state.hosts);
    this.#shapes = new Map(state.shapes);
  }

  /** Counts the address in, or says which trap it looks like. */
  admit(url: string): Trap | undefined {
    const { urlLength, pathSegments, segmentRepeats, pagesPerHost, urlsPerShape } = this.#limits;
    if (url.length > urlLength) return 'tooLong';
    const { host, pathname, searchParams } = new URL(url);
    const segments = pathname.split('/').filter((segment) => segment !== '');
    if (segments.length > pathSegments) return 'tooDeepPath';
    if (mostRepeats(segments) > segmentRepeats) return 'repeatingPath';
    const shape = shapeOf(host, segments, searchParams);
    const ofHost = (this.#hosts.get(host) ?? 0) + 1;
    const ofShape = (this.#shapes.get(shape) ?? 0) + 1;
    if (ofHost > pagesPerHost) return 'hostLimit';
    if (ofShape > urlsPerShape) return 'urlExplosion';
    this.#hosts.set(host, ofHost);
    this.#shapes.set(shape, ofShape);
    return undefined;
  }

  toJSON(): TrapState {
    return { hosts: [...this.#hosts], shapes: [...this.#shapes] };
  }
}

export interface TrapState {
  readonly hosts: [string, number][];
  readonly shapes: [string, number][];
}

function mostRepeats(segments: readonly string[]): number {
  return Math.max(
    0,
    ...Map.groupBy(segments, (segment) => segment)
      .values()
      .map((same) => same.length),
  );
}

/** Numbers and tokens folded; of a query only which parameters there are. */
function shapeOf(host: string, segments: readonly string[], query: URLSearchParams): string {
  const path = segments.map((segment) => segment.replace(/\b[0-9a-f]{8,}\b|\d+/gi, '0'));
  return `${host}/${path.join('/')}?${[...new Set(query.keys())].sort().join('&')}`;
}
