import { z } from 'zod';
import type { Route } from '../route.ts';

const demoSchema = z.object({
  state: z.enum(['unavailable', 'idle', 'running', 'done', 'failed']),
  line: z.string(),
  done: z.int(),
  total: z.int(),
  project: z.string().optional().describe('id of the project that the replay made'),
});

/** What happens now. */
export const liveRoutes = {
  events: {
    method: 'GET',
    path: '/events',
    summary:
      'Server-sent events: captures, imports, alerts, changes of projects, as far as you may see them. `reset` says that events were missed: ask for everything again',
    scope: 'read',
    isForGuests: true,
    media: ['text/event-stream'],
  },
  getDemo: {
    method: 'GET',
    path: '/demo',
    summary: 'Whether the demonstration can be replayed into this store, and how far it is',
    scope: 'read',
    reply: demoSchema,
  },
  replayDemo: {
    method: 'POST',
    path: '/demo',
    summary: 'Replay a phishing campaign on a test internet into this store while it is empty',
    scope: 'capture',
    reply: demoSchema,
    status: 202,
  },
} as const satisfies Record<string, Route>;
