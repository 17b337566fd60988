import { openContext, type ExtractContext } from '#extract';
import { AditError, type CaptureReader, type Evidence, type Exchange } from '#model';
import type { OpenedCapture } from './opened-captures.ts';
import { TextRows } from './text-rows.ts';

/** Longest text that is shown, in bytes before decoding. */
const MAX_TEXT_BYTES = 20 * 1024 * 1024;
/** How far into a body a NUL is looked for; texts hold none. */
const SNIFFED_BYTES = 4_096;

/** A text of a capture by its name, in rows. */
export interface CapturedText {
  readonly name: string;
  readonly rows: TextRows;
  readonly isMarkup: boolean;
  /** The text goes on beyond what is shown. */
  readonly isCut: boolean;
}

/** A place in a named text; without a line the text as a whole. */
export interface Place {
  readonly text: string;
  readonly line?: number;
  readonly column?: number;
  readonly length?: number;
}

/** Opens a text: `exchange:N` (a response body), `document:N:loaded|final` (a DOM snapshot), `text:N` (visible text). Throws `unknown-text`, `not-text`. */
export function openText(opened: OpenedCapture, name: string): CapturedText {
  return opened.once(`text ${name}`, () => readText(opened.bundle, name));
}

/** The place that evidence names, where it lies in a text; undefined for headers, requests and whole exchanges. */
export function placeOf({
  exchange,
  document,
  phase,
  header,
  isRequest,
  line,
  column,
  length,
}: Evidence): Place | undefined {
  if (line === undefined) return undefined;
  const place = { line, ...(column !== undefined && { column }), ...(length !== undefined && { length }) };
  if (document !== undefined && phase !== undefined)
    return { text: `document:${document}:${phase}`, ...place };
  if (exchange === undefined || header !== undefined || isRequest === true) return undefined;
  return { text: `exchange:${exchange}`, ...place };
}

/** The body is a text as far as its headers and first bytes say. */
export function isTextBody({ response, resourceType }: Exchange): boolean {
  const body = response?.body;
  if (body === undefined || body.sizeBytes === 0 || body.decodeFault !== undefined) return false;
  if (body.magic !== undefined && !/^text\/|[/+](?:xml|json|html)|javascript/.test(body.magic)) return false;
  const type = response?.headers.find(([header]) => header.toLowerCase() === 'content-type')?.[1] ?? '';
  return (
    /^\s*(?:text\/|application\/(?:[\w.-]*\+)?(?:json|xml|(?:x-)?javascript|ecmascript|xhtml|x-www-form)|image\/svg)/i.test(
      type,
    ) || /^(?:Document|Stylesheet|Script|Manifest)$/.test(resourceType ?? '')
  );
}

function readText(reader: CaptureReader, name: string): CapturedText {
  const [kind, number, phase] = name.split(':');
  const { capture } = reader;
  const id = Number(number);
  if (kind === 'exchange') {
    const exchange = capture.exchanges[id];
    return exchange === undefined ? missing(name) : readBody(reader, exchange, name);
  }
  const document = capture.documents.find((each) => each.id === id);
  const path = kind === 'text' ? document?.text : phase === 'loaded' ? document?.loaded : document?.final;
  const bytes = path === undefined ? undefined : reader.attachment(path);
  if (bytes === undefined) return missing(name);
  return {
    name,
    rows: new TextRows(new TextDecoder().decode(bytes.subarray(0, MAX_TEXT_BYTES))),
    isMarkup: kind === 'document',
    isCut: bytes.length > MAX_TEXT_BYTES,
  };
}

function readBody(reader: CaptureReader, exchange: Exchange, name: string): CapturedText {
  const body = reader.responseBody(exchange);
  if (body === undefined) return missing(name);
  const isUtf16 = (body[0] === 0xff && body[1] === 0xfe) || (body[0] === 0xfe && body[1] === 0xff);
  if (!isUtf16 && body.subarray(0, SNIFFED_BYTES).includes(0) && !isTextBody(exchange))
    throw new AditError('not-text', 'This body is no text.', {
      advice: 'It is in the bundle, which can be downloaded.',
    });
  const context = openContext(reader, { textBytes: MAX_TEXT_BYTES });
  const kind = kindOf(context, exchange);
  return {
    name,
    rows: new TextRows(context.text(exchange, kind)?.text ?? ''),
    isMarkup: kind === 'html',
    isCut: body.length > MAX_TEXT_BYTES,
  };
}

/** As evidence was read: the kind decides where a declaration of the encoding may stand. */
function kindOf(context: ExtractContext, exchange: Exchange): 'html' | 'css' | 'script' {
  const holds = (files: readonly { readonly exchange: Exchange | undefined }[]): boolean =>
    files.some((file) => file.exchange?.id === exchange.id);
  if (holds(context.pages())) return 'html';
  return holds(context.stylesheets()) ? 'css' : 'script';
}

function missing(name: string): never {
  throw new AditError('unknown-text', `The capture holds no text ${name}.`);
}
