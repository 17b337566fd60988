import { personaSchema } from '#model';
import { z } from 'zod';
import { text, byId, page } from '../fields.ts';
import type { Route } from '../route.ts';
import { datasetIdSchema, captureSchema, observationSchema, openedEvidenceSchema } from '../schemas.ts';

/** A persona of one's own; no text in it may be one that a store cannot keep. */
const ownPersonaSchema = personaSchema.refine(
  (persona) => !/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(persona)),
  'holds a NUL or half of a surrogate pair',
);

/** How a page is visited. */
export const visitSchema = z.strictObject({
  persona: z
    .union([text(100), ownPersonaSchema])
    .optional()
    .describe('a built-in one by its id, or one of your own'),
  interact: z.boolean().optional(),
  lane: z.enum(['browser', 'http']).optional(),
  timeoutSeconds: z.int().min(1).max(3_600).optional(),
});

const captureRequestSchema = visitSchema.extend({
  urls: z.array(text(8_192, 1)).min(1).max(1_000),
  crawl: z
    .strictObject({ id: text(100), depth: z.int().min(0).max(100), parentCapture: text(100).optional() })
    .optional()
    .describe('the crawl that asks for it; goes into the capture'),
  priority: z.int().min(-1_000).max(1_000).optional(),
  everySeconds: z.int().min(60).max(31_536_000).optional().describe('visit again and again'),
});

/** Visits and what they hold. */
export const captureRoutes = {
  listPersonas: {
    method: 'GET',
    path: '/personas',
    summary: 'Built-in personas: as whom pages can be visited',
    scope: 'read',
    reply: z.object({
      personas: z.array(z.object({ id: z.string(), title: z.string(), isMobile: z.boolean() })),
    }),
  },
  requestCaptures: {
    method: 'POST',
    path: '/captures',
    summary: 'Visit pages: one job a URL',
    scope: 'capture',
    body: captureRequestSchema,
    reply: z.object({ jobs: z.array(z.int()) }),
    status: 202,
  },
  listCaptures: {
    method: 'GET',
    path: '/captures',
    summary: 'Captures, newest first; of a host and all below it',
    scope: 'read',
    query: page.extend({ host: text(253).optional() }),
    reply: z.object({ captures: z.array(captureSchema) }),
  },
  getCapture: {
    method: 'GET',
    path: '/captures/{id}',
    summary: 'One capture',
    scope: 'read',
    isForGuests: true,
    params: byId,
    reply: captureSchema,
  },
  getCaptureObservations: {
    method: 'GET',
    path: '/captures/{id}/observations',
    summary: 'What one capture shows',
    scope: 'read',
    isForGuests: true,
    params: byId,
    query: z.object({ dataset: datasetIdSchema.optional() }),
    reply: z.object({ observations: z.array(observationSchema) }),
  },
  getBundle: {
    method: 'GET',
    path: '/captures/{id}/bundle',
    summary: 'The capture as a WACZ file',
    scope: 'read',
    params: byId,
    media: ['application/wacz+zip'],
  },
  getDownloads: {
    method: 'GET',
    path: '/captures/{id}/downloads/zip',
    summary: 'Files that the page gave, as a ZIP with the password “infected”: all, or the one of a digest',
    scope: 'read',
    params: byId,
    query: z.object({ sha256: text(64).optional() }),
    media: ['application/zip'],
  },
  getEvidence: {
    method: 'GET',
    path: '/captures/{id}/evidence',
    summary: 'The line or exchange behind an observation of the capture',
    scope: 'read',
    isForGuests: true,
    params: byId,
    query: z.object({
      dataset: datasetIdSchema,
      source: text(4_096),
      label: text(4_096),
      target: text(4_096),
    }),
    reply: openedEvidenceSchema,
  },
} as const satisfies Record<string, Route>;
