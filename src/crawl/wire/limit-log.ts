import type { LimitReached } from '#model';
import type { WireLimits } from './limits.ts';
import type { HeaderList } from './record.ts';

/** What a header costs beyond its characters. */
const HEADER_OVERHEAD = 64;

/** Notes each limit the first time that it is reached. */
export class LimitLog {
  readonly reached: LimitReached[] = [];
  readonly limits: WireLimits;
  #headerBytes = 0;

  constructor(limits: WireLimits) {
    this.limits = limits;
  }

  /** `at` is milliseconds since the epoch. */
  reach(limit: keyof WireLimits, at: number, detail: string): void {
    if (this.reached.some((known) => known.limit === limit)) return;
    this.reached.push({ limit, allowed: this.limits[limit], at: new Date(at).toISOString(), detail });
  }

  /** The headers, or none once the headers of the capture have reached their limit. */
  grantHeaders<T extends HeaderList>(headers: T, at: number): T | [] {
    for (const [name, value] of headers) this.#headerBytes += name.length + value.length + HEADER_OVERHEAD;
    if (this.#headerBytes <= this.limits.maxTotalHeaderBytes) return headers;
    this.reach('maxTotalHeaderBytes', at, 'later headers were dropped');
    return [];
  }
}
