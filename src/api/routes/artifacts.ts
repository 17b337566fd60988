import { CAUSES } from '#model';
import { z } from 'zod';
import { flag, instant, limit, moment, text, value } from '../fields.ts';
import type { Route } from '../route.ts';
import {
  artifactSchema,
  captureSchema,
  classificationSchema,
  datasetIdSchema,
  edgeSchema,
  statusSchema,
} from '../schemas.ts';

/** Which edges of an artifact: everything but order and page. */
const edgeFilterSchema = z.object({
  dataset: datasetIdSchema,
  direction: z.enum(['forward', 'reverse']),
  value,
  withSubdomains: flag,
  label: z.union([text(256), z.array(text(256)).max(CAUSES.length)]).optional(),
  isObserved: flag,
  seenFrom: moment.optional(),
  seenTo: moment.optional(),
  foreignTo: z
    .union([text(253), z.array(text(253)).max(50)])
    .optional()
    .describe('leave out these domains and all below them'),
  within: z
    .union([text(253), z.array(text(253)).max(50)])
    .optional()
    .describe('only these domains and what lies below them, on the other side'),
  detail: z
    .union([text(1_000), z.array(text(1_000)).max(20)])
    .optional()
    .describe('only edges whose detail says so: `field=value`'),
  contains: text(253).optional(),
});

const sort = z
  .enum(['value', 'firstSeen', 'lastSeen', 'count'])
  .optional()
  .describe(
    'default: value. By value and first seen, pages hold every edge of the start once, whatever arrives meanwhile; by last seen and count, what is seen again changes its place',
  );
const order = z.enum(['asc', 'desc']).optional();

const sharedAtMost = z.coerce
  .number()
  .int()
  .min(1)
  .max(1_000_000_000)
  .optional()
  .describe('hide what more than so many share');

const pivotQuerySchema = edgeFilterSchema.extend({
  sharedAtMost,
  sort,
  order,
  limit,
  cursor: text(16_384).optional().describe('of the page before, with the same other parameters'),
});

const pivotPageSchema = z.object({ edges: z.array(edgeSchema), cursor: z.string().optional() });

const summarySchema = z.object({
  artifact: artifactSchema,
  unicode: z.string().optional(),
  counts: z.array(
    z.object({
      dataset: datasetIdSchema,
      direction: z.enum(['forward', 'reverse']),
      edges: z.int(),
      observations: z.int(),
      firstSeen: instant,
      lastSeen: instant,
    }),
  ),
  firstSeen: instant.optional(),
  lastSeen: instant.optional(),
  insights: z.array(z.object({ id: z.string(), isTrue: z.boolean(), text: z.string() })),
  captures: z.array(captureSchema),
  verdict: z
    .object({
      score: z.int().describe('0 to 100: the sum of the rules that hold'),
      level: z.enum(['malicious', 'suspicious', 'notable', 'benign', 'unknown']),
      rules: z.array(z.object({ id: z.string(), text: z.string(), points: z.int(), isTrue: z.boolean() })),
    })
    .optional()
    .describe('of hosts'),
  classification: classificationSchema,
  tags: z.array(z.string()),
  projects: z
    .array(z.object({ id: z.uuid(), name: z.string(), status: statusSchema }))
    .describe('those that hold it'),
});

const graphSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      artifact: artifactSchema,
      unicode: z.string().optional(),
      isSeed: z.boolean(),
      status: statusSchema.optional().describe('in the project asked about'),
      degree: z.int(),
    }),
  ),
  edges: z.array(
    z.object({
      from: z.string().describe('id of the source'),
      to: z.string(),
      dataset: datasetIdSchema,
      label: z.string(),
      shared: z.int().describe('how many share what was found; 1: nobody else'),
      firstSeen: instant,
      lastSeen: instant,
      count: z.int(),
    }),
  ),
  hidden: z
    .array(z.object({ artifact: artifactSchema, dataset: datasetIdSchema, shared: z.int() }))
    .describe('too common to be drawn'),
  more: z
    .array(z.object({ id: z.string(), dataset: datasetIdSchema, direction: z.enum(['forward', 'reverse']) }))
    .describe('nodes with more edges than were read'),
  isCut: z.boolean().describe('the limit of nodes left others out'),
});

const markSchema = z.object({
  artifact: artifactSchema,
  classification: classificationSchema,
  tags: z.array(z.string()),
  updatedAt: instant.optional(),
  updatedBy: z.string().optional(),
});

/** Looking things up. */
export const artifactRoutes = {
  getArtifact: {
    method: 'GET',
    path: '/artifacts',
    summary: 'What is known of an artifact: counts a dataset, life span, insights',
    scope: 'read',
    query: z.object({ value }),
    reply: summarySchema,
  },
  pivot: {
    method: 'GET',
    path: '/pivot',
    summary: 'One step from a value through a dataset',
    scope: 'read',
    query: pivotQuerySchema,
    reply: pivotPageSchema,
  },
  getFacets: {
    method: 'GET',
    path: '/artifacts/facets',
    summary: 'Edges of an artifact counted by label, by domain on the other side, by details',
    scope: 'read',
    query: edgeFilterSchema,
    reply: z.object({
      total: z.int().describe('edges that meet all of the filters'),
      facets: z.array(
        z.object({
          field: z
            .string()
            .describe('label, domain (filter: within), isObserved, or detail.FIELD (filter: detail)'),
          values: z
            .array(z.object({ value: z.string(), count: z.int() }))
            .describe('most frequent first; a field’s own filter does not narrow them'),
          hasMore: z.boolean(),
        }),
      ),
      leftOut: z.array(z.string()).describe('fields for which there are too many edges to look into'),
    }),
  },
  getHeatmap: {
    method: 'GET',
    path: '/artifacts/heatmap',
    summary: 'What was seen for the first and the last time when, a dataset and direction',
    scope: 'read',
    query: z.object({
      value,
      by: z.enum(['day', 'month']).optional().describe('default: month'),
      from: z.iso.date().optional(),
      to: z.iso.date().optional(),
      dataset: z.union([datasetIdSchema, z.array(datasetIdSchema).max(50)]).optional(),
    }),
    reply: z.object({
      cells: z.array(
        z.object({
          at: z.iso.date().describe('the day, or the first of the month'),
          dataset: datasetIdSchema,
          direction: z.enum(['forward', 'reverse']),
          first: z.int().describe('edges first seen then'),
          last: z.int().describe('edges last seen then'),
        }),
      ),
    }),
  },
  exportEdges: {
    method: 'GET',
    path: '/artifacts/export',
    summary: 'The edges that meet the filters, all of them, as CSV or JSON',
    scope: 'read',
    query: edgeFilterSchema.extend({ sharedAtMost, sort, order, format: z.enum(['csv', 'json']) }),
    media: ['text/csv', 'application/json'],
  },
  getGraph: {
    method: 'POST',
    path: '/graph',
    summary: 'Nodes and edges around artifacts or a project; what everybody shares is named, not drawn',
    scope: 'read',
    body: z.strictObject({
      values: z.array(value).max(1_000).optional(),
      project: text(200, 1).optional().describe('all of its artifacts that are not dismissed'),
      datasets: z.array(datasetIdSchema).max(50).optional(),
      direction: z.enum(['forward', 'reverse', 'both']).optional(),
      hideAbove: z.int().min(1).max(1_000_000_000).optional().describe('default 100'),
      steps: z
        .union([z.literal(1), z.literal(2)])
        .optional()
        .describe('2: also who shares what was found'),
      each: z.int().min(1).max(500).optional().describe('edges of a node, dataset and direction; default 50'),
      limit: z.int().min(1).max(5_000).optional().describe('nodes; default 500'),
    }),
    reply: graphSchema,
  },
  getMark: {
    method: 'GET',
    path: '/artifacts/mark',
    summary: 'Classification and tags of an artifact',
    scope: 'read',
    query: z.object({ value }),
    reply: markSchema,
  },
  putMark: {
    method: 'PUT',
    path: '/artifacts/mark',
    summary: 'Classify or tag an artifact; what is left out stays',
    scope: 'write',
    body: z.strictObject({
      value,
      classification: classificationSchema.optional(),
      tags: z.array(text(100)).max(50).optional().describe('in place of those there were'),
    }),
    reply: markSchema,
  },
  getMarkHistory: {
    method: 'GET',
    path: '/artifacts/mark/history',
    summary: 'Every change of classification and tags, newest first',
    scope: 'read',
    query: z.object({ value, limit }),
    reply: z.object({
      history: z.array(z.object({ at: instant, actor: z.string(), change: z.unknown() })),
    }),
  },
} as const satisfies Record<string, Route>;
