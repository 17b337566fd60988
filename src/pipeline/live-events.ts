import { randomUUID } from 'node:crypto';
import type { LiveEvent } from '#model';

/** An event with its place in the stream. */
export interface NumberedEvent {
  /** Of this process's stream; a later event has a later one. */
  readonly id: string;
  readonly at: Date;
  readonly event: LiveEvent;
}

const DEFAULT_BUFFER = 1_000;

/** What happens now, told to whoever listens; the last events are held for who was away for a moment. */
export class LiveEvents {
  /** Names this process's stream: ids of an earlier one mean nothing here. */
  readonly #stream = randomUUID().slice(0, 8);
  readonly #size: number;
  readonly #held: NumberedEvent[] = [];
  readonly #listeners = new Set<(event: NumberedEvent) => void>();
  #last = 0;

  constructor(options: { readonly buffer?: number } = {}) {
    this.#size = options.buffer ?? DEFAULT_BUFFER;
  }

  publish(event: LiveEvent): void {
    const numbered: NumberedEvent = { id: `${this.#stream}-${++this.#last}`, at: new Date(), event };
    this.#held.push(numbered);
    if (this.#held.length > this.#size) this.#held.shift();
    for (const listener of this.#listeners) listener(numbered);
  }

  listen(listener: (event: NumberedEvent) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Id of the last event, to begin from. */
  get position(): string {
    return `${this.#stream}-${this.#last}`;
  }

  /** The events after that id; undefined where some of them are no longer held, or it is of another stream. */
  since(id: string): readonly NumberedEvent[] | undefined {
    const [stream, number] = id.split('-');
    const after = Number(number);
    if (stream !== this.#stream || !Number.isSafeInteger(after) || after < 0 || after > this.#last)
      return undefined;
    const missed = this.#last - after;
    return missed > this.#held.length ? undefined : this.#held.slice(this.#held.length - missed);
  }
}
