import { z } from 'zod';
import { instant, text } from '../fields.ts';
import type { Route } from '../route.ts';
import { artifactSchema, edgeSchema } from '../schemas.ts';

/** Longest query. */
const query = text(8_192);

const termSchema = z.object({
  text: z.string(),
  start: z.int().describe('UTF-16 code units of the query'),
  end: z.int(),
});

const hitSchema = z.object({
  artifact: artifactSchema,
  unicode: z.string().optional(),
  why: z
    .array(
      z.object({
        term: termSchema,
        by: z.enum(['edges', 'name', 'mark']),
        edges: z.array(edgeSchema).describe('a few, those last seen first'),
      }),
    )
    .describe('one entry a condition that it meets'),
  rarest: z.int().optional().describe('how many share the rarest value among the reasons; 1: nobody else'),
  firstSeen: instant.optional().describe('of the reasons; of the host where it answers by its name alone'),
  lastSeen: instant.optional(),
  classification: z.string().optional(),
  tags: z.array(z.string()),
});

const fieldSchema = z.object({
  name: z.string(),
  kind: z.string(),
  text: z.string(),
  dataset: z.string().optional(),
  values: z.array(z.string()).optional().describe('where only these may stand'),
});

const suggestionSchema = z.object({
  kind: z.enum(['field', 'value', 'search', 'project', 'tag']),
  insert: z.string().describe('stands in place of the query from `start` to `end`'),
  start: z.int(),
  end: z.int(),
  text: z.string(),
  artifact: artifactSchema.optional(),
});

/** Asking over all datasets. */
export const searchRoutes = {
  search: {
    method: 'GET',
    path: '/search',
    summary: 'Artifacts that answer a query, hosts first, each with why',
    scope: 'read',
    query: z.object({
      query: query.min(1),
      sort: z.enum(['name', 'lastSeen', 'firstSeen', 'rarity']).optional(),
      limit: z.coerce.number().int().min(1).max(500).optional(),
      cursor: text(16_384).optional().describe('of the page before, with the same other parameters'),
    }),
    reply: z.object({
      hits: z.array(hitSchema),
      cursor: z.string().optional().describe('present while there may be more'),
      total: z.object({ count: z.int(), isExact: z.boolean().describe('false: at most so many') }),
      recognised: z.array(termSchema.extend({ artifact: artifactSchema })),
      limits: z.array(z.object({ limit: z.enum(['time', 'sorted']), text: z.string() })),
    }),
  },
  listFields: {
    method: 'GET',
    path: '/search/fields',
    summary: 'The fields of the query language',
    scope: 'read',
    reply: z.object({ fields: z.array(fieldSchema) }),
  },
  suggest: {
    method: 'GET',
    path: '/suggest',
    summary: 'What may stand next in a query: fields, values of all datasets, saved searches, projects, tags',
    scope: 'read',
    query: z.object({
      query,
      caret: z.coerce.number().int().min(1).max(8_192).optional().describe('default: at the end'),
      limit: z.coerce.number().int().min(1).max(50).optional(),
    }),
    reply: z.object({ suggestions: z.array(suggestionSchema) }),
  },
  recognise: {
    method: 'POST',
    path: '/recognise',
    summary: 'The artifacts of a pasted list, report or mail, and which are known',
    scope: 'read',
    body: z.strictObject({ text: text(1_000_000) }),
    reply: z.object({
      kind: z.enum(['text', 'mail']),
      artifacts: z.array(
        z.object({
          artifact: artifactSchema,
          written: z.string().optional().describe('as it stands in the text'),
          start: z.int().optional().describe('UTF-16 code units; of a text'),
          end: z.int().optional(),
          where: z.string().optional().describe('the part of a mail'),
          unicode: z.string().optional(),
          isKnown: z.boolean().describe('any observation names it'),
        }),
      ),
      limits: z.array(z.string()),
    }),
  },
} as const satisfies Record<string, Route>;
