import {
  constants,
  createBrotliDecompress,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';

/** What one step of decoding did. */
interface DecodeStep {
  /** Bytes of the input that were used up. */
  readonly consumed: number;
  /** Bytes of the output that were filled. */
  readonly produced: number;
  /** `more`: give it more input or output; `end`: the stream ended here; `corrupt`: what came so far is all. */
  readonly state: 'more' | 'end' | 'corrupt';
}

/** Undoes the compression of one stream after another, piece by piece and at once, and tells exactly where each ends. */
export interface StreamDecoder {
  /** Makes ready for the next stream. */
  reset(): void;
  /** The output may not be empty; the input only where the output was too small for what came before. */
  step(input: Uint8Array, output: Uint8Array): DecodeStep;
}

/**
 * The engine that a node:zlib stream drives. The public interface gives either a whole stream at once (no bound on memory) or
 * pieces in their own time, and neither the end of a stream in piecewise reading; the engine gives all of it. `archive`
 * runs on the one version of Node that the package brings, and its tests read real files through it.
 */
interface Engine {
  writeSync(
    flush: number,
    input: Uint8Array,
    inputOffset: number,
    inputLength: number,
    output: Uint8Array,
    outputOffset: number,
    outputLength: number,
  ): void;
  close(): void;
  onerror: (message: string, errno: number, code: string) => void;
}

class EngineDecoder implements StreamDecoder {
  readonly #open: () => object;
  readonly #flush: number;
  #stream!: { reset(): void };
  #engine!: Engine;
  /** Bytes left of output and of input, in this order, after each write. */
  #left!: Uint32Array;
  #isCorrupt = false;

  constructor(open: () => object, flush: number) {
    this.#open = open;
    this.#flush = flush;
    this.#start();
  }

  #start(): void {
    // what node:zlib keeps in its streams and does not declare
    const inner = this.#open() as { reset(): void; _handle: Engine; _writeState: Uint32Array };
    this.#stream = inner;
    this.#engine = inner._handle;
    this.#left = inner._writeState;
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a plain callback, no event target
    this.#engine.onerror = () => {
      this.#isCorrupt = true;
    };
  }

  /** Engines of Brotli and Zstandard keep an error over a reset, and then refuse all that comes: a new one is opened. */
  reset(): void {
    if (this.#isCorrupt) {
      this.#engine.close();
      this.#start();
    } else this.#stream.reset();
    this.#isCorrupt = false;
  }

  step(input: Uint8Array, output: Uint8Array): DecodeStep {
    this.#engine.writeSync(this.#flush, input, 0, input.length, output, 0, output.length);
    if (this.#isCorrupt) return { consumed: 0, produced: 0, state: 'corrupt' };
    const [outputLeft, inputLeft] = [this.#left[0]!, this.#left[1]!];
    return {
      consumed: input.length - inputLeft,
      produced: output.length - outputLeft,
      // a decoder with room that leaves input alone has come to the end of its stream
      state: inputLeft > 0 && outputLeft > 0 ? 'end' : 'more',
    };
  }
}

/** Raw deflate (RFC 1951): what stands inside a gzip member. */
export function inflateDecoder(): StreamDecoder {
  return new EngineDecoder(createInflateRaw, constants.Z_SYNC_FLUSH);
}

/** Deflate in its zlib wrapping (RFC 1950). */
export function zlibDecoder(): StreamDecoder {
  return new EngineDecoder(createInflate, constants.Z_SYNC_FLUSH);
}

/** Brotli (RFC 7932). */
export function brotliDecoder(): StreamDecoder {
  return new EngineDecoder(createBrotliDecompress, constants.BROTLI_OPERATION_PROCESS);
}

/** Zstandard frames (RFC 8878), with the dictionary that they were made with. */
export function zstdDecoder(dictionary?: Uint8Array): StreamDecoder {
  const start = (): StreamDecoder =>
    new EngineDecoder(
      () => createZstdDecompress(dictionary === undefined ? {} : { dictionary }),
      constants.ZSTD_e_continue,
    );
  if (dictionary === undefined) return start();
  // the engine forgets its dictionary when it is reset
  let decoder: StreamDecoder | undefined;
  return {
    reset() {
      decoder = undefined;
    },
    step: (input, output) => (decoder ??= start()).step(input, output),
  };
}
