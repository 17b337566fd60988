import type { Scope } from '#model';
import { z } from 'zod';
import { limit, text, value } from './fields.ts';
import {
  captureRequestSchema,
  captureSchema,
  datasetIdSchema,
  expandHostsRequestSchema,
  expandRequestSchema,
  expansionSchema,
  jobCountsSchema,
  jobSchema,
  keySchema,
  newKeySchema,
  newProjectSchema,
  observationSchema,
  openedEvidenceSchema,
  pivotPageSchema,
  pivotQuerySchema,
  projectArtifactSchema,
  projectSchema,
  putArtifactSchema,
  serverStatusSchema,
  statusSchema,
  summarySchema,
} from './schemas.ts';

/** One route. `reply` is the schema of the JSON answer; `media` names the types of an answer that is a file. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly summary: string;
  /** What a key must have. */
  readonly scope: Scope;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly reply?: z.ZodType;
  readonly media?: readonly string[];
  /** Status of success; default 200, or 204 where there is no reply. */
  readonly status?: number;
}

const id = z.object({ id: text(200, 1) });
const number = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
const page = z.object({ limit });
const dated = z.object({ at: z.string(), actor: z.string(), change: z.unknown() });

/** Every route of the API, below /api. */
export const ROUTES = {
  status: {
    method: 'GET',
    path: '/status',
    summary: 'What this server holds and does',
    scope: 'read',
    reply: serverStatusSchema,
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
    media: ['application/wacz+zip'],
  },
  getEvidence: {
    method: 'GET',
    path: '/captures/{id}/evidence',
    summary: 'The line or exchange behind an observation of the capture',
    scope: 'read',
    params: id,
    query: z.object({
      dataset: datasetIdSchema,
      source: text(4_096),
      label: text(4_096),
      target: text(4_096),
    }),
    reply: openedEvidenceSchema,
  },
  getArtifact: {
    method: 'GET',
    path: '/artifacts',
    summary: 'What is known of an artifact: counts a dataset, life span, insights',
    scope: 'read',
    query: z.object({ value: value }),
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
    query: z.object({ value: value }),
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
  expand: {
    method: 'POST',
    path: '/expand',
    summary: 'The same from hosts instead of a project',
    scope: 'read',
    body: expandHostsRequestSchema,
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
    media: ['application/json', 'text/csv', 'application/stix+json', 'text/markdown'],
  },
  listJobs: {
    method: 'GET',
    path: '/jobs',
    summary: 'Jobs in a state, next first',
    scope: 'read',
    query: page.extend({ state: z.enum(['queued', 'running', 'done', 'dead']).default('queued') }),
    reply: z.object({ jobs: z.array(jobSchema), counts: jobCountsSchema }),
  },
  getJob: {
    method: 'GET',
    path: '/jobs/{id}',
    summary: 'One job',
    scope: 'read',
    params: number,
    reply: jobSchema,
  },
  retryJob: {
    method: 'POST',
    path: '/jobs/{id}/retry',
    summary: 'Queue a dead job again',
    scope: 'capture',
    params: number,
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
    body: newKeySchema,
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
