import { z } from 'zod';
import {
  captureRequestSchema,
  captureSchema,
  datasetIdSchema,
  expandRequestSchema,
  expansionSchema,
  jobSchema,
  keySchema,
  MAX_LIMIT,
  newProjectSchema,
  observationSchema,
  openedEvidenceSchema,
  pivotPageSchema,
  pivotQuerySchema,
  projectArtifactSchema,
  projectSchema,
  putArtifactSchema,
  statusSchema,
  summarySchema,
} from './schemas.ts';

/** What a key must have for a route. */
export type Scope = 'read' | 'write' | 'capture' | 'admin';

/** One route. `reply` is the schema of the JSON answer; `media` names other answers. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly summary: string;
  readonly scope: Scope;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly reply?: z.ZodType;
  readonly media?: string;
  /** Status of success; default 200, or 204 where there is no reply. */
  readonly status?: number;
}

const id = z.object({ id: z.string().min(1).max(200) });
const page = z.object({ limit: z.coerce.number().int().min(1).max(MAX_LIMIT).optional() });
const dated = z.object({ at: z.string(), actor: z.string(), change: z.unknown() });

/** Every route of the API, below /api. */
export const ROUTES = {
  status: {
    method: 'GET',
    path: '/status',
    summary: 'What this server holds and does',
    scope: 'read',
    reply: z.record(z.string(), z.unknown()),
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
    query: page.extend({ host: z.string().max(253).optional() }),
    reply: z.object({ captures: z.array(captureSchema) }),
  },
  getCapture: {
    method: 'GET',
    path: '/captures/{id}',
    summary: 'One capture',
    scope: 'read',
    params: id,
    reply: captureSchema,
  },
  getCaptureObservations: {
    method: 'GET',
    path: '/captures/{id}/observations',
    summary: 'What one capture shows',
    scope: 'read',
    params: id,
    query: z.object({ dataset: datasetIdSchema.optional() }),
    reply: z.object({ observations: z.array(observationSchema) }),
  },
  getBundle: {
    method: 'GET',
    path: '/captures/{id}/bundle',
    summary: 'The capture as a WACZ file',
    scope: 'read',
    params: id,
    media: 'application/wacz+zip',
  },
  getEvidence: {
    method: 'GET',
    path: '/captures/{id}/evidence',
    summary: 'The line or exchange behind an observation of the capture',
    scope: 'read',
    params: id,
    query: z.object({
      dataset: datasetIdSchema,
      source: z.string().max(4_096),
      label: z.string().max(4_096),
      target: z.string().max(4_096),
    }),
    reply: openedEvidenceSchema,
  },
  getArtifact: {
    method: 'GET',
    path: '/artifacts',
    summary: 'What is known of an artifact: counts a dataset, life span, insights',
    scope: 'read',
    query: z.object({ value: z.string().min(1).max(4_096) }),
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
  listProjects: {
    method: 'GET',
    path: '/projects',
    summary: 'Projects',
    scope: 'read',
    reply: z.object({ projects: z.array(projectSchema) }),
  },
  createProject: {
    method: 'POST',
    path: '/projects',
    summary: 'Begin a project',
    scope: 'write',
    body: newProjectSchema,
    reply: projectSchema,
    status: 201,
  },
  getProject: {
    method: 'GET',
    path: '/projects/{id}',
    summary: 'A project with its artifacts',
    scope: 'read',
    params: id,
    reply: projectSchema.extend({ artifacts: z.array(projectArtifactSchema) }),
  },
  deleteProject: {
    method: 'DELETE',
    path: '/projects/{id}',
    summary: 'Delete a project',
    scope: 'write',
    params: id,
  },
  putArtifact: {
    method: 'PUT',
    path: '/projects/{id}/artifacts',
    summary: 'Add an artifact to a project, or change its status',
    scope: 'write',
    params: id,
    body: putArtifactSchema,
    reply: projectArtifactSchema,
  },
  removeArtifact: {
    method: 'DELETE',
    path: '/projects/{id}/artifacts',
    summary: 'Take an artifact out of a project',
    scope: 'write',
    params: id,
    query: z.object({ value: z.string().min(1).max(4_096) }),
  },
  getHistory: {
    method: 'GET',
    path: '/projects/{id}/history',
    summary: 'Every change of a project, newest first',
    scope: 'read',
    params: id,
    query: page,
    reply: z.object({ history: z.array(dated) }),
  },
  expandProject: {
    method: 'POST',
    path: '/projects/{id}/expand',
    summary: 'Hosts that share rare values with the confirmed ones, ranked, with the path to each',
    scope: 'read',
    params: id,
    body: expandRequestSchema,
    reply: expansionSchema,
  },
  exportProject: {
    method: 'GET',
    path: '/projects/{id}/export',
    summary: 'The project as JSON, CSV, STIX 2.1 or Markdown',
    scope: 'read',
    params: id,
    query: z.object({
      format: z.enum(['json', 'csv', 'stix', 'markdown']),
      status: z.union([statusSchema, z.array(statusSchema)]).optional(),
    }),
    media: 'application/json',
  },
  listJobs: {
    method: 'GET',
    path: '/jobs',
    summary: 'Jobs in a state, next first',
    scope: 'read',
    query: page.extend({ state: z.enum(['queued', 'running', 'done', 'dead']).default('queued') }),
    reply: z.object({ jobs: z.array(jobSchema), counts: z.record(z.string(), z.int()) }),
  },
  getJob: {
    method: 'GET',
    path: '/jobs/{id}',
    summary: 'One job',
    scope: 'read',
    params: z.object({
      id: z.coerce
        .number()
        .int()
        .min(1)
        .max(2 ** 53 - 1),
    }),
    reply: jobSchema,
  },
  retryJob: {
    method: 'POST',
    path: '/jobs/{id}/retry',
    summary: 'Queue a dead job again',
    scope: 'capture',
    params: z.object({
      id: z.coerce
        .number()
        .int()
        .min(1)
        .max(2 ** 53 - 1),
    }),
    reply: jobSchema,
  },
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
    body: z.object({
      name: z.string().min(1).max(200),
      scopes: z
        .array(z.enum(['read', 'write', 'capture', 'admin']))
        .min(1)
        .max(4),
    }),
    reply: z.object({ key: keySchema, secret: z.string() }),
    status: 201,
  },
  revokeKey: {
    method: 'DELETE',
    path: '/keys/{id}',
    summary: 'Revoke an API key',
    scope: 'admin',
    params: id,
  },
} as const satisfies Record<string, Route>;

export type RouteId = keyof typeof ROUTES;
