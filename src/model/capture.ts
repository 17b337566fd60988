import { z } from 'zod';
import { personaSchema } from './persona.ts';

/**
 * The capture as it is stored beside the WARC records (`adit/capture.json` in the bundle): facts as seen by the wire
 * and by the browser, nothing derived. Bytes are kept elsewhere: bodies in WARC records, found by `Exchange.id`;
 * attachments (DOM, text, screenshots, certificates) under `adit/` by the paths named here.
 *
 * Instants are RFC 3339 UTC with milliseconds; durations are milliseconds; positions in text are 0-based here, as
 * DevTools reports them.
 */
export const CAPTURE_VERSION = 1;

const instant = z.string();
const attachment = z.string().describe('path inside the bundle, below adit/');
const sha256Text = z.string().regex(/^[0-9a-f]{64}$/);

/** Header name and value as sent, in order; names keep their case (HTTP/2: lower case, pseudo-headers left out). */
const headers = z.array(z.tuple([z.string(), z.string()]));

/** What became of the visit's main page. */
export const OUTCOME_KINDS = [
  'ok',
  'httpError',
  'dnsFailure',
  'connectionFailure',
  'tlsFault',
  'refused',
  'timeout',
  'blocked',
  'tooLarge',
  'redirectLoop',
  'protocolFault',
  'notAPage',
  'crashed',
  'aborted',
  'failed',
] as const;

export const outcomeSchema = z.object({
  kind: z.enum(OUTCOME_KINDS),
  /** One sentence for people. */
  detail: z.string().optional(),
  /** Network error name or HTTP status behind it, e.g. `net::ERR_NAME_NOT_RESOLVED`. */
  reason: z.string().optional(),
});
export type Outcome = Readonly<z.infer<typeof outcomeSchema>>;

/** A limit that was reached: what was cut is gone from the capture, the rest is kept. */
export const limitReachedSchema = z.object({
  limit: z.string().describe('name of the limit in CaptureLimits, e.g. `dialogs`'),
  allowed: z.number(),
  at: instant,
  detail: z.string().optional(),
});
export type LimitReached = Readonly<z.infer<typeof limitReachedSchema>>;

/** What is known of a body without its bytes. Digests are of the payload: chunking and content-encoding removed. */
export const bodySchema = z.object({
  /** Payload size in bytes. */
  sizeBytes: z.number(),
  /** Size as received: still content-encoded, chunking removed. */
  encodedSizeBytes: z.number(),
  sha256: sha256Text,
  sha1: z.string(),
  md5: z.string(),
  /** The body is shorter than what was sent, and why (WARC-Truncated vocabulary). */
  truncated: z.enum(['length', 'time', 'disconnect', 'unspecified']).optional(),
  /** The content-encoding could not be undone (or not within its limit): digests are of the encoded bytes. */
  decodeFault: z.string().optional(),
  /** Media type that the first bytes show, e.g. `application/x-dosexec`. */
  magic: z.string().optional(),
});
export type Body = Readonly<z.infer<typeof bodySchema>>;

const stackFrameSchema = z.object({
  url: z.string(),
  functionName: z.string(),
  /** 0-based, as DevTools reports. */
  lineNumber: z.number(),
  columnNumber: z.number(),
});
export type StackFrame = Readonly<z.infer<typeof stackFrameSchema>>;

/** Who made the browser send the request, as far as DevTools knows. */
export const initiatorSchema = z.object({
  type: z.enum(['parser', 'script', 'preload', 'preflight', 'signedExchange', 'other', 'none']),
  /** Document, stylesheet or script concerned; line and column 0-based (parser: the end of the start tag). */
  url: z.string().optional(),
  lineNumber: z.number().optional(),
  columnNumber: z.number().optional(),
  /** Innermost first, across asynchronous boundaries. */
  stack: z.array(stackFrameSchema).optional(),
});
export type Initiator = Readonly<z.infer<typeof initiatorSchema>>;

/** Why a frame was navigated (DevTools' Page.frameRequestedNavigation). */
export const navigationSchema = z.object({
  frame: z.string(),
  /** Document that asked for it. */
  fromUrl: z.string(),
  url: z.string(),
  reason: z
    .string()
    .describe(
      'anchorClick, formSubmissionGet, formSubmissionPost, httpHeaderRefresh, metaTagRefresh, scriptInitiated, initialFrameNavigation, …',
    ),
  disposition: z.string().optional(),
  at: instant,
  step: z.number().optional(),
});
export type Navigation = Readonly<z.infer<typeof navigationSchema>>;

/** One HTTP request with its response; a redirect hop is an exchange of its own. */
export const exchangeSchema = z.object({
  /** Index in `Capture.exchanges`, in order of start. */
  id: z.number(),
  url: z.string(),
  method: z.string(),
  startedAt: instant,
  request: z.object({ headers, body: bodySchema.optional() }),
  response: z
    .object({
      status: z.number(),
      statusText: z.string(),
      headers,
      /** Undefined where there is none: see `bodyAbsence`. */
      body: bodySchema.optional(),
      bodyAbsence: z
        .enum(['noneByProtocol', 'empty', 'cached', 'notDecrypted', 'failed', 'limit'])
        .optional(),
    })
    .optional(),
  /** Why there is no (whole) response. */
  failure: z.object({ kind: z.enum([...OUTCOME_KINDS, 'cancelled']), reason: z.string() }).optional(),
  /** Where headers and bytes come from: decrypted from the wire, told by DevTools, or our own HTTP client. */
  source: z.enum(['wire', 'devtools', 'http']),
  protocol: z.enum(['http/1.0', 'http/1.1', 'h2', 'other']).optional(),
  remote: z.object({ address: z.string(), port: z.number() }).optional(),
  timings: z
    .object({
      dnsMs: z.number().optional(),
      connectMs: z.number().optional(),
      tlsMs: z.number().optional(),
      /** Request sent → first byte of the response. */
      waitMs: z.number().optional(),
      /** First byte → last byte. */
      receiveMs: z.number().optional(),
    })
    .optional(),
  tls: z
    .object({
      version: z.string().describe('TLSv1.2 or TLSv1.3'),
      cipherSuite: z.string().describe('IANA name'),
      alpn: z.string().optional(),
      isResumed: z.boolean(),
      /** SHA-256 of each certificate as sent, leaf first; on a resumed connection those of the first full handshake. */
      chain: z.array(sha256Text),
      /** Why a careful client would not trust the chain, if so. */
      distrust: z.string().optional(),
    })
    .optional(),
  /** DevTools' resource type (Document, Stylesheet, Image, Script, XHR, Fetch, …); undefined where DevTools never saw it. */
  resourceType: z.string().optional(),
  /** Frame and document that it belongs to. */
  frame: z.string().optional(),
  documentUrl: z.string().optional(),
  isMainFrame: z.boolean().optional(),
  /** Kind of the DevTools target that sent it: page, iframe, worker, shared_worker, service_worker. */
  target: z.string().optional(),
  initiator: initiatorSchema.optional(),
  /** Exchange whose redirect led here. */
  redirectedFrom: z.number().optional(),
  /** Page code asked for it through a service worker, the cache answered, … */
  servedBy: z.enum(['network', 'memoryCache', 'diskCache', 'serviceWorker', 'prefetch']).optional(),
  /** What the virtual user did that caused it. */
  step: z.number().optional(),
  isDownload: z.boolean().optional(),
});
export type Exchange = Readonly<z.infer<typeof exchangeSchema>>;

/** A document that was shown in some frame. */
export const documentSchema = z.object({
  id: z.number(),
  url: z.string(),
  frame: z.string(),
  parentFrame: z.string().optional(),
  /** Frame that opened this popup. */
  openerFrame: z.string().optional(),
  isMainFrame: z.boolean(),
  title: z.string().optional(),
  /** Exchange that delivered it; undefined for about:, data:, blob: and srcdoc documents. */
  exchange: z.number().optional(),
  /** Serialised DOM with shadow roots (declarative form): after load, and at the end. Absent where it could not be read. */
  loaded: attachment.optional(),
  final: attachment.optional(),
  /** Visible text at the end. */
  text: attachment.optional(),
});
export type CapturedDocument = Readonly<z.infer<typeof documentSchema>>;

/** An element that named a URL at some time, as the page-side observer saw it, including ones removed again. */
export const urlElementSchema = z.object({
  frame: z.string(),
  baseUrl: z.string(),
  element: z.string(),
  attributes: z.record(z.string(), z.string()),
  /** Text of a <style> element. */
  css: z.string().optional(),
  /** `parse`: while the document was being parsed; `script`: later; `attribute`: an attribute changed. */
  how: z.enum(['initial', 'parse', 'script', 'attribute']),
});
export type UrlElement = Readonly<z.infer<typeof urlElementSchema>>;

/** One thing the virtual user did. */
export const stepSchema = z.object({
  id: z.number(),
  kind: z.enum(['navigate', 'scroll', 'click', 'dialog', 'back']),
  startedAt: instant,
  durationMs: z.number(),
  /** The control that was used. */
  control: z
    .object({
      frame: z.string(),
      tag: z.string(),
      text: z.string(),
      href: z.string().optional(),
      onclick: z.string().optional(),
      id: z.string().optional(),
      /** How promising it looked; higher first. */
      score: z.number(),
      x: z.number(),
      y: z.number(),
    })
    .optional(),
  url: z.string().optional(),
  /** What it caused. */
  caused: z.object({
    exchanges: z.array(z.number()),
    downloads: z.array(z.number()),
    popups: z.array(z.string()),
    dialogs: z.array(z.number()),
    navigatedTo: z.string().optional(),
  }),
  screenshot: attachment.optional(),
});
export type Step = Readonly<z.infer<typeof stepSchema>>;

export const downloadSchema = z.object({
  id: z.number(),
  url: z.string(),
  frame: z.string().optional(),
  /** As the browser would name it; never used as a path. */
  suggestedName: z.string(),
  state: z.enum(['completed', 'cancelled', 'failed', 'limit']),
  /** Exchange that carried it; undefined for blob: and data: downloads, whose bytes are a WARC resource record for `url`. */
  exchange: z.number().optional(),
  file: bodySchema.optional(),
  step: z.number().optional(),
});
export type Download = Readonly<z.infer<typeof downloadSchema>>;

export const cookieSchema = z.object({
  name: z.string(),
  value: z.string(),
  domain: z.string(),
  path: z.string(),
  expiresAt: instant.optional(),
  secure: z.boolean(),
  httpOnly: z.boolean(),
  sameSite: z.string().optional(),
  /** Who set it: an exchange's Set-Cookie, a script, or not known. */
  setBy: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('header'), exchange: z.number() }),
    z.object({ kind: z.literal('script'), url: z.string().optional(), frame: stackFrameSchema.optional() }),
    z.object({ kind: z.literal('unknown') }),
  ]),
});
export type CapturedCookie = Readonly<z.infer<typeof cookieSchema>>;

export const certificateSchema = z.object({
  sha256: sha256Text,
  /** DER bytes. */
  der: attachment,
});

export const resolutionSchema = z.object({
  host: z.string(),
  type: z.enum(['A', 'AAAA', 'CNAME']),
  value: z.string(),
  at: instant,
});

export const captureSchema = z.object({
  version: z.literal(CAPTURE_VERSION),
  id: z.string().describe('UUIDv7: sorts by time'),
  software: z.string(),
  /** As asked for, normalised. */
  url: z.string(),
  /** Address of the main frame at the end. */
  finalUrl: z.string().optional(),
  title: z.string().optional(),
  lane: z.enum(['browser', 'http']),
  browser: z.object({ product: z.string(), mode: z.enum(['headless', 'shell']) }).optional(),
  crawl: z.object({ id: z.string(), depth: z.number(), parentCapture: z.string().optional() }).optional(),
  persona: personaSchema,
  startedAt: instant,
  finishedAt: instant,
  outcome: outcomeSchema,
  limits: z.array(limitReachedSchema),
  exchanges: z.array(exchangeSchema),
  navigations: z.array(navigationSchema),
  documents: z.array(documentSchema),
  urlElements: z.array(urlElementSchema),
  steps: z.array(stepSchema),
  screenshots: z.array(
    z.object({
      kind: z.enum(['viewport', 'fullPage', 'step']),
      path: attachment,
      width: z.number(),
      height: z.number(),
      at: instant,
      step: z.number().optional(),
    }),
  ),
  console: z.array(
    z.object({
      kind: z.string().describe('log, warn, error, exception, network, …'),
      text: z.string(),
      url: z.string().optional(),
      lineNumber: z.number().optional(),
      columnNumber: z.number().optional(),
      at: instant,
    }),
  ),
  dialogs: z.array(
    z.object({
      id: z.number(),
      kind: z.string(),
      message: z.string(),
      url: z.string(),
      answer: z.string(),
      at: instant,
    }),
  ),
  cookies: z.array(cookieSchema),
  storage: z.array(
    z.object({ origin: z.string(), kind: z.enum(['local', 'session']), key: z.string(), value: z.string() }),
  ),
  webSockets: z.array(
    z.object({
      url: z.string(),
      frame: z.string().optional(),
      initiator: initiatorSchema.optional(),
      exchange: z.number().optional(),
      messages: z.array(
        z.object({ isSent: z.boolean(), isBinary: z.boolean(), data: z.string(), at: instant.optional() }),
      ),
    }),
  ),
  popups: z.array(
    z.object({
      url: z.string(),
      openerFrame: z.string().optional(),
      frame: z.string().optional(),
      step: z.number().optional(),
      wasBlocked: z.boolean(),
    }),
  ),
  downloads: z.array(downloadSchema),
  favicon: z.object({ url: z.string(), exchange: z.number() }).optional(),
  certificates: z.array(certificateSchema),
  resolutions: z.array(resolutionSchema),
  /** Connections that the egress guard refused. */
  denied: z.array(z.object({ host: z.string(), port: z.number(), reason: z.string(), at: instant })),
  /** Workers, service workers and the like that ran: type and URL. */
  workers: z.array(z.object({ type: z.string(), url: z.string() })),
  /** Walls of the sandbox that were missing when it was made. */
  missingWalls: z.array(z.string()),
});

export type Capture = Readonly<z.infer<typeof captureSchema>>;

/** What a capture lists, with nothing in it: for lanes that see less than a browser does, and for tests. */
export function nothingListed(): Omit<
  Capture,
  'version' | 'id' | 'software' | 'url' | 'lane' | 'persona' | 'startedAt' | 'finishedAt' | 'outcome'
> {
  return {
    limits: [],
    exchanges: [],
    navigations: [],
    documents: [],
    urlElements: [],
    steps: [],
    screenshots: [],
    console: [],
    dialogs: [],
    cookies: [],
    storage: [],
    webSockets: [],
    popups: [],
    downloads: [],
    certificates: [],
    resolutions: [],
    denied: [],
    workers: [],
    missingWalls: [],
  };
}

/**
 * A capture with its bytes at hand: what `crawl` hands to `archive`, and what `archive` hands to `extract` when a
 * bundle is opened again. Bytes are read when asked for, so a capture larger than memory can be walked.
 */
export interface CaptureReader {
  readonly capture: Capture;
  /** Response payload of the exchange: chunking and content-encoding undone, cut at the decoder's limit; undefined where there is none. */
  responseBody(exchange: Exchange): Uint8Array | undefined;
  /** Request payload of the exchange; undefined where there is none. */
  requestBody(exchange: Exchange): Uint8Array | undefined;
  /** Bytes of a blob: or data: download. */
  downloadBody(download: Download): Uint8Array | undefined;
  /** Bytes of an attachment by the path that the capture names. */
  attachment(path: string): Uint8Array | undefined;
}
