/** Events between visits that run at the same time and one reader. */
export class EventQueue<T> {
  readonly #events: T[] = [];
  readonly #notes: T[] = [];
  readonly #waiting = new Set<() => void>();

  /** Events that were put and not yet taken; notes do not count. */
  get size(): number {
    return this.#events.length;
  }

  put(event: T): void {
    this.#events.push(event);
    this.wake();
  }

  /** As `put`, for events of no weight: any number may wait. */
  note(event: T): void {
    this.#notes.push(event);
    this.wake();
  }

  take(): T | undefined {
    return this.#notes.shift() ?? this.#events.shift();
  }

  /** Lets whoever waits look again. */
  wake(): void {
    for (const resume of this.#waiting) resume();
  }

  /** Resolves on `put`, `note` or `wake`, after `timeoutMs`, or once the signal has fired (if it had not before). */
  changed(timeoutMs: number | undefined, signal: AbortSignal): Promise<void> {
    if (this.#events.length + this.#notes.length > 0) return Promise.resolve();
    return this.#wait(timeoutMs, signal, true);
  }

  /** Resolves after `ms`, or at once when the signal fires. */
  pause(ms: number, signal: AbortSignal): Promise<void> {
    return signal.aborted ? Promise.resolve() : this.#wait(ms, signal, false);
  }

  #wait(ms: number | undefined, signal: AbortSignal, wakes: boolean): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = ms === undefined ? undefined : setTimeout(done, ms);
      signal.addEventListener('abort', done);
      if (wakes) this.#waiting.add(done);
    });
  }
}
