import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Text that is kept before it is written: one write a name would cost more than matching it. */
const BUFFER_CHARACTERS = 1 << 16;

/**
 * Lines to a stream at the speed that its reader takes them. A reader that goes away (`… | head`) closes the output; nothing is
 * thrown, the writer looks at `isClosed` and stops.
 */
export class LineOutput {
  readonly #stream: Writable;
  #pending = '';
  #isClosed = false;
  readonly #close = (): void => {
    this.#isClosed = true;
  };

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', this.#close);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether enough is kept to be worth a `flush`. */
  get isFull(): boolean {
    return this.#pending.length >= BUFFER_CHARACTERS;
  }

  /** Keeps a line, without its end. */
  add(line: string): void {
    this.#pending += `${line}\n`;
  }

  /** Writes what is kept, and waits until the reader can take more. */
  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    if (text === '' || this.#isClosed) return;
    if (this.#stream.write(text)) return;
    // A closed reader says neither that it drained nor, always, that it closed.
    const settled = new AbortController();
    const { signal } = settled;
    await Promise.race([
      once(this.#stream, 'drain', { signal }).catch(this.#close),
      once(this.#stream, 'close', { signal }).then(this.#close, () => undefined),
    ]);
    settled.abort();
  }
}
