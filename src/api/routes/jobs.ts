import { z } from 'zod';
import { instant, byNumber, page } from '../fields.ts';
import type { Route } from '../route.ts';
import { jobCountsSchema } from '../schemas.ts';

const jobSchema = z.object({
  id: z.int(),
  kind: z.string(),
  payload: z.unknown(),
  host: z.string().optional(),
  priority: z.int(),
  state: z.enum(['queued', 'running', 'done', 'dead']),
  runAt: instant,
  attempts: z.int(),
  maxAttempts: z.int(),
  result: z.unknown().optional(),
  lastError: z.string().optional(),
  createdAt: instant,
  finishedAt: instant.optional(),
});

/** The queue. */
export const jobRoutes = {
  listJobs: {
    method: 'GET',
    path: '/jobs',
    summary: 'Jobs in a state: next first, of those that are over the latest',
    scope: 'read',
    query: page.extend({
      state: z.enum(['queued', 'running', 'done', 'dead']).default('queued'),
      crawl: z.uuid().optional().describe('only its visits'),
    }),
    reply: z.object({ jobs: z.array(jobSchema), counts: jobCountsSchema }),
  },
  getJob: {
    method: 'GET',
    path: '/jobs/{id}',
    summary: 'One job',
    scope: 'read',
    params: byNumber,
    reply: jobSchema,
  },
  retryJob: {
    method: 'POST',
    path: '/jobs/{id}/retry',
    summary: 'Queue a dead job again',
    scope: 'capture',
    params: byNumber,
    reply: jobSchema,
  },
} as const satisfies Record<string, Route>;
