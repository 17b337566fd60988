import type { Capture, CaptureReader, Download, Exchange } from '#model';
import { readSource, type ByteSource } from './byte-source.ts';
import { MAX_PAYLOAD_BYTES, payloadOf } from './payload.ts';

/** A capture just made: the facts, and the bytes as received. Disposing of it removes the spool files behind it. */
export interface CaptureSource extends AsyncDisposable {
  readonly capture: Capture;
  /**
   * Response body as received after TLS and HTTP/2 framing. HTTP/1.1 chunked framing is kept where the lane still
   * has it; content-encoding is kept. Of exchanges that only DevTools told: the decoded body.
   */
  responseBytes(exchangeId: number): ByteSource | undefined;
  requestBytes(exchangeId: number): ByteSource | undefined;
  /** Of blob: and data: downloads only; the others are the response of their exchange. */
  downloadBytes(downloadId: number): ByteSource | undefined;
  /** Path in the bundle, below `adit/`, → bytes. */
  readonly attachments: ReadonlyMap<string, Uint8Array>;
}

/** The bytes of a capture as they were received, wherever they are kept. */
export interface ReceivedBytes {
  response(exchange: Exchange): ByteSource | undefined;
  request(exchange: Exchange): ByteSource | undefined;
  download(download: Download): ByteSource | undefined;
  attachment(path: string): Uint8Array | undefined;
}

/** Reads a capture that is not in a bundle yet, just as `openBundle` would read it. */
export function toCaptureReader(source: CaptureSource): CaptureReader {
  return readerOf(source.capture, {
    response: ({ id }) => source.responseBytes(id),
    request: ({ id }) => source.requestBytes(id),
    download: ({ id }) => source.downloadBytes(id),
    attachment: (path) => source.attachments.get(path),
  });
}

/** The reading side of a capture over its received bytes: one meaning for captures in memory and in bundles. */
export function readerOf(capture: Capture, received: ReceivedBytes): CaptureReader {
  return {
    capture,
    responseBody(exchange) {
      const bytes = exchange.response?.body === undefined ? undefined : received.response(exchange);
      return bytes && payloadOf(bytes, exchange.response!.headers, exchange.source);
    },
    requestBody(exchange) {
      const bytes = exchange.request.body === undefined ? undefined : received.request(exchange);
      return bytes && payloadOf(bytes, exchange.request.headers, exchange.source);
    },
    downloadBody(download) {
      const bytes = received.download(download);
      return bytes && readSource(bytes, MAX_PAYLOAD_BYTES);
    },
    attachment: (path) => received.attachment(path),
  };
}
