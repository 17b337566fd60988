import { z } from 'zod';
import { instant } from '../fields.ts';
import type { Route } from '../route.ts';
import { jobCountsSchema } from '../schemas.ts';

const serverStatusSchema = z.object({
  version: z.string(),
  startedAt: instant,
  observations: z.object({
    kind: z.enum(['embedded', 'server']),
    version: z.string(),
    edges: z.int().describe('rows of the forward table; rows of one edge merge over time'),
    captures: z.int(),
    hosts: z.int().describe('rows of host names seen'),
    diskBytes: z.int(),
    merges: z.int().describe('merges of the store under way'),
    restarts: z.int().describe('of the embedded server since this process started'),
    pending: z.int().describe('batches that the store has refused or not yet taken'),
  }),
  workspace: z.enum(['pglite', 'postgresql']),
  jobs: jobCountsSchema,
});

/** The server itself. */
export const statusRoutes = {
  status: {
    method: 'GET',
    path: '/status',
    summary: 'What this server holds and does',
    scope: 'read',
    reply: serverStatusSchema,
  },
} as const satisfies Record<string, Route>;
