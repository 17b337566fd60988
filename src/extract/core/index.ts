/**
 * The bulk reader of pages: bytes in, hosts, links and a text sketch out, at a good part of a gigabyte a second.
 *
 * The idea. A crawl's page has hundreds of links and two dozen hosts, and nobody asks for most of the links. So nothing
 * is decoded that need not be: a scanner (`scan/`, WebAssembly with SIMD; the same code as plain TypeScript elsewhere)
 * runs over the raw bytes, follows the tokenizer states of the HTML standard, and writes rows of integers: one a link,
 * one a host and meaning. Only those few hosts become strings.
 *
 * The scanner is sure or silent. A host is counted where the URL is plain; whatever needs a real parser (character
 * references, user names, IDNA, addresses, srcdoc, refreshes, broken CSS) becomes a *hard case*, a range of bytes that
 * the exact readers of `html/` and `css/` and the WHATWG URL parser read when the hosts are asked for. The fast path
 * can only skip work; tests compare both on real and on random pages.
 *
 * An example. `<a href="https://A.test/x">` at byte 10 of a page becomes
 *
 *     LINKS  meaning a.href·follows | ONE_URL | href | a,  value 19–35,  tag 10–37,  row 0
 *     PAIRS  host 27–33,  meaning a.href·follows,  count 1,  first tag 10
 *
 * and a second link to `//a.TEST` counts 2 in the same row; `<a href="http://u@b.test">` gets `HARD` for a row.
 * `facts.hosts()` then returns `{host: ['a.test', 'b.test'], meaning: [k, k], count: [2, 1], offset: [10, …]}`.
 *
 * Encodings: every encoding in which ASCII bytes mean ASCII is read as it is; UTF-16 and ISO-2022-JP are transcoded first; what browsers show nothing of has nothing.
 * Limits: 28 MiB a page, 131,072 links, 4,000 plain hosts (more are hard cases); `isCut` tells. No page throws, and time
 * is linear in its size.
 */
import { isUtf8 } from 'node:buffer';
import { declaredEncoding, decodeToUtf8 } from '../decode-text.ts';
import { CoreReading } from './core-reading.ts';
import { openPlainEngine, openSimdEngine, type Engine, type EngineKind } from './engine.ts';
import { INPUT, IS_SKETCHING, MEMORY_BYTES, PADDING } from './layout.ts';
import { openLiterals, type Literals } from './literals.ts';
import { PageFacts, UTF8_TYPE } from './page-facts.ts';

export type { PageFacts } from './page-facts.ts';
export { MEANINGS } from './vocabulary.ts';
export type { EngineKind } from './engine.ts';

/** Most bytes of a page that are read. */
export const MAX_PAGE_BYTES = MEMORY_BYTES - INPUT - PADDING;

const UNSAFE_CHARSET =
  /charset\s*=\s*["']?\s*(?:utf-?16|ucs-?2|unicode|iso-?2022|csiso-?2022|hz-gb|replacement)/i;
const PRESCAN_BYTES = 1024;
const HIDING = /iso-?2022|hz-gb/i;

/**
 * Opens a reader; one a thread will do, since pages are read one after the other. Takes the WebAssembly form where it
 * was built and the runtime has SIMD, else the plain one; `kind` asks for one of them and throws where it is missing.
 */
export function openCore(kind?: EngineKind): ExtractionCore {
  const engine = kind === 'plain' ? undefined : openSimdEngine();
  if (kind === 'simd' && engine === undefined)
    throw new Error('the extraction core was not built for WebAssembly');
  return new ExtractionCore(engine ?? openPlainEngine());
}

export class ExtractionCore {
  readonly kind: EngineKind;
  /** The scanner's memory: whoever has bytes to unpack may do so from `inputOffset` on and call `pageAt`. */
  readonly memory: Uint8Array;
  readonly inputOffset = INPUT;
  readonly #engine: Engine;
  #literals: Literals | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.kind = engine.kind;
    this.memory = engine.memory;
  }

  /** Whether pages are sketched, too: see `PageFacts.sketch`. Costs about two thirds of the scan in addition. */
  get isSketching(): boolean {
    return this.memory[IS_SKETCHING] === 1;
  }

  set isSketching(value: boolean) {
    this.memory[IS_SKETCHING] = value ? 1 : 0;
  }

  /**
   * Reads a page: its bytes, content coding removed; its URL, which is the base of its links unless it names another;
   * and its Content-Type, whose charset counts before the page's own. The facts are valid until the next page.
   */
  page(bytes: Uint8Array, url: string, contentType?: string): PageFacts {
    const safe = toAsciiBased(bytes, contentType, this.isSketching);
    const kept = safe.subarray(0, MAX_PAGE_BYTES);
    this.memory.set(kept, INPUT);
    return this.#read(
      INPUT,
      INPUT + kept.length,
      url,
      safe === bytes ? contentType : UTF8_TYPE,
      kept.length < safe.length,
    );
  }

  /** Reads a page that lies in `memory`; the 64 bytes after it are overwritten. For bytes of an ASCII-based encoding. */
  pageAt(start: number, end: number, url: string, contentType?: string): PageFacts {
    if (start < INPUT || end < start || end + PADDING > MEMORY_BYTES)
      throw new RangeError('the page lies outside of the memory for pages');
    return this.#read(start, end, url, contentType, false);
  }

  /**
   * Reads a page for all datasets; undefined where a limit cut the reading, so that the exact readers must do it. Valid
   * until the next page is read.
   */
  reading(bytes: Uint8Array, url: string, contentType: string | undefined): CoreReading | undefined {
    const text = toUtf8(bytes, contentType);
    if (text.length > MAX_PAGE_BYTES) return undefined;
    const isHere = text.buffer === this.memory.buffer && text.byteOffset >= INPUT;
    const start = isHere ? text.byteOffset : INPUT;
    if (!isHere) this.memory.set(text, INPUT);
    const facts = this.#read(start, start + text.length, url, UTF8_TYPE, false);
    this.#literals ??= openLiterals(this.memory);
    const reading = new CoreReading(this.#engine, facts, this.#literals, {
      start,
      end: start + text.length,
      url,
    });
    return reading.isCut ? undefined : reading;
  }

  #read(
    start: number,
    end: number,
    url: string,
    contentType: string | undefined,
    wasCut: boolean,
  ): PageFacts {
    this.memory.fill(0, end, end + PADDING);
    this.#engine.scanner.scan(start, end);
    return new PageFacts(this.#engine, start, end, url, contentType, wasCut);
  }
}

/** The page's text in UTF-8, as `decodeText` decodes it: the same bytes without byte order mark, wherever that is possible. */
function toUtf8(bytes: Uint8Array, contentType: string | undefined): Uint8Array {
  const declared = declaredEncoding(bytes, contentType, 'html') ?? 'utf-8';
  if (declared !== 'utf-8' || !isUtf8(bytes)) return decodeToUtf8(bytes, contentType, 'html');
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Bytes in which markup stands as ASCII: the same ones, save in the few encodings that hide it. A sketch wants UTF-8. */
function toAsciiBased(bytes: Uint8Array, contentType: string | undefined, asUtf8: boolean): Uint8Array {
  const isUtf16 = (bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0xff && bytes[1] === 0xfe);
  const isUnsafe =
    (asUtf8 && !isUtf8(bytes)) ||
    isUtf16 ||
    (contentType !== undefined && UNSAFE_CHARSET.test(contentType)) ||
    declaresHiding(bytes);
  return isUnsafe ? decodeToUtf8(bytes, contentType, 'html') : bytes;
}

function declaresHiding(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, PRESCAN_BYTES));
  return HIDING.test(head.toString('latin1'));
}
