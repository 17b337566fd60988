import { nothingListed, type Body, type Capture, type Download, type Exchange } from '#model';
import type { ByteSource } from './byte-source.ts';
import type { CaptureSource } from './capture-source.ts';
import { describeBody } from './payload.ts';

/** What a test says of an exchange; the rest is filled in. */
export interface SourceExchange extends Partial<Omit<Exchange, 'id' | 'request' | 'response'>> {
  readonly url: string;
  readonly requestHeaders?: [string, string][];
  /** Undefined: no response. */
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: [string, string][];
  /** As received. */
  readonly body?: ByteSource;
  readonly requestBody?: ByteSource;
  readonly bodyAbsence?: NonNullable<Exchange['response']>['bodyAbsence'];
  readonly truncated?: Body['truncated'];
}

const STARTED_AT = '2017-11-20T10:00:00.000Z';

/** A capture made by hand with its bytes in memory, for tests. */
export class SourceFixture implements CaptureSource {
  capture: Capture;
  readonly attachments = new Map<string, Uint8Array>();
  readonly #responses: (ByteSource | undefined)[] = [];
  readonly #requests: (ByteSource | undefined)[] = [];
  readonly #downloads = new Map<number, ByteSource>();

  constructor(url = 'https://example.org/') {
    this.capture = emptyCapture(url);
  }

  /** Adds an exchange and returns its id. */
  exchange(fields: SourceExchange): number {
    const {
      requestHeaders = [],
      status,
      statusText = 'OK',
      headers = [],
      body,
      requestBody,
      ...rest
    } = fields;
    const { bodyAbsence, truncated, ...facts } = rest;
    const id = this.capture.exchanges.length;
    this.#responses.push(body);
    this.#requests.push(requestBody);
    const isDecoded = facts.source === 'devtools';
    const exchange: Exchange = {
      method: 'GET',
      startedAt: new Date(Date.parse(STARTED_AT) + id * 7).toISOString(),
      request: {
        headers: requestHeaders,
        ...(requestBody && { body: describeBody(requestBody, requestHeaders) }),
      },
      ...(status !== undefined && {
        response: {
          status,
          statusText,
          headers,
          ...(body && { body: describeBody(body, isDecoded ? [] : headers, truncated && { truncated }) }),
          ...(bodyAbsence && { bodyAbsence }),
        },
      }),
      source: 'wire',
      protocol: 'http/1.1',
      ...facts,
      id,
    };
    this.set({ exchanges: [...this.capture.exchanges, exchange] });
    return id;
  }

  /** Adds a blob: or data: download and returns its id. */
  download(url: string, bytes: ByteSource): number {
    const id = this.capture.downloads.length;
    this.#downloads.set(id, bytes);
    const download: Download = {
      id,
      url,
      suggestedName: 'x',
      state: 'completed',
      file: describeBody(bytes, []),
    };
    this.set({ downloads: [...this.capture.downloads, download] });
    return id;
  }

  set(fields: Partial<Capture>): this {
    this.capture = { ...this.capture, ...fields };
    return this;
  }

  responseBytes(id: number): ByteSource | undefined {
    return this.#responses[id];
  }

  requestBytes(id: number): ByteSource | undefined {
    return this.#requests[id];
  }

  downloadBytes(id: number): ByteSource | undefined {
    return this.#downloads.get(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Bytes that do not compress. */
export function randomBytes(random: () => number, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

/** A body in HTTP/1.1 chunks of the given size. */
export function chunked(body: Uint8Array, size = 1000): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size);
    parts.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
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
