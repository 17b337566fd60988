/** When the bytes of a stream arrived: everything before `ends[i]` had arrived by `times[i]`. Both ascend. */
export interface Arrivals {
  readonly ends: Float64Array;
  /** Milliseconds since the epoch, with fractions. */
  readonly times: Float64Array;
}

const MAX_STAMPS = 4_096;
const FINEST_MS = 0.5;

/** Collects arrivals in bounded memory: when there are too many stamps, neighbours merge and the grain doubles. */
export class ArrivalLog {
  #ends: number[] = [];
  #times: number[] = [];
  #grainMs = FINEST_MS;

  /** `end` is the length of the stream now that the bytes of `at` are in. */
  add(end: number, at: number): void {
    const last = this.#times.length - 1;
    if (last >= 0 && at - this.#times[last]! < this.#grainMs) {
      this.#ends[last] = end;
      return;
    }
    if (last + 1 >= MAX_STAMPS) this.#thin();
    this.#ends.push(end);
    this.#times.push(at);
  }

  toArrivals(): Arrivals {
    return { ends: Float64Array.from(this.#ends), times: Float64Array.from(this.#times) };
  }

  /** Of each pair the end of the later and the time of the earlier stay: order of arrival is never reversed. */
  #thin(): void {
    this.#ends = this.#ends.filter((_, index) => index % 2 === 1);
    this.#times = this.#times.filter((_, index) => index % 2 === 0);
    this.#grainMs *= 2;
  }
}

/** Index of the stamp that covers the byte at `offset`; `ends.length` for a byte beyond the last. */
export function stampIndex(arrivals: Arrivals, offset: number): number {
  let low = 0;
  let high = arrivals.ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (arrivals.ends[middle]! > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
