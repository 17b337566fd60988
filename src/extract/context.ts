import {
  definedOnly,
  hostOfUrl,
  type Capture,
  type CapturedDocument,
  type CaptureReader,
  type DatasetId,
  type DetailValue,
  type Evidence,
  type Exchange,
  type Host,
  type Observation,
} from '#model';
import type { ExtractionCore } from './core/index.ts';
import { decodeText, type TextKind } from './decode-text.ts';
import type { PageReading } from './page-reading.ts';
import { SourceText } from './source-text.ts';
import { TextReading } from './text-reading.ts';

/** How much of a capture is read. What lies beyond is left out and recorded in `ExtractResult.limits`. */
export interface ExtractLimits {
  /** Longest text that is scanned, in bytes before decoding; the rest of it is left out. */
  readonly textBytes: number;
  /** Scripts, and stylesheets, that are scanned; each. */
  readonly scannedFiles: number;
  /** Tags of one text that are looked at. */
  readonly tags: number;
  /** URLs that all pages and stylesheets together name. */
  readonly references: number;
  /** Code of one page that is read, inline and in files each, in characters. */
  readonly scriptCharacters: number;
  /** Observations of one dataset. */
  readonly observations: number;
  /** Longest source, label, target or text value, in characters; longer observations are left out. */
  readonly valueLength: number;
}

export const DEFAULT_LIMITS: ExtractLimits = {
  textBytes: 20 * 1024 * 1024,
  scannedFiles: 2_000,
  tags: 1_000_000,
  references: 500_000,
  scriptCharacters: 16 * 1024 * 1024,
  observations: 50_000,
  valueLength: 4_096,
};

/** A limit that was met, once for each name. */
interface ExtractLimitReached {
  readonly limit: keyof ExtractLimits;
  readonly allowed: number;
  /** How often it was met. */
  readonly count: number;
  /** Where it was met first. */
  readonly detail: string;
}

/** Names a text: the exchange that delivered it, or a snapshot of a document. */
export type TextEvidence = Pick<Evidence, 'exchange' | 'document' | 'phase'>;

/** One text of a document: as delivered, as the DOM after load, or as the DOM at the end. */
export interface PageText {
  readonly phase: 'delivered' | 'loaded' | 'final';
  readonly reading: PageReading;
  /** Position and element are added to it. */
  readonly evidence: TextEvidence;
}

/** A document of the capture, in any frame. */
export interface Page {
  /** What DevTools knows of it; undefined where it was only found as an HTML response (plain-HTTP lane, imported archive). */
  readonly document: CapturedDocument | undefined;
  /** The exchange that delivered it; undefined for srcdoc, data:, blob: and about: documents. */
  readonly exchange: Exchange | undefined;
  readonly url: string;
  /** The document's host; of an address without one, the host of the frame around it. */
  readonly host: Host;
  readonly isMainFrame: boolean;
  /** Delivered, loaded, final: those that exist. Decoded when asked for. */
  texts(): readonly PageText[];
}

/** A response that is a text of its own: a script or a stylesheet. */
export interface TextFile {
  readonly exchange: Exchange;
  readonly url: string;
  readonly host: Host;
  /** Decoded when asked for. */
  source(): SourceText;
}

type Response = NonNullable<Exchange['response']>;

/** An exchange that was answered. */
export interface ResponseView {
  readonly exchange: Exchange;
  readonly response: Response;
  readonly url: string;
  readonly host: Host;
  /** Values of a header, by any case of its name, in order. */
  headers(name: string): readonly string[];
  /** The first value of a header. */
  header(name: string): string | undefined;
  /** Lower-case type/subtype of Content-Type, without parameters. */
  readonly mediaType: string | undefined;
}

/** What an observation is made of; `seenAt` is the start of its exchange, else of the capture. */
interface ObservationFields {
  readonly source: string;
  readonly label: string;
  readonly target: string;
  /** Fields with value undefined are left out. */
  readonly detail?: Readonly<Record<string, DetailValue | undefined>>;
  readonly evidence: Evidence;
  readonly seenAt?: string | undefined;
}

/** A capture opened for extraction: one for all datasets of it, so that each text is decoded once. Pure: no I/O of its own, no clock. */
export interface ExtractContext {
  readonly reader: CaptureReader;
  readonly capture: Capture;
  readonly limits: ExtractLimits;
  readonly readsScripts: boolean;
  /** Documents of all frames in order of the capture. */
  pages(): readonly Page[];
  /** Scripts with a body, each response once. */
  scripts(): readonly TextFile[];
  stylesheets(): readonly TextFile[];
  responses(): readonly ResponseView[];
  response(exchange: Exchange): ResponseView | undefined;
  /** Decoded payload of a response; undefined where it has no body. */
  text(exchange: Exchange, kind: TextKind): SourceText | undefined;
  /** Where in an archive the exchange of an evidence stands. */
  archiveOf(evidence: Evidence): Evidence['archive'];
  /** Makes an observation of the dataset; its evidence gets its place in an archive, unless it has that already. */
  observe(dataset: DatasetId, fields: ObservationFields): Observation;
  /** Records that a limit was met. */
  reach(limit: keyof ExtractLimits, detail: string): void;
  readonly limitsReached: readonly ExtractLimitReached[];
}

const HTML_TYPES = new Set(['text/html', 'application/xhtml+xml']);
const SCRIPT_TYPE = /^(?:text|application)\/(?:x-)?(?:java|ecma|live|j)script$/;

/** How a capture is read. */
export interface ReadingOptions {
  /**
   * Reads the pages' bytes, where all is in one page; without it, and for pages that it cannot hold, texts are read as strings.
   * The context then is valid until the core reads another page.
   */
  readonly core?: ExtractionCore | undefined;
  /** Whether the pages' scripts are read for what they would reach. Default: they are. */
  readonly readsScripts?: boolean;
  /** Where in an archive the exchange of an evidence stands; it is made part of the evidence. */
  readonly placeOf?: ((evidence: Evidence) => Evidence['archive']) | undefined;
}

/** Opens a capture for extraction. */
export function openContext(
  reader: CaptureReader,
  limits: Partial<ExtractLimits> = {},
  options: ReadingOptions = {},
): ExtractContext {
  return new CaptureContext(reader, { ...DEFAULT_LIMITS, ...limits }, options);
}

class CaptureContext implements ExtractContext {
  readonly reader: CaptureReader;
  readonly capture: Capture;
  readonly limits: ExtractLimits;
  readonly readsScripts: boolean;
  readonly #core: ExtractionCore | undefined;
  readonly #placeOf: ReadingOptions['placeOf'];
  readonly #texts = new Map<string, SourceText | undefined>();
  readonly #reached = new Map<string, ExtractLimitReached>();
  #responses: readonly ResponseView[] | undefined;
  #responseById: ReadonlyMap<number, ResponseView> | undefined;
  #pages: readonly Page[] | undefined;
  #scripts: readonly TextFile[] | undefined;
  #stylesheets: readonly TextFile[] | undefined;

  constructor(
    reader: CaptureReader,
    limits: ExtractLimits,
    { core, readsScripts = true, placeOf }: ReadingOptions,
  ) {
    this.reader = reader;
    this.capture = reader.capture;
    this.limits = limits;
    this.readsScripts = readsScripts;
    this.#core = core;
    this.#placeOf = placeOf;
  }

  responses(): readonly ResponseView[] {
    this.#responses ??= this.capture.exchanges.flatMap((exchange) => viewResponse(exchange) ?? []);
    return this.#responses;
  }

  response(exchange: Exchange): ResponseView | undefined {
    this.#responseById ??= new Map(this.responses().map((view) => [view.exchange.id, view]));
    return this.#responseById.get(exchange.id);
  }

  text(exchange: Exchange, kind: TextKind): SourceText | undefined {
    return this.#cached(`${exchange.id} ${kind}`, () => {
      const bytes = this.reader.responseBody(exchange);
      if (bytes === undefined) return undefined;
      return this.#decode(bytes, this.response(exchange)?.header('content-type'), kind, exchange.url);
    });
  }

  #attachmentText(path: string): SourceText | undefined {
    return this.#cached(path, () => {
      const bytes = this.reader.attachment(path);
      return bytes === undefined ? undefined : this.#decode(bytes, 'text/html; charset=utf-8', 'html', path);
    });
  }

  #decode(bytes: Uint8Array, contentType: string | undefined, kind: TextKind, name: string): SourceText {
    const { textBytes } = this.limits;
    if (bytes.length > textBytes) this.reach('textBytes', name);
    return new SourceText(decodeText(bytes.subarray(0, textBytes), contentType, kind).text);
  }

  #cached(key: string, make: () => SourceText | undefined): SourceText | undefined {
    if (!this.#texts.has(key)) this.#texts.set(key, make());
    return this.#texts.get(key);
  }

  pages(): readonly Page[] {
    this.#pages ??= this.capture.documents.length > 0 ? this.#documentPages() : this.#htmlResponses();
    return this.#pages;
  }

  #documentPages(): Page[] {
    return this.capture.documents.flatMap((document) => {
      const host = hostOfDocument(this.capture, document);
      if (host === undefined) return [];
      const exchange =
        document.exchange === undefined ? undefined : this.capture.exchanges[document.exchange];
      return [
        {
          document,
          exchange,
          url: document.url,
          host,
          isMainFrame: document.isMainFrame,
          texts: () => this.#documentTexts(document, exchange),
        },
      ];
    });
  }

  #documentTexts(document: CapturedDocument, exchange: Exchange | undefined): PageText[] {
    const texts: PageText[] = [];
    const delivered = exchange === undefined ? undefined : this.#htmlText(exchange);
    if (delivered !== undefined) {
      const reading = new TextReading(delivered, document.url);
      texts.push({ phase: 'delivered', reading, evidence: { exchange: exchange!.id } });
    }
    for (const phase of ['loaded', 'final'] as const) {
      const path = document[phase];
      const source = path === undefined ? undefined : this.#attachmentText(path);
      if (source === undefined) continue;
      const reading = new TextReading(source, document.url);
      texts.push({ phase, reading, evidence: { document: document.id, phase } });
    }
    return texts;
  }

  /** Without DevTools each HTML answer that is no redirect is a page; the capture's own address is the main frame's. */
  #htmlResponses(): Page[] {
    const { capture } = this;
    return this.responses().flatMap(({ exchange, response, host }) => {
      if (response.status >= 300 && response.status < 400) return [];
      if (exchange.resourceType !== undefined && exchange.resourceType !== 'Document') return [];
      if (!this.#isHtml(exchange)) return [];
      let known: PageText[] | undefined;
      const texts = () => (known ??= this.#deliveredText(exchange));
      const isMainFrame = exchange.isMainFrame ?? exchange.url === (capture.finalUrl ?? capture.url);
      return [{ document: undefined, exchange, url: exchange.url, host, isMainFrame, texts }];
    });
  }

  /** As bytes, where the core can hold the page and no other needs it. */
  #deliveredText(exchange: Exchange): PageText[] {
    const evidence = { exchange: exchange.id };
    const core = this.pages().length === 1 ? this.#core : undefined;
    const bytes = core === undefined ? undefined : this.reader.responseBody(exchange);
    if (core !== undefined && bytes !== undefined) {
      if (bytes.length > this.limits.textBytes) this.reach('textBytes', exchange.url);
      const kept = bytes.subarray(0, this.limits.textBytes);
      const reading = core.reading(kept, exchange.url, this.response(exchange)?.header('content-type'));
      if (reading !== undefined) return [{ phase: 'delivered', reading, evidence }];
    }
    const source = this.#htmlText(exchange);
    if (source === undefined) return [];
    return [{ phase: 'delivered', reading: new TextReading(source, exchange.url), evidence }];
  }

  #htmlText(exchange: Exchange): SourceText | undefined {
    return this.#isHtml(exchange) ? this.text(exchange, 'html') : undefined;
  }

  #isHtml(exchange: Exchange): boolean {
    const mediaType = this.response(exchange)?.mediaType;
    if (mediaType !== undefined) return HTML_TYPES.has(mediaType) || mediaType === 'image/svg+xml';
    const head = this.reader.responseBody(exchange)?.subarray(0, 512);
    return (
      head !== undefined && /<(?:!doctype\s+html|html|head|body|script|title|meta)\b/i.test(latin1(head))
    );
  }

  scripts(): readonly TextFile[] {
    this.#scripts ??= this.#files(
      'script',
      ({ exchange, mediaType }) =>
        exchange.resourceType === 'Script' ||
        (mediaType !== undefined && SCRIPT_TYPE.test(mediaType)) ||
        (mediaType === undefined && /\.m?js(?:[?#]|$)/i.test(exchange.url)),
    );
    return this.#scripts;
  }

  stylesheets(): readonly TextFile[] {
    this.#stylesheets ??= this.#files(
      'css',
      ({ exchange, mediaType }) =>
        exchange.resourceType === 'Stylesheet' ||
        mediaType === 'text/css' ||
        (mediaType === undefined && /\.css(?:[?#]|$)/i.test(exchange.url)),
    );
    return this.#stylesheets;
  }

  #files(kind: 'script' | 'css', isOfKind: (view: ResponseView) => boolean): TextFile[] {
    const files: TextFile[] = [];
    for (const view of this.responses()) {
      const { exchange, response, url, host } = view;
      if (response.status >= 300 || response.body === undefined || !isOfKind(view)) continue;
      if (files.length === this.limits.scannedFiles) {
        this.reach('scannedFiles', kind);
        break;
      }
      files.push({ exchange, url, host, source: () => this.text(exchange, kind) ?? new SourceText('') });
    }
    return files;
  }

  archiveOf(evidence: Evidence): Evidence['archive'] {
    return this.#placeOf?.(evidence);
  }

  observe(dataset: DatasetId, fields: ObservationFields): Observation {
    const { source, label, target, detail, evidence, seenAt } = fields;
    const exchange = evidence.exchange === undefined ? undefined : this.capture.exchanges[evidence.exchange];
    const archive = evidence.archive === undefined ? this.archiveOf(evidence) : undefined;
    return {
      dataset,
      source,
      label,
      target,
      seenAt: seenAt ?? exchange?.startedAt ?? this.capture.startedAt,
      detail: detail === undefined ? {} : definedOnly(detail),
      evidence: archive === undefined ? evidence : { ...evidence, archive },
    };
  }

  reach(limit: keyof ExtractLimits, detail: string): void {
    const before = this.#reached.get(limit);
    this.#reached.set(
      limit,
      before === undefined
        ? { limit, allowed: this.limits[limit], count: 1, detail }
        : { ...before, count: before.count + 1 },
    );
  }

  get limitsReached(): readonly ExtractLimitReached[] {
    return [...this.#reached.values()];
  }
}

function viewResponse(exchange: Exchange): ResponseView | undefined {
  const { response } = exchange;
  const host = hostOfUrl(exchange.url);
  if (response === undefined || host === undefined) return undefined;
  const headers = (name: string): readonly string[] => {
    const wanted = name.toLowerCase();
    const values: string[] = [];
    for (const [header, value] of response.headers)
      if (header.length === wanted.length && header.toLowerCase() === wanted) values.push(value);
    return values;
  };
  const mediaType = headers('content-type')[0]?.split(';', 1)[0]!.trim().toLowerCase();
  return {
    exchange,
    response,
    url: exchange.url,
    host,
    headers,
    header: (name) => headers(name)[0],
    mediaType: mediaType === '' ? undefined : mediaType,
  };
}

/** The host of a document; a srcdoc, data: or about: document belongs to the host of the frame around or before it. */
export function hostOfDocument(capture: Capture, document: CapturedDocument): Host | undefined {
  let current: CapturedDocument | undefined = document;
  for (let depth = 0; current !== undefined && depth < 32; depth++) {
    const host = hostOfUrl(current.url.replace(/^blob:/, ''));
    if (host !== undefined) return host;
    const outer: string | undefined = current.parentFrame ?? current.openerFrame;
    current = capture.documents.findLast((candidate) => candidate.frame === outer);
  }
  return hostOfUrl(capture.finalUrl ?? capture.url);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
