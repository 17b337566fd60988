import { z } from 'zod';
import { text } from '../fields.ts';
import type { Route } from '../route.ts';

const placeSchema = z
  .object({ line: z.int(), column: z.int(), offset: z.int(), length: z.int() })
  .describe('in the text of that side; line and column from 1, offset and length in UTF-16 units');

const sideSchema = z.object({
  url: z.string(),
  captureId: z.string().optional(),
  capturedAt: z.string().optional(),
  title: z.string().optional(),
  phase: z.string().describe('delivered, loaded or final: the text that places lie in'),
  unreadScreen: z
    .enum(['missing', 'no JPEG', 'too large', 'damaged'])
    .optional()
    .describe('why its screenshot was not compared'),
});

const targetSchema = z.object({
  handler: z.string(),
  url: z.string(),
  steps: z.array(z.object({ what: z.string(), name: z.string(), code: z.string() })),
});

const differenceSchema = z.object({
  kind: z.enum(['added', 'removed', 'moved', 'changed']),
  what: z
    .string()
    .describe('text, title, control, form, resource, script, meta, element, comment, wallet, download'),
  says: z.string(),
  weight: z.number().describe('higher first'),
  tag: z.string(),
  text: z.string(),
  copy: placeSchema.optional(),
  original: placeSchema.optional(),
  copyExcerpt: z.string().optional().describe('what stands there, as written: untrusted'),
  originalExcerpt: z.string().optional(),
  attribute: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  handler: z.string().optional().describe('the code that the control runs'),
  leadsTo: z.array(targetSchema).optional(),
  screen: z
    .object({ x: z.number(), y: z.number() })
    .optional()
    .describe('CSS pixels of the viewport screenshot'),
});

const shareSchema = z.object({ count: z.int(), of: z.int() });

const comparisonSchema = z.object({
  a: sideSchema,
  b: sideSchema,
  copy: z.enum(['a', 'b']).describe('which of the two is the copy'),
  direction: z.string(),
  verdict: z.object({
    isCopy: z.boolean(),
    level: z.enum(['HIGH', 'MEDIUM', 'LOW', 'NONE']),
    score: z.number(),
    evidence: z.array(z.object({ kind: z.string(), score: z.number(), says: z.string() })),
    counterEvidence: z.array(z.string()),
    likeness: z
      .record(z.string(), z.union([z.number(), z.record(z.string(), z.number())]))
      .describe('shares by kind of content, and the sizes that they were told from'),
  }),
  shares: z.object({
    text: z.number(),
    markup: z.number(),
    resources: z.number(),
    kept: z.object({ texts: shareSchema, elements: shareSchema, resources: shareSchema }),
  }),
  hotlinks: z.array(
    z.object({
      url: z.string(),
      host: z.string(),
      kind: z.string(),
      element: z.string(),
      place: placeSchema,
    }),
  ),
  stamps: z.array(
    z.object({
      tool: z.string(),
      sourceHost: z.string(),
      sourceUrl: z.string().optional(),
      copiedAt: z.string().optional(),
    }),
  ),
  claims: z.array(z.object({ kind: z.string(), host: z.string() })),
  differences: z.array(differenceSchema),
  differenceCount: z.int(),
  version: z.object({ copiedAt: z.string().optional(), says: z.string() }),
  isCut: z.boolean().describe('a page has more elements and texts than are compared'),
});

const sides = z.object({
  a: text(8_192, 1).describe('the original: id of a capture, or a URL or host that was captured'),
  b: text(8_192, 1).describe('what may be its copy, likewise'),
});

const foundPageSchema = z.object({
  url: z.string(),
  host: z.string(),
  captureId: z.string().optional(),
  seenAt: z.string(),
});

const foundCopySchema = z.object({
  brand: z.string(),
  page: foundPageSchema,
  original: foundPageSchema.describe(
    'the version of the brand’s page that was copied, as far as that is known',
  ),
  copiedAt: z.string().optional().describe('as a copying tool’s stamp has it'),
  level: z.string(),
  score: z.number(),
  evidence: z.array(z.object({ kind: z.string(), score: z.number(), says: z.string() })),
});

/** Whether one page copies another. */
export const compareRoutes = {
  comparePages: {
    method: 'GET',
    path: '/compare',
    summary: 'Two captured pages, point by point: does one copy the other, and what was done to it',
    scope: 'read',
    query: sides,
    reply: comparisonSchema,
  },
  findCopies: {
    method: 'POST',
    path: '/copies',
    summary: 'Copies of the brands’ pages among all stored pages; they become observations',
    scope: 'write',
    body: z.strictObject({ brand: text(253, 1).optional() }),
    reply: z.object({ copies: z.array(foundCopySchema) }),
  },
  getCopyReport: {
    method: 'GET',
    path: '/compare/report',
    summary: 'The comparison as one HTML file that needs nothing else',
    scope: 'read',
    query: sides,
    media: ['text/html'],
  },
} as const satisfies Record<string, Route>;
