import type { WarcRecord } from './archive-record.ts';
import type { ArchivedExchange, ArchivePlace } from './archived-exchange.ts';
import { parseRequest, parseResponse, type HttpResponseMessage } from './http-head.ts';
import { arcDate } from './record-header.ts';

/** Records that may stand between a response and its request. */
const REACH = 8;
/** Bodies that wait for their requests hold no more together; one may. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;
const MAX_REQUESTS = 64;
const NOT_MODIFIED = 304;
const EPOCH = new Date(0).toISOString();

interface Waiting {
  readonly exchange: ArchivedExchange;
  readonly id: string | undefined;
  readonly concurrentTo: readonly string[];
}

const sizeOf = ({ exchange }: Waiting): number => exchange.response?.body.length ?? 0;

/** Finds what a revisit record refers to; `later`: it gives no exchange here. */
export type ResolveRevisit = (revisit: WarcRecord) => WarcRecord | 'later' | undefined;

/**
 * Makes exchanges of records. A request is found by WARC-Concurrent-To or by its URI, whether it stands before its
 * response or a few records behind it. Responses come out in their order.
 */
export class ExchangeJoiner {
  readonly #file: string;
  readonly #resolve: ResolveRevisit;
  readonly #waiting: Waiting[] = [];
  readonly #requests: WarcRecord[] = [];

  constructor(file: string, resolve: ResolveRevisit) {
    this.#file = file;
    this.#resolve = resolve;
  }

  /** Takes the next record; gives out the exchanges that are complete now. */
  push(record: WarcRecord): readonly ArchivedExchange[] {
    if (record.type === 'request') this.#addRequest(record);
    else {
      const exchange = this.#toExchange(record);
      if (exchange !== undefined) this.#addResponse(exchange, record);
    }
    const done = this.#waiting.splice(0, Math.max(0, this.#waiting.length - REACH));
    let bytes = this.#waiting.reduce((sum, waiting) => sum + sizeOf(waiting), 0);
    while (bytes > MAX_WAITING_BYTES && this.#waiting.length > 1) {
      const first = this.#waiting.shift()!;
      bytes -= sizeOf(first);
      done.push(first);
    }
    return done.map(({ exchange }) => exchange);
  }

  /** The rest. */
  end(): readonly ArchivedExchange[] {
    return this.#waiting.splice(0).map(({ exchange }) => exchange);
  }

  #addRequest(record: WarcRecord): void {
    const index = this.#waiting.findLastIndex((waiting) => isPair(record, waiting));
    if (index === -1) {
      this.#requests.push(record);
      if (this.#requests.length > MAX_REQUESTS) this.#requests.shift();
    } else {
      const waiting = this.#waiting[index]!;
      this.#waiting[index] = { ...waiting, exchange: withRequest(waiting.exchange, record, this.#file) };
    }
  }

  #addResponse(exchange: ArchivedExchange, record: WarcRecord): void {
    const waiting = { exchange, id: record.id, concurrentTo: concurrentTo(record) };
    const index = this.#requests.findLastIndex((request) => isPair(request, waiting));
    const [request] = index === -1 ? [] : this.#requests.splice(index, 1);
    this.#waiting.push(
      request === undefined ? waiting : { ...waiting, exchange: withRequest(exchange, request, this.#file) },
    );
  }

  #toExchange(record: WarcRecord): ArchivedExchange | undefined {
    const url = record.targetUri;
    if (url === undefined || !/^https?:/i.test(url)) return undefined;
    const found = this.#responseOf(record);
    if (found === undefined) return undefined;
    const { message, isDecoded, isCut } = found;
    const address = record.field('WARC-IP-Address');
    return {
      url,
      method: 'GET',
      startedAt: instantOf(record.date),
      response: { ...message, isDecoded, isCut: isCut || isPart(record) },
      ...(address === undefined ? {} : { address }),
      place: placeOf(record, this.#file),
    };
  }

  #responseOf(
    record: WarcRecord,
  ): { message: HttpResponseMessage; isDecoded: boolean; isCut: boolean } | undefined {
    const { isCut } = record;
    if (record.type === 'response') {
      const message = parseResponse(record.block);
      return message && { message, isDecoded: false, isCut };
    }
    if (record.type === 'resource') return { message: resourceMessage(record), isDecoded: true, isCut };
    if (record.type !== 'revisit') return undefined;
    const original = this.#resolve(record);
    if (original === 'later') return undefined;
    const stored = original && this.#responseOf(original);
    const own = parseResponse(record.block);
    if (stored === undefined) return own && { message: own, isDecoded: false, isCut: false };
    return own === undefined ? stored : { ...stored, message: revisited(own, stored.message) };
  }
}

/** What says how the body is to be read that follows. */
const OF_BODY = /^(?:transfer-encoding|content-encoding)$/i;

/**
 * What a revisit with a head of its own stands for (WARC 1.1 §6.7): that head over the body of the original, which is read as the
 * original's head says. One that was not modified is what it was before, and its head only adds to it (RFC 9111 §4.3.4).
 */
function revisited(own: HttpResponseMessage, original: HttpResponseMessage): HttpResponseMessage {
  const isUnmodified = own.status === NOT_MODIFIED;
  const isOriginal = ([name, value]: Header): boolean =>
    original.headers.some((other) => isName(other[0], name) && other[1] === value);
  const headers = own.headers.filter((header) => !OF_BODY.test(header[0]) || isOriginal(header));
  const missing = original.headers.filter(
    ([name]) => (isUnmodified || OF_BODY.test(name)) && !headers.some(([other]) => isName(other, name)),
  );
  const { status, statusText } = isUnmodified ? original : own;
  return { status, statusText, headers: [...headers, ...missing], body: original.body };
}

type Header = HttpResponseMessage['headers'][number];
const isName = (a: string, b: string): boolean =>
  a.length === b.length && a.toLowerCase() === b.toLowerCase();

/** Whether its writer kept a part of it alone, or others in records that continue it (WARC 1.1 §5.13, §7). */
const isPart = (record: WarcRecord): boolean =>
  record.field('WARC-Truncated') !== undefined || record.field('WARC-Segment-Number') !== undefined;

/** A resource record (WARC 1.1 §6.7) has no HTTP headers; its type stands for the one that matters. */
function resourceMessage(record: WarcRecord): HttpResponseMessage {
  const type = record.field('Content-Type');
  return {
    status: 200,
    statusText: '',
    headers: type === undefined ? [] : [['Content-Type', type]],
    body: record.block,
  };
}

function isPair(request: WarcRecord, { exchange, id, concurrentTo: toRequest }: Waiting): boolean {
  if (exchange.request !== undefined) return false;
  const named = concurrentTo(request);
  if (named.length === 0 && toRequest.length === 0) return request.targetUri === exchange.url;
  const { id: requestId } = request;
  return (
    (id !== undefined && named.includes(id)) || (requestId !== undefined && toRequest.includes(requestId))
  );
}

/** The records that one names as made together with it: any number (WARC 1.1 §5.7). */
const concurrentTo = ({ fields }: WarcRecord): string[] =>
  fields.filter(([name]) => name.length === 18 && /^WARC-Concurrent-To$/i.test(name)).map(([, id]) => id);

function withRequest(exchange: ArchivedExchange, record: WarcRecord, file: string): ArchivedExchange {
  const request = parseRequest(record.block);
  if (request === undefined) return exchange;
  const { method, headers, body } = request;
  return { ...exchange, method, request: { headers, body }, requestPlace: placeOf(record, file) };
}

function placeOf({ offset, length, innerOffset }: WarcRecord, file: string): ArchivePlace {
  return { file, offset, length, ...(innerOffset === 0 ? {} : { innerOffset }) };
}

/** What a request record alone tells, for who opens it again; undefined where it is none. */
export function requestOnly(record: WarcRecord, file: string): ArchivedExchange | undefined {
  const url = record.targetUri;
  if (record.type !== 'request' || url === undefined) return undefined;
  return withRequest(bare(record, url, file), record, file);
}

/** What a revisit tells where its original is not read and it has no head of its own; undefined where it is none. */
export function revisitOnly(record: WarcRecord, file: string): ArchivedExchange | undefined {
  const url = record.targetUri;
  return record.type !== 'revisit' || url === undefined ? undefined : bare(record, url, file);
}

const bare = (record: WarcRecord, url: string, file: string): ArchivedExchange => ({
  url,
  method: 'GET',
  startedAt: instantOf(record.date),
  place: placeOf(record, file),
});

/** The date read last: neighbouring records often have the same. */
const lastDate = { written: '', instant: EPOCH };

/** WARC-Date (WARC 1.1 §5.4) as an instant; writers of old put the oddest things there. */
function instantOf(date: string | undefined): string {
  if (date === undefined) return EPOCH;
  if (date !== lastDate.written) {
    lastDate.instant = parseDate(date);
    lastDate.written = date;
  }
  return lastDate.instant;
}

const DIGITS = /^\d{8,14}$/;

function parseDate(date: string): string {
  const time = Date.parse(DIGITS.test(date) ? arcDate(date) : date);
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  const [, day] = /^(\d{4}-\d\d-\d\d)/.exec(date) ?? [];
  const start = Date.parse(day ?? '');
  return Number.isNaN(start) ? EPOCH : new Date(start).toISOString();
}
