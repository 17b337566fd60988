import { z } from 'zod';
import { byId, flag, instant, limit, text } from '../fields.ts';
import type { Route } from '../route.ts';
import { artifactSchema } from '../schemas.ts';

const savedSearchSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  query: z.string(),
  isWatched: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  evaluatedAt: instant.optional().describe('when it was asked last, as a monitor'),
  answers: z.int().describe('answers it has had as a monitor'),
  openAlerts: z.int(),
  problem: z.string().optional().describe('why it could not be asked, or not whole, the last time'),
});

const alertSchema = z.object({
  id: z.int(),
  search: z.object({ id: z.uuid(), name: z.string(), query: z.string() }),
  artifact: artifactSchema,
  at: instant,
  acknowledgedAt: instant.optional(),
  acknowledgedBy: z.string().optional(),
});

const query = text(8_192, 1);
const number = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** Saved searches of the caller; watched, they are monitors, and their new answers are alerts. */
export const savedSearchRoutes = {
  listSearches: {
    method: 'GET',
    path: '/searches',
    summary: 'Your saved searches',
    scope: 'read',
    reply: z.object({ searches: z.array(savedSearchSchema) }),
  },
  createSearch: {
    method: 'POST',
    path: '/searches',
    summary: 'Save a search; watched, its new answers become alerts',
    scope: 'write',
    body: z.strictObject({ name: text(200, 1), query, isWatched: z.boolean().optional() }),
    reply: savedSearchSchema,
    status: 201,
  },
  changeSearch: {
    method: 'PUT',
    path: '/searches/{id}',
    summary: 'Change a saved search; what is left out stays',
    scope: 'write',
    params: byId,
    body: z.strictObject({
      name: text(200, 1).optional(),
      query: query.optional(),
      isWatched: z.boolean().optional(),
    }),
    reply: savedSearchSchema,
  },
  deleteSearch: {
    method: 'DELETE',
    path: '/searches/{id}',
    summary: 'Delete a saved search with its alerts',
    scope: 'write',
    params: byId,
  },
  listAlerts: {
    method: 'GET',
    path: '/alerts',
    summary: 'New answers to your monitors, newest first',
    scope: 'read',
    query: z.object({
      search: z.uuid().optional(),
      isOpen: flag.describe('true: not yet acknowledged'),
      before: number.optional().describe('the id of the last alert of the page before'),
      limit,
    }),
    reply: z.object({ alerts: z.array(alertSchema) }),
  },
  acknowledgeAlerts: {
    method: 'POST',
    path: '/alerts/acknowledge',
    summary: 'Acknowledge alerts: by id, all of a search, or (with neither) all',
    scope: 'write',
    body: z.strictObject({
      ids: z.array(z.int().min(1)).max(1_000).optional(),
      search: z.uuid().optional(),
    }),
    reply: z.object({ acknowledged: z.int() }),
  },
} as const satisfies Record<string, Route>;
