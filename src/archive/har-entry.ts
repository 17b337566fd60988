import { z } from 'zod';
import type { ArchivedExchange, ArchivePlace } from './archived-exchange.ts';
import type { HeaderList } from './payload.ts';

/**
 * An entry of HAR 1.1 or 1.2 as its many writers make it: what is missing or of the wrong type is taken as absent, so that
 * one odd field never costs the exchange. Fields with an underscore are Chrome's own.
 */
const text = z.string().optional().catch(undefined);
const number = z.coerce.number().optional().catch(undefined);
/** Also of writers that put the reason behind it: `200 OK`. */
const status = z.preprocess(
  (value) => (typeof value === 'string' ? /^\s*(\d{3})(?!\d)/.exec(value)?.[1] : value),
  number,
);
/** As many as are read of a stored message. */
const MAX_HEADERS = 2_000;

const nameValue = z.object({
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).catch(''),
});
const nameValues = z
  .preprocess(
    // some writers give an object of names, or put broken members among good ones
    (value) =>
      Array.isArray(value)
        ? value.slice(0, MAX_HEADERS).filter((each) => nameValue.safeParse(each).success)
        : typeof value === 'object' && value !== null
          ? Object.entries(value)
              .slice(0, MAX_HEADERS)
              .map(([name, each]: [string, unknown]) => ({ name, value: each }))
          : [],
    z.array(nameValue),
  )
  .catch([]);

const callFrame = z.object({
  url: z.string(),
  functionName: z.string().catch(''),
  lineNumber: z.number().catch(0),
  columnNumber: z.number().catch(0),
});
const initiator = z.object({
  type: z.enum(['parser', 'script', 'preload', 'preflight', 'other']),
  url: text,
  lineNumber: z.number().optional().catch(undefined),
  columnNumber: z.number().optional().catch(undefined),
  stack: z
    .object({ callFrames: z.array(callFrame).max(200) })
    .optional()
    .catch(undefined),
});

const entrySchema = z.object({
  pageref: text,
  startedDateTime: z.union([z.string(), z.number()]).optional().catch(undefined),
  serverIPAddress: text,
  request: z.object({
    method: text,
    url: z.string(),
    headers: nameValues,
    postData: z.object({ text }).optional().catch(undefined),
  }),
  response: z
    .object({
      status,
      statusText: text,
      headers: nameValues,
      redirectURL: text,
      content: z.object({ text, encoding: text, mimeType: text }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  _resourceType: text,
  _initiator: initiator.optional().catch(undefined),
});
type Entry = z.infer<typeof entrySchema>;
type Response = NonNullable<Entry['response']>;

/** DevTools' resource types by the names that its HAR export gives them. */
const RESOURCE_TYPES: Readonly<Record<string, string>> = {
  document: 'Document',
  stylesheet: 'Stylesheet',
  image: 'Image',
  media: 'Media',
  font: 'Font',
  script: 'Script',
  xhr: 'XHR',
  fetch: 'Fetch',
  websocket: 'WebSocket',
  eventsource: 'EventSource',
  ping: 'Ping',
  manifest: 'Manifest',
  preflight: 'Preflight',
};
const EPOCH = new Date(0).toISOString();

/** An entry as an exchange; a phrase where it is none. */
export function toArchivedExchange(json: unknown, place: ArchivePlace): ArchivedExchange | string {
  const parsed = entrySchema.safeParse(json);
  if (!parsed.success) return 'entry has no request URL';
  const { request, response, pageref, serverIPAddress, _resourceType, _initiator } = parsed.data;
  const type = RESOURCE_TYPES[(_resourceType ?? '').toLowerCase()];
  return {
    url: request.url,
    method: request.method ?? 'GET',
    startedAt: instantOf(parsed.data.startedDateTime),
    request: { headers: toHeaders(request.headers), body: Buffer.from(request.postData?.text ?? '') },
    // a status of 0 or -1 is how writers say that there was no answer
    ...(response?.status === undefined || response.status < 100
      ? {}
      : { response: toResponse(response, response.status) }),
    ...(serverIPAddress === undefined ? {} : { address: serverIPAddress.replace(/^\[(.*)\]$/, '$1') }),
    place,
    ...(pageref === undefined || pageref === '' ? {} : { page: pageref }),
    ...(type === undefined ? {} : { resourceType: type }),
    ...(_initiator === undefined ? {} : { initiator: toInitiator(_initiator) }),
  };
}

function toResponse(response: Response, status: number): NonNullable<ArchivedExchange['response']> {
  const { content, redirectURL } = response;
  const headers = [...toHeaders(response.headers)];
  const has = (name: string): boolean => headers.some(([other]) => other.toLowerCase() === name);
  if (redirectURL !== undefined && redirectURL !== '' && !has('location'))
    headers.push(['Location', redirectURL]);
  const type = content?.mimeType;
  if (type !== undefined && type.includes('/') && !has('content-type')) headers.push(['Content-Type', type]);
  return {
    status,
    statusText: response.statusText ?? '',
    headers,
    body: toBody(content, headers),
    isDecoded: true,
    isCut: false,
  };
}

/**
 * The payload. Text has lost its encoding in a HAR, while its headers still name it: the byte order mark tells those who
 * decode it again.
 */
function toBody(content: Response['content'], headers: HeaderList): Uint8Array {
  if (content?.text === undefined) return new Uint8Array(0);
  if (content.encoding?.toLowerCase() === 'base64') return Buffer.from(content.text, 'base64');
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const isMislabelled = /charset\s*=/i.test(type) && !/charset\s*=\s*["']?utf-?8/i.test(type);
  return Buffer.from(isMislabelled ? `\uFEFF${content.text}` : content.text);
}

/** Pseudo-headers of HTTP/2 are left out; several Set-Cookie come joined by line ends. */
function toHeaders(list: Entry['request']['headers']): HeaderList {
  return list
    .filter(({ name }) => name !== '' && !name.startsWith(':'))
    .flatMap(({ name, value }) =>
      String(value)
        .split(/\r?\n/)
        .filter((line, index) => index === 0 || line !== '')
        .map((line): [string, string] => [name, line.trim()]),
    )
    .slice(0, MAX_HEADERS);
}

function toInitiator({
  stack,
  ...rest
}: NonNullable<Entry['_initiator']>): NonNullable<ArchivedExchange['initiator']> {
  return { ...rest, ...(stack === undefined ? {} : { stack: stack.callFrames }) };
}

/** A smaller number counts seconds: as milliseconds it would lie before March 1973. */
const SECONDS_BELOW = 1e11;

/** ISO 8601 by the book, milliseconds or seconds since 1970 by some, as a number or its digits. */
function instantOf(started: string | number | undefined): string {
  const count =
    typeof started === 'string' && !/^\d{9,}(?:\.\d*)?$/.test(started) ? undefined : Number(started);
  const time =
    count === undefined ? Date.parse(String(started)) : count < SECONDS_BELOW ? count * 1000 : count;
  return Number.isNaN(time) || Math.abs(time) > 8.64e15 ? EPOCH : new Date(time).toISOString();
}
