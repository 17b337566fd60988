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
} from '../schemas.ts';

const pivotQuerySchema = z.object({
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
  contains: text(253).optional(),
  sort: z.enum(['value', 'firstSeen', 'lastSeen', 'count']).optional(),
  order: z.enum(['asc', 'desc']).optional(),
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
