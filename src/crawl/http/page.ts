import { dechunk, decodeContent, readSource, type ByteSource } from '#archive';
import type { Exchange, Outcome } from '#model';
import { looksLikeBotWall } from '../outcome/bot-wall.ts';
import { decodePage, sketchPage, type PageSketch } from '../outcome/page-sketch.ts';
import { headerOf, presentationOf, type Presentation } from './media.ts';

/** What a navigation led to. */
export interface Page {
  readonly exchange: Exchange;
  readonly response: NonNullable<Exchange['response']>;
  readonly presentation: Presentation;
  /** Its content-encoding unfolds to more than the limit. */
  readonly isTooLargeUnpacked: boolean;
  readonly html?: string;
  readonly sketch?: PageSketch;
}

/** Looks at the response as a browser would. */
export function readPage(
  exchange: Exchange,
  response: NonNullable<Exchange['response']>,
  received: ByteSource | undefined,
  maxDecodedBytes: number,
): Page {
  const presentation = presentationOf(response.headers, response.body);
  // The archive's word for it; there is no other sign.
  const isTooLargeUnpacked = /larger than the limit/.test(response.body?.decodeFault ?? '');
  const page = { exchange, response, presentation, isTooLargeUnpacked };
  if (presentation !== 'html' || received === undefined) return page;
  const bytes = readSource(received);
  const isFramed = headerOf(response.headers, 'transfer-encoding') !== undefined;
  const encoded = isFramed ? dechunk(bytes).bytes : bytes;
  const decoded = decodeContent(encoded, headerOf(response.headers, 'content-encoding'), maxDecodedBytes);
  const html = decodePage(decoded.bytes, headerOf(response.headers, 'content-type'));
  return { ...page, html, sketch: sketchPage(html) };
}

/** What became of the visit that ended at this page. */
export function judgePage({
  exchange,
  response,
  presentation,
  isTooLargeUnpacked,
  html = '',
}: Page): Outcome {
  const { status, headers, body } = response;
  const { failure } = exchange;
  if (body?.truncated === 'length') {
    return {
      kind: 'tooLarge',
      reason: 'bodyBytes',
      detail: `The first ${body.encodedSizeBytes} bytes are kept.`,
    };
  }
  if (isTooLargeUnpacked) {
    return {
      kind: 'tooLarge',
      reason: 'decodedBodyBytes',
      detail: 'The body is kept as received, but not unpacked.',
    };
  }
  // The archive's words again; a body that merely ends early is shown as far as it goes.
  if (presentation === 'html' && /damaged|not coded so/.test(body?.decodeFault ?? '')) {
    return {
      kind: 'protocolFault',
      reason: body?.decodeFault,
      detail: 'The body is not encoded as its header says.',
    };
  }
  if (failure !== undefined) {
    const kind = failure.kind === 'cancelled' ? 'aborted' : failure.kind;
    return { kind, reason: failure.reason, detail: 'The part that came is kept.' };
  }
  const wall = looksLikeBotWall({ status, headers, html });
  if (wall !== undefined)
    return {
      kind: 'blocked',
      reason: String(status),
      detail: `A bot wall of ${wall} stands before the page.`,
    };
  if (status >= 400)
    return { kind: 'httpError', reason: String(status), detail: `The server answered ${status}.` };
  if (presentation === 'download')
    return { kind: 'notAPage', detail: 'The address is a file; it was downloaded.' };
  const distrust = exchange.tls?.distrust;
  return distrust === undefined
    ? { kind: 'ok' }
    : { kind: 'ok', detail: `The certificate is not trusted: ${distrust}.` };
}

const DETAILS: Readonly<Partial<Record<Outcome['kind'], string>>> = {
  dnsFailure: 'The name does not resolve.',
  connectionFailure: 'The host does not answer, or closed the connection.',
  tlsFault: 'The TLS handshake failed.',
  refused: 'The egress guard does not go there.',
  timeout: 'The page did not come within the time allowed.',
  protocolFault: 'What the server sent is no valid HTTP.',
  aborted: 'The visit was stopped.',
};

/** What became of a visit that ended without a page. */
export function outcomeOfFailure({ url, failure }: Exchange): Outcome {
  const kind = failure?.kind === 'cancelled' ? 'aborted' : (failure?.kind ?? 'failed');
  return {
    kind,
    reason: failure?.reason,
    detail: DETAILS[kind] && `${DETAILS[kind]} (${new URL(url).host})`,
  };
}
