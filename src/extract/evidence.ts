import type { CaptureReader, Evidence, Exchange, Observation } from '#model';
import { openContext, type ExtractContext } from './context.ts';
import { readTagAt } from './html/scan.ts';
import type { SourceText } from './source-text.ts';

/** The place behind an observation, opened for reading. The text is the page author's: whoever shows it makes control characters visible. */
export interface OpenedEvidence {
  readonly kind: 'html' | 'css' | 'script' | 'body' | 'headers' | 'none';
  /** The line or lines concerned, cut with `…` where they are long; heads of request and response for `headers`. */
  readonly text: string;
  /** Where in `text` the place begins, and how long it is; undefined where the text as a whole is meant. */
  readonly highlight?: { readonly start: number; readonly length: number };
  /** Address of the page, stylesheet, script or exchange that holds it. */
  readonly url?: string;
  /** 1-based; of the place, in the whole text. */
  readonly line?: number;
  readonly column?: number;
  /** For DOM snapshots: after load, or at the end. */
  readonly phase?: 'loaded' | 'final';
}

/** Characters shown before and after a place in a long line. */
const BEFORE = 120;
const AFTER = 280;
const MAX_TAG = 2_000;
const MAX_HEAD = 16_384;

/** Opens the evidence of an observation: the line of HTML, CSS or script, or the heads of the exchange. Never throws on what the capture holds. */
export function openEvidence(reader: CaptureReader, { evidence }: Observation): OpenedEvidence {
  const context = openContext(reader);
  const exchange = evidence.exchange === undefined ? undefined : reader.capture.exchanges[evidence.exchange];
  if (evidence.document !== undefined) return openSnapshot(context, evidence);
  if (exchange === undefined) return scriptAddress(evidence);
  if (evidence.header !== undefined || evidence.isRequest === true) return openHeads(exchange, evidence);
  const opened = openBody(context, exchange, evidence);
  return opened ?? openHeads(exchange, evidence);
}

function openSnapshot(context: ExtractContext, evidence: Evidence): OpenedEvidence {
  const page = context.pages().find(({ document }) => document?.id === evidence.document);
  const text = page?.texts().find(({ phase }) => phase === evidence.phase);
  if (page === undefined || text === undefined) return { kind: 'none', text: '' };
  return {
    kind: 'html',
    url: page.url,
    ...(evidence.phase !== undefined && { phase: evidence.phase }),
    ...excerpt(text.reading.source, evidence),
  };
}

/** A script whose text the capture does not hold. */
function scriptAddress({ script, line, column }: Evidence): OpenedEvidence {
  if (script === undefined) return { kind: 'none', text: '' };
  return {
    kind: 'script',
    text: '',
    url: script,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  };
}

function openBody(
  context: ExtractContext,
  exchange: Exchange,
  evidence: Evidence,
): OpenedEvidence | undefined {
  if (evidence.line === undefined && evidence.offset !== undefined)
    return openBytes(context, exchange, evidence);
  if (evidence.line === undefined) return undefined;
  const kind = textKind(context, exchange);
  const source = context.text(exchange, kind);
  return source === undefined ? undefined : { kind, url: exchange.url, ...excerpt(source, evidence) };
}

function textKind(context: ExtractContext, exchange: Exchange): 'html' | 'css' | 'script' {
  const holds = (files: readonly { readonly exchange: Exchange | undefined }[]): boolean =>
    files.some((each) => each.exchange?.id === exchange.id);
  if (holds(context.pages())) return 'html';
  return holds(context.stylesheets()) ? 'css' : 'script';
}

function openBytes(
  context: ExtractContext,
  exchange: Exchange,
  evidence: Evidence,
): OpenedEvidence | undefined {
  const body = context.reader.responseBody(exchange);
  if (body === undefined) return undefined;
  const offset = Math.min(evidence.offset ?? 0, body.length);
  const length = Math.min(evidence.length ?? 0, MAX_TAG);
  const decode = (from: number, to: number): string => Buffer.from(body.subarray(from, to)).toString('utf8');
  const before = decode(Math.max(0, offset - BEFORE), offset);
  const place = decode(offset, offset + length);
  const text = before + place + decode(offset + length, offset + length + AFTER);
  return { kind: 'body', url: exchange.url, text, highlight: { start: before.length, length: place.length } };
}

/** The line around a place; the whole tag that begins there, or as much as the evidence says, over several lines if need be. */
function excerpt(
  source: SourceText,
  { line, column = 1, length = 0, element, script }: Evidence,
): Pick<OpenedEvidence, 'text' | 'highlight' | 'line' | 'column'> {
  const offset = line === undefined ? undefined : source.offsetOf({ line, column });
  if (line === undefined || offset === undefined) return { text: '' };
  const lineStart = source.offsetOf({ line, column: 1 })!;
  const lineEnd = lineStart + source.line(line).length;
  const tagEnd = element !== undefined && script === undefined ? endOfTag(source.text, offset) : offset;
  const placeEnd =
    tagEnd > offset ? tagEnd : Math.min(offset + Math.min(length, MAX_TAG), source.text.length);
  const start = Math.max(lineStart, offset - BEFORE);
  const end = Math.max(placeEnd, Math.min(lineEnd, offset + AFTER));
  const prefix = start > lineStart ? '…' : '';
  const suffix = end < lineEnd ? '…' : '';
  const text = `${prefix}${source.text.slice(start, end)}${suffix}`;
  return {
    text,
    highlight: { start: prefix.length + offset - start, length: placeEnd - offset },
    line,
    column,
  };
}

function endOfTag(text: string, offset: number): number {
  return offset + (readTagAt(text, offset, MAX_TAG)?.end ?? 0);
}

/** Request line and status line, with the header concerned or with all of them. */
function openHeads(exchange: Exchange, { header, isRequest }: Evidence): OpenedEvidence {
  const { method, url, request, response, failure } = exchange;
  const wanted = header?.toLowerCase();
  const lines = (headers: readonly (readonly [string, string])[]): string[] =>
    headers
      .filter(([name]) => wanted === undefined || name.toLowerCase() === wanted)
      .map(([name, value]) => `${name}: ${value}`);
  const head = [`${method} ${url}`];
  if (isRequest === true || header === undefined) head.push(...lines(request.headers));
  if (response !== undefined) head.push('', `${response.status} ${response.statusText}`.trim());
  if (response !== undefined && isRequest !== true) head.push(...lines(response.headers));
  if (failure !== undefined) head.push('', `${failure.kind}: ${failure.reason}`);
  const text = head.join('\n');
  return { kind: 'headers', url, text: text.length > MAX_HEAD ? `${text.slice(0, MAX_HEAD)}…` : text };
}
