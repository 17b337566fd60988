import { CAUSES, cookieSchema, limitReachedSchema, outcomeSchema, stepSchema } from '#model';
import { z } from 'zod';
import { byId, instant, limit, text } from '../fields.ts';
import type { Route } from '../route.ts';
import { captureSchema, datasetIdSchema, placeSchema } from '../schemas.ts';

const TEXT_NAME = /^(?:exchange:\d{1,7}|document:\d{1,7}:(?:loaded|final)|text:\d{1,7})$/;

/** A text of a capture: a response body, a snapshot of a document's DOM, or its visible text. */
const textName = z
  .string()
  .regex(TEXT_NAME)
  .describe('`exchange:N`, `document:N:loaded`, `document:N:final` or `text:N`');
const index = z.coerce.number().int().min(0).max(9_999_999);
const cursor = z.coerce.number().int().min(1).max(100_000_000).optional().describe('of the page before');
const next = z.int().optional().describe('cursor of the next page');
const part = z.object({ cursor, limit });
const cutText = z.object({
  text: z.string().describe('as captured: untrusted'),
  isCut: z.boolean(),
});

const exchangeRowSchema = z.object({
  id: z.int(),
  startedAt: instant,
  offsetMs: z.number().describe('since the capture began'),
  method: z.string(),
  url: z.string(),
  host: z.string(),
  isForeign: z.boolean().describe('of another registrable domain than the page at the end'),
  status: z.int().optional(),
  statusText: z.string().optional(),
  failure: z.string().optional(),
  mediaType: z.string().optional(),
  resourceType: z.string().optional(),
  cause: z.string().optional().describe('as in host pairs'),
  basis: z.string().optional().describe('what the cause was told from'),
  parentUrl: z.string().optional(),
  place: placeSchema.optional().describe('where the line stands that caused it'),
  sizeBytes: z.number().optional(),
  encodedSizeBytes: z.number().optional(),
  sha256: z.string().optional(),
  sha1: z.string().optional(),
  md5: z.string().optional(),
  magic: z.string().optional(),
  truncated: z.string().optional(),
  bodyAbsence: z.string().optional(),
  durationMs: z.number().optional(),
  timings: z.record(z.string(), z.number()).optional(),
  address: z.string().optional(),
  port: z.int().optional(),
  protocol: z.string().optional(),
  tls: z
    .object({
      version: z.string(),
      cipherSuite: z.string(),
      isResumed: z.boolean(),
      distrust: z.string().optional(),
      leaf: z.string().optional(),
    })
    .optional(),
  source: z.string(),
  servedBy: z.string().optional(),
  step: z.int().optional(),
  isMainFrame: z.boolean().optional(),
  redirectedFrom: z.int().optional(),
  isDownload: z.boolean().optional(),
  isText: z.boolean().describe('its body can be read as text'),
});
export type ExchangeRow = z.infer<typeof exchangeRowSchema>;

const facet = z.array(z.object({ value: z.string(), count: z.int() }));
const headerList = z.array(z.object({ name: z.string(), value: z.string(), isCut: z.boolean() }));

const treeNodeSchema = z.object({
  id: z.int(),
  parent: z.int().optional(),
  depth: z.int(),
  host: z.string(),
  isForeign: z.boolean(),
  causes: z.array(z.string()).describe('why the host above led here'),
  exchanges: z.int(),
  firstExchange: z.int(),
  urls: z.array(z.object({ exchange: z.int(), url: z.string(), status: z.int().optional() })),
  kinds: facet.describe('resource types'),
  sizeBytes: z.number(),
  failures: z.int(),
  downloads: z.int(),
  cookies: z.int(),
});

const overviewSchema = z.object({
  capture: captureSchema,
  software: z.string(),
  finishedAt: instant,
  outcome: outcomeSchema,
  limits: z.array(limitReachedSchema),
  persona: z.object({
    id: z.string(),
    title: z.string(),
    userAgent: z.string(),
    languages: z.array(z.string()),
    timeZone: z.string(),
    viewport: z.object({ width: z.number(), height: z.number(), isMobile: z.boolean() }),
    referrer: z.string().optional(),
    proxy: z.string().optional(),
  }),
  browser: z.string().optional(),
  crawl: z.object({ id: z.string(), depth: z.number(), parentCapture: z.string().optional() }).optional(),
  bundleBytes: z.number(),
  counts: z.record(z.string(), z.int()),
  screenshots: z.array(
    z.object({
      index: z.int(),
      kind: z.enum(['viewport', 'fullPage', 'step']),
      width: z.number(),
      height: z.number(),
      at: instant,
      step: z.int().optional(),
    }),
  ),
  steps: z.array(stepSchema.omit({ screenshot: true })),
  documents: z.array(
    z.object({
      id: z.int(),
      url: z.string(),
      title: z.string().optional(),
      isMainFrame: z.boolean(),
      isPopup: z.boolean(),
      texts: z.array(
        z.object({ name: z.string(), phase: z.enum(['delivered', 'loaded', 'final', 'visible']) }),
      ),
    }),
  ),
  dialogs: z.array(z.object({ kind: z.string(), message: z.string(), url: z.string(), answer: z.string() })),
  popups: z.array(z.object({ url: z.string(), wasBlocked: z.boolean(), step: z.int().optional() })),
  denied: z.array(z.object({ host: z.string(), port: z.int(), reason: z.string(), at: instant })),
  workers: z.array(z.object({ type: z.string(), url: z.string() })),
  missingWalls: z.array(z.string()),
  isListCut: z.boolean().describe('some list above is longer than what is given here'),
});

const textRowSchema = z.object({
  line: z.int(),
  column: z.int().describe('above 1: continues the line'),
  text: z.string().describe('as captured: untrusted'),
});
const markSchema = z.object({
  row: z.int(),
  line: z.int(),
  column: z.int(),
  length: z.int(),
});
const diffLine = z.object({ line: z.int(), text: z.string() });

const pairSchema = z.object({ source: z.string(), label: z.string(), target: z.string() });

/** What is inside a capture, read from its bundle. */
export const captureContentRoutes = {
  getCaptureOverview: {
    method: 'GET',
    path: '/captures/{id}/overview',
    summary:
      'What became of a visit: outcome, limits, steps, screenshots, documents, and how much there is of all else',
    scope: 'read',
    isForGuests: true,
    params: byId,
    reply: overviewSchema,
  },
  listExchanges: {
    method: 'GET',
    path: '/captures/{id}/exchanges',
    summary: 'Every request of a capture with its response, filtered and sorted',
    scope: 'read',
    isForGuests: true,
    params: byId,
    query: part.extend({
      contains: text(500).optional().describe('in URL, media type, address or a digest'),
      host: text(253).optional(),
      type: text(50).optional().describe('resource type, or `other` where there is none'),
      status: z.enum(['1xx', '2xx', '3xx', '4xx', '5xx', 'failed', 'pending']).optional(),
      cause: z.enum(CAUSES as [string, ...string[]]).optional(), // the list is not empty
      step: z
        .string()
        .regex(/^\d{1,7}$/)
        .transform(Number)
        .optional(),
      isForeign: z.enum(['true', 'false']).optional(),
      sort: z
        .enum(['order', 'url', 'host', 'method', 'status', 'type', 'size', 'duration', 'cause', 'address'])
        .optional(),
      order: z.enum(['asc', 'desc']).optional(),
    }),
    reply: z.object({
      exchanges: z.array(exchangeRowSchema),
      total: z.int(),
      matching: z.int(),
      cursor: next,
      facets: z.object({ type: facet, status: facet, cause: facet, host: facet }),
    }),
  },
  getExchange: {
    method: 'GET',
    path: '/captures/{id}/exchanges/{exchange}',
    summary: 'One exchange whole: headers as sent, initiator, certificates, digests',
    scope: 'read',
    params: byId.extend({ exchange: index }),
    reply: exchangeRowSchema.extend({
      requestHeaders: headerList,
      responseHeaders: headerList,
      requestBody: z.object({ sizeBytes: z.number(), sha256: z.string() }).optional(),
      requestText: cutText.optional(),
      chain: z.array(z.string()),
      initiator: z
        .object({
          type: z.string(),
          url: z.string().optional(),
          stack: z.array(
            z.object({
              functionName: z.string(),
              url: z.string(),
              line: z.int(),
              column: z.int(),
              place: placeSchema.optional(),
            }),
          ),
        })
        .optional(),
      caused: z.array(z.int()).describe('exchanges that this one redirected to'),
    }),
  },
  getHostTree: {
    method: 'GET',
    path: '/captures/{id}/tree',
    summary: 'Hosts by what led to them: redirects, documents, scripts; each below the host that caused it',
    scope: 'read',
    isForGuests: true,
    params: byId,
    reply: z.object({ nodes: z.array(treeNodeSchema), isCut: z.boolean() }),
  },
  getText: {
    method: 'GET',
    path: '/captures/{id}/text',
    summary: 'A text of a capture in rows: its lines, long ones in parts',
    scope: 'read',
    isForGuests: true,
    params: byId,
    query: z.object({
      name: textName,
      from: cursor.describe('first row, counted from 0; default 0'),
      rows: limit,
      line: z.coerce
        .number()
        .int()
        .min(1)
        .max(100_000_000)
        .optional()
        .describe('start near this line instead'),
      column: z.coerce.number().int().min(1).max(100_000_000).optional(),
    }),
    reply: z.object({
      name: z.string(),
      rowCount: z.int(),
      lineCount: z.int(),
      sizeCharacters: z.int(),
      isCut: z.boolean().describe('the text is longer than what is shown of any'),
      from: z.int(),
      rows: z.array(textRowSchema),
      at: z.int().optional().describe('row that holds the line and column asked for'),
    }),
  },
  findInText: {
    method: 'GET',
    path: '/captures/{id}/text/find',
    summary: 'Where a text of a capture holds some words, ignoring case',
    scope: 'read',
    isForGuests: true,
    params: byId,
    query: z.object({ name: textName, words: text(200, 1), limit }),
    reply: z.object({ places: z.array(markSchema), isCut: z.boolean() }),
  },
  getTextMarks: {
    method: 'GET',
    path: '/captures/{id}/text/marks',
    summary: 'What was observed in a text of a capture, each with its place',
    scope: 'read',
    isForGuests: true,
    params: byId,
    query: z.object({ name: textName, limit }),
    reply: z.object({
      marks: z.array(
        markSchema.extend({
          dataset: datasetIdSchema,
          source: z.string(),
          label: z.string(),
          target: z.string(),
        }),
      ),
      isCut: z.boolean(),
    }),
  },
  compareTexts: {
    method: 'GET',
    path: '/captures/{id}/text/diff',
    summary: 'How one text of a capture differs from another, of the same capture or of another one',
    scope: 'read',
    params: byId,
    query: z.object({ from: textName, to: textName, other: text(200, 1).optional() }),
    reply: z.object({
      blocks: z.array(
        z.object({
          kind: z.enum(['same', 'changed']),
          from: z.array(diffLine),
          to: z.array(diffLine),
          hidden: z.int().describe('pieces that are the same and left out in the middle'),
        }),
      ),
      added: z.int(),
      removed: z.int(),
      same: z.int(),
      isCut: z.boolean(),
    }),
  },
  getScreenshot: {
    method: 'GET',
    path: '/captures/{id}/screenshots/{index}',
    summary: 'A screenshot, by its index in the overview',
    scope: 'read',
    isForGuests: true,
    params: byId.extend({ index }),
    media: ['image/png', 'image/jpeg', 'image/webp'],
  },
  listConsole: {
    method: 'GET',
    path: '/captures/{id}/console',
    summary: 'What the page wrote to the console, and its exceptions',
    scope: 'read',
    params: byId,
    query: part,
    reply: z.object({
      messages: z.array(
        cutText.extend({
          kind: z.string(),
          url: z.string().optional(),
          line: z.int().optional(),
          column: z.int().optional(),
          at: instant,
          place: placeSchema.optional(),
        }),
      ),
      cursor: next,
    }),
  },
  listCookies: {
    method: 'GET',
    path: '/captures/{id}/cookies',
    summary: 'Cookies at the end of a visit, and who set them',
    scope: 'read',
    params: byId,
    query: part,
    reply: z.object({ cookies: z.array(cookieSchema.extend({ isCut: z.boolean() })), cursor: next }),
  },
  listStorage: {
    method: 'GET',
    path: '/captures/{id}/storage',
    summary: 'Local and session storage at the end of a visit',
    scope: 'read',
    params: byId,
    query: part,
    reply: z.object({
      items: z.array(
        cutText.extend({ origin: z.string(), kind: z.enum(['local', 'session']), key: z.string() }),
      ),
      cursor: next,
    }),
  },
  listCertificates: {
    method: 'GET',
    path: '/captures/{id}/certificates',
    summary: 'Certificates that servers presented',
    scope: 'read',
    isForGuests: true,
    params: byId,
    query: part,
    reply: z.object({
      certificates: z.array(
        z.object({
          sha256: z.string(),
          sha1: z.string().optional(),
          subject: z.string().optional(),
          issuer: z.string().optional(),
          serial: z.string().optional(),
          notBefore: z.string().optional(),
          notAfter: z.string().optional(),
          names: z.array(z.string()),
          hosts: z.array(z.string()).describe('that presented it as their own'),
          distrust: z.string().optional(),
        }),
      ),
      cursor: next,
    }),
  },
  listDownloads: {
    method: 'GET',
    path: '/captures/{id}/downloads',
    summary: 'Files that the page gave, and the way that led to each; never their bytes',
    scope: 'read',
    isForGuests: true,
    params: byId,
    query: part,
    reply: z.object({
      downloads: z.array(
        z.object({
          id: z.int(),
          url: z.string(),
          suggestedName: z.string(),
          state: z.string(),
          step: z.int().optional(),
          exchange: z.int().optional(),
          sizeBytes: z.number().optional(),
          sha256: z.string().optional(),
          sha1: z.string().optional(),
          md5: z.string().optional(),
          magic: z.string().optional(),
          truncated: z.string().optional(),
          chain: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
        }),
      ),
      cursor: next,
    }),
  },
  listLinks: {
    method: 'GET',
    path: '/captures/{id}/links',
    summary: 'Addresses that the pages link to',
    scope: 'read',
    isForGuests: true,
    params: byId,
    query: part,
    reply: z.object({
      links: z.array(z.object({ url: z.string(), host: z.string().optional(), isForeign: z.boolean() })),
      total: z.int(),
      cursor: next,
    }),
  },
  listWebSockets: {
    method: 'GET',
    path: '/captures/{id}/web-sockets',
    summary: 'WebSockets of a visit with their messages',
    scope: 'read',
    params: byId,
    query: part,
    reply: z.object({
      messages: z.array(
        cutText.extend({
          socket: z.int(),
          url: z.string(),
          isSent: z.boolean(),
          isBinary: z.boolean(),
          at: instant.optional(),
        }),
      ),
      sockets: z.array(z.object({ url: z.string(), exchange: z.int().optional(), messages: z.int() })),
      cursor: next,
    }),
  },
  listVisits: {
    method: 'GET',
    path: '/captures/{id}/visits',
    summary: 'Captures of the same address, newest first, this one among them',
    scope: 'read',
    params: byId,
    query: z.object({ limit }),
    reply: z.object({ captures: z.array(captureSchema) }),
  },
  getChanges: {
    method: 'GET',
    path: '/captures/{id}/changes',
    summary: 'What another capture was shown that this one was not, and the other way round',
    scope: 'read',
    params: byId,
    query: z.object({ since: text(200, 1).describe('id of the other capture') }),
    reply: z.object({
      since: captureSchema,
      now: captureSchema,
      differences: z.array(z.object({ aspect: z.string(), isMaterial: z.boolean(), says: z.string() })),
      inconclusive: z.array(z.object({ persona: z.string(), why: z.string() })),
      datasets: z.array(
        z.object({
          dataset: datasetIdSchema,
          appeared: z.array(pairSchema),
          vanished: z.array(pairSchema),
          isCut: z.boolean(),
        }),
      ),
    }),
  },
} as const satisfies Record<string, Route>;
