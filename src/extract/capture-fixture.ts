import { createHash } from 'node:crypto';
import {
  nothingListed,
  type Body,
  type Capture,
  type CapturedDocument,
  type CaptureReader,
  type Exchange,
} from '#model';

/** What a test says of an exchange; the rest is filled in. */
export interface FixtureExchange extends Partial<Omit<Exchange, 'request' | 'response' | 'id'>> {
  readonly url: string;
  /** Default 200. */
  readonly status?: number;
  /** Response headers; `content-type` is guessed from the URL where it is missing. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly requestHeaders?: Readonly<Record<string, string>>;
  /** Payload of the response; undefined: none. */
  readonly body?: string | Uint8Array;
  readonly requestBody?: string | Uint8Array;
}

/** What a test says of a document; `loaded` and `final` are the HTML of its snapshots. */
export interface FixtureDocument extends Partial<Omit<CapturedDocument, 'id' | 'loaded' | 'final' | 'text'>> {
  readonly url: string;
  readonly loaded?: string;
  readonly final?: string;
  readonly text?: string;
}

const STARTED_AT = '2017-11-20T10:00:00.000Z';

/**
 * A capture made by hand, for tests: add exchanges and documents, set the rest with `set`, take the `reader()`.
 * Exchanges start one millisecond after another.
 */
export class CaptureFixture {
  #capture: Capture;
  readonly #bodies = new Map<number, Uint8Array>();
  readonly #requestBodies = new Map<number, Uint8Array>();
  readonly #attachments = new Map<string, Uint8Array>();

  constructor(url: string) {
    this.#capture = emptyCapture(url);
  }

  /** Adds an exchange and returns its id. */
  exchange(fields: FixtureExchange): number {
    const { status = 200, headers = {}, requestHeaders = {}, body, requestBody, ...facts } = fields;
    const id = this.#capture.exchanges.length;
    const bytes = body === undefined ? undefined : toBytes(body);
    const sent = requestBody === undefined ? undefined : toBytes(requestBody);
    if (bytes !== undefined) this.#bodies.set(id, bytes);
    if (sent !== undefined) this.#requestBodies.set(id, sent);
    const exchange: Exchange = {
      method: 'GET',
      startedAt: new Date(Date.parse(STARTED_AT) + id).toISOString(),
      request: {
        headers: Object.entries(requestHeaders),
        ...(sent === undefined ? {} : { body: bodyOf(sent) }),
      },
      ...(facts.failure === undefined && {
        response: {
          status,
          statusText: '',
          headers: headerList(headers, facts.url),
          ...(bytes === undefined ? { bodyAbsence: 'empty' as const } : { body: bodyOf(bytes) }),
        },
      }),
      source: 'wire',
      ...facts,
      id,
    };
    this.set({ exchanges: [...this.#capture.exchanges, exchange] });
    return id;
  }

  /** Adds a document and returns its id. */
  document(fields: FixtureDocument): number {
    const { loaded, final, text, ...facts } = fields;
    const id = this.#capture.documents.length;
    const keep = (name: string, content: string | undefined): string | undefined => {
      if (content === undefined) return undefined;
      const path = `adit/documents/${id}.${name}`;
      this.#attachments.set(path, toBytes(content));
      return path;
    };
    const document: CapturedDocument = {
      frame: 'main',
      isMainFrame: true,
      loaded: keep('loaded.html', loaded),
      final: keep('final.html', final),
      text: keep('txt', text),
      ...facts,
      id,
    };
    this.set({ documents: [...this.#capture.documents, document] });
    return id;
  }

  /** Keeps bytes under a path, as certificates and screenshots are kept. */
  attachment(path: string, bytes: Uint8Array): void {
    this.#attachments.set(path, bytes);
  }

  /** Replaces fields of the capture. */
  set(fields: Partial<Capture>): this {
    this.#capture = { ...this.#capture, ...fields };
    return this;
  }

  reader(): CaptureReader {
    return {
      capture: this.#capture,
      responseBody: (exchange) => this.#bodies.get(exchange.id),
      requestBody: (exchange) => this.#requestBodies.get(exchange.id),
      downloadBody: () => undefined,
      attachment: (path) => this.#attachments.get(path),
    };
  }
}

function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

function bodyOf(bytes: Uint8Array): Body {
  const digest = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
  return {
    sizeBytes: bytes.length,
    encodedSizeBytes: bytes.length,
    sha256: digest('sha256'),
    sha1: digest('sha1'),
    md5: digest('md5'),
  };
}

const TYPE_BY_EXTENSION: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  png: 'image/png',
  exe: 'application/octet-stream',
};

function headerList(
  headers: Readonly<Record<string, string | readonly string[]>>,
  url: string,
): [string, string][] {
  const list = Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((one): [string, string] => [name, one]),
  );
  if (list.some(([name]) => name.toLowerCase() === 'content-type')) return list;
  const extension = /\.(\w+)(?:[?#]|$)/.exec(new URL(url).pathname)?.[1] ?? '';
  return [...list, ['content-type', TYPE_BY_EXTENSION[extension] ?? 'text/html; charset=utf-8']];
}

function emptyCapture(url: string): Capture {
  return {
    version: 1,
    id: '0193a5a0-0000-7000-8000-000000000000',
    software: 'adit test',
    url,
    finalUrl: url,
    lane: 'browser',
    persona: {
      id: 'chrome-windows',
      title: 'Chrome on Windows',
      userAgent: 'Mozilla/5.0',
      platform: 'Win32',
      languages: ['en'],
      timeZone: 'UTC',
      viewport: { width: 1280, height: 800, deviceScaleFactor: 1, isMobile: false, hasTouch: false },
    },
    startedAt: STARTED_AT,
    finishedAt: new Date(Date.parse(STARTED_AT) + 10_000).toISOString(),
    ...nothingListed(),
    outcome: { kind: 'ok' },
  };
}
