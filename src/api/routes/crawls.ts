import { z } from 'zod';
import { byId, instant, page, text } from '../fields.ts';
import type { Route } from '../route.ts';
import { jobCountsSchema } from '../schemas.ts';
import { visitSchema } from './captures.ts';

const scope = z
  .enum(['page', 'host', 'domain', 'any'])
  .describe('which links are followed: none, those to the hosts of the seeds, to their domains, all');
const maxDepth = z.int().min(0).max(25).describe('links from a seed; 0 visits the seeds alone');
const maxPages = z.int().min(1).max(10_000).describe('addresses visited, seeds included');

const crawlSchema = z.object({
  id: z.uuid(),
  seeds: z.array(z.string()),
  scope,
  maxDepth,
  maxPages,
  createdAt: instant,
  stoppedAt: instant.optional(),
  counts: jobCountsSchema.describe('its visits by state'),
});

/** Crawls: pages and what they link to. */
export const crawlRoutes = {
  startCrawl: {
    method: 'POST',
    path: '/crawls',
    summary: 'Visit pages and follow their links within a scope; each visit is a job',
    scope: 'capture',
    body: visitSchema.extend({
      seeds: z.array(text(8_192, 1)).min(1).max(1_000),
      scope,
      maxDepth,
      maxPages,
    }),
    reply: crawlSchema,
    status: 202,
  },
  listCrawls: {
    method: 'GET',
    path: '/crawls',
    summary: 'Crawls under way and over, newest first',
    scope: 'read',
    query: page,
    reply: z.object({ crawls: z.array(crawlSchema) }),
  },
  getCrawl: {
    method: 'GET',
    path: '/crawls/{id}',
    summary: 'One crawl; its visits are the jobs that name it',
    scope: 'read',
    params: byId,
    reply: crawlSchema,
  },
  stopCrawl: {
    method: 'POST',
    path: '/crawls/{id}/stop',
    summary: 'Follow no more links and forget what waits; visits under way end by themselves',
    scope: 'capture',
    params: byId,
    reply: crawlSchema,
  },
} as const satisfies Record<string, Route>;
