import { SCOPES } from '#model';
import { z } from 'zod';
import { instant, text, byId } from '../fields.ts';
import type { Route } from '../route.ts';

const keySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  owner: z.object({ id: z.uuid(), name: z.string() }).describe('account that it acts for'),
  scopes: z.array(z.enum(SCOPES)),
  createdAt: instant,
  isRevoked: z.boolean(),
});

const newKeySchema = z.strictObject({
  name: text(200, 1),
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
});

/** Keys of the API. */
export const keyRoutes = {
  listKeys: {
    method: 'GET',
    path: '/keys',
    summary: 'API keys, without their secrets',
    scope: 'admin',
    reply: z.object({ keys: z.array(keySchema) }),
  },
  createKey: {
    method: 'POST',
    path: '/keys',
    summary: 'Make an API key; its secret is shown once',
    scope: 'admin',
    body: newKeySchema,
    reply: z.object({ key: keySchema, secret: z.string() }),
    status: 201,
  },
  revokeKey: {
    method: 'DELETE',
    path: '/keys/{id}',
    summary: 'Revoke an API key',
    scope: 'admin',
    params: byId,
  },
} as const satisfies Record<string, Route>;
