import type { LimitReached } from '#model';
import type { WireLimits } from './limits.ts';

/** Notes each limit the first time that it is reached. */
export class LimitLog {
  readonly reached: LimitReached[] = [];
  readonly limits: WireLimits;

  constructor(limits: WireLimits) {
    this.limits = limits;
  }

  /** `at` is milliseconds since the epoch. */
  reach(limit: keyof WireLimits, at: number, detail: string): void {
    if (this.reached.some((known) => known.limit === limit)) return;
    this.reached.push({ limit, allowed: this.limits[limit], at: new Date(at).toISOString(), detail });
  }
}
