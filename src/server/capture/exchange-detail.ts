import { AditError, type StackFrame } from '#model';
import { exchangeRows } from './exchange-table.ts';
import type { OpenedCapture } from './opened-captures.ts';

const MAX_HEADERS = 500;
const MAX_HEADER_VALUE = 8_192;
const MAX_FRAMES = 100;
const MAX_REQUEST_TEXT = 16_384;

/** One exchange with everything that is known of it; throws `not-found`. */
export function exchangeDetail(opened: OpenedCapture, id: number) {
  const { capture } = opened.bundle;
  const exchange = capture.exchanges[id];
  const row = exchangeRows(opened)[id];
  if (exchange === undefined || row === undefined)
    throw new AditError('not-found', 'The capture holds no such exchange.');
  const { request, response, initiator, tls } = exchange;
  const sent = request.body === undefined ? undefined : opened.bundle.requestBody(exchange);
  return {
    ...row,
    url: exchange.url,
    requestHeaders: headerList(request.headers),
    responseHeaders: headerList(response?.headers ?? []),
    requestBody: request.body && { sizeBytes: request.body.sizeBytes, sha256: request.body.sha256 },
    requestText: sent && {
      text: new TextDecoder().decode(sent.subarray(0, MAX_REQUEST_TEXT)),
      isCut: sent.length > MAX_REQUEST_TEXT,
    },
    chain: tls?.chain ?? [],
    initiator: initiator && {
      type: initiator.type,
      url: initiator.url,
      stack: (initiator.stack ?? []).slice(0, MAX_FRAMES).map((frame) => frameOf(frame, opened)),
    },
    caused: capture.exchanges.filter(({ redirectedFrom }) => redirectedFrom === id).map((each) => each.id),
  };
}

function headerList(headers: readonly (readonly [string, string])[]) {
  return headers.slice(0, MAX_HEADERS).map(([name, value]) => ({
    name: name.slice(0, MAX_HEADER_VALUE),
    value: value.slice(0, MAX_HEADER_VALUE),
    isCut: value.length > MAX_HEADER_VALUE,
  }));
}

/** A frame of the stack, with the place in the script's text where the capture holds it. */
function frameOf({ functionName, url, lineNumber, columnNumber }: StackFrame, opened: OpenedCapture) {
  const [line, column] = [lineNumber + 1, columnNumber + 1];
  const source = opened.bundle.capture.exchanges.find(
    (exchange) => exchange.url === url && exchange.response?.body !== undefined,
  );
  return {
    functionName,
    url,
    line,
    column,
    place: source === undefined ? undefined : { text: `exchange:${source.id}`, line, column },
  };
}
