import { z } from 'zod';
import { byId, instant, limit, page, text } from '../fields.ts';
import type { Route } from '../route.ts';
import { datasetIdSchema, openedEvidenceSchema } from '../schemas.ts';

const path = text(4_096, 1);

const progressSchema = z.object({
  doneBytes: z.number(),
  totalBytes: z.number(),
  doneFiles: z.int(),
  totalFiles: z.int(),
  pages: z.int(),
  pairs: z.int(),
  bytesPerSecond: z.number(),
  secondsLeft: z.number().optional(),
});

const importSchema = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'stopped', 'failed']),
  request: z.object({
    paths: z.array(z.string()),
    lists: z.array(z.string()).optional(),
    base: z.string().optional(),
    verify: z.boolean().optional(),
    takeIn: z.boolean().optional(),
    workers: z.int().optional(),
  }),
  progress: progressSchema.optional().describe('while it runs'),
  totals: z
    .object({
      files: z.int(),
      skippedFiles: z.int().optional().describe('of them, stored before and in no other sum'),
      records: z.int(),
      pages: z.int(),
      pairs: z.int(),
      problemCount: z.int(),
      isPartial: z.boolean(),
    })
    .optional()
    .describe('when it is over'),
  error: z.object({ code: z.string(), message: z.string() }).optional().describe('what ended it'),
  createdAt: instant,
  finishedAt: instant.optional(),
});

const importedFileSchema = z.object({
  seq: z.int().describe('its place in the import'),
  file: z.string(),
  isDone: z.boolean().describe('all of it is stored'),
  isSkipped: z.boolean().describe('it was stored before this import'),
  sizeBytes: z.number(),
  keptAt: z.string().optional().describe('where a copy lies that was taken in'),
  sha256: z.string().optional(),
  format: z.string().optional(),
  records: z.int().optional(),
  pages: z.int().optional(),
  pairs: z.int().optional(),
  observations: z.int().optional(),
  foreignRevisits: z.int().optional(),
  problemCount: z.int().optional(),
  problems: z.array(z.object({ file: z.string(), offset: z.number(), what: z.string() })).optional(),
});

/** Archives that are read into the datasets. */
export const importRoutes = {
  startImport: {
    method: 'POST',
    path: '/imports',
    summary:
      'Read archives that lie on the machine of the server: in its folders for imports, or for the owner’s own commands anywhere',
    scope: 'admin',
    body: z.strictObject({
      paths: z.array(path).max(10_000).describe('relative ones lie below the first folder for imports'),
      lists: z.array(path).max(100).optional().describe('files that list archives, one path a line'),
      base: path.optional().describe('folder that the paths of lists are relative to'),
      verify: z.boolean().optional(),
      takeIn: z.boolean().optional().describe('copy the archives into the data directory'),
      workers: z.int().min(1).max(64).optional(),
    }),
    reply: importSchema,
    status: 202,
  },
  listImports: {
    method: 'GET',
    path: '/imports',
    summary: 'Imports under way and over, newest first',
    scope: 'read',
    query: page,
    reply: z.object({
      imports: z.array(importSchema),
      folders: z
        .array(z.string())
        .optional()
        .describe('for administrators: where archives lie that the app and API keys may import'),
    }),
  },
  getImport: {
    method: 'GET',
    path: '/imports/{id}',
    summary: 'One import',
    scope: 'read',
    params: byId,
    reply: importSchema,
  },
  listImportFiles: {
    method: 'GET',
    path: '/imports/{id}/files',
    summary: 'The archives of an import, with what was found in each',
    scope: 'read',
    params: byId,
    query: z.object({
      limit,
      skip: z.coerce
        .number()
        .int()
        .min(1)
        .max(2 ** 31 - 1)
        .optional()
        .describe('files of the pages before'),
    }),
    reply: z.object({ files: z.array(importedFileSchema) }),
  },
  stopImport: {
    method: 'POST',
    path: '/imports/{id}/stop',
    summary:
      'End an import where it is; what is stored stays, and the same import begun again goes on from there',
    scope: 'admin',
    params: byId,
    reply: importSchema,
  },
  getEdgeEvidence: {
    method: 'GET',
    path: '/evidence',
    summary: 'The line or exchange behind an edge, from the capture or archive that showed it last',
    scope: 'read',
    query: z.object({
      dataset: datasetIdSchema,
      source: text(16_384, 1),
      label: text(4_096),
      target: text(16_384, 1),
    }),
    reply: openedEvidenceSchema,
  },
} as const satisfies Record<string, Route>;
