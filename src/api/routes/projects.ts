import { PROJECT_RIGHTS, VISIBILITIES } from '#model';
import { z } from 'zod';
import { instant, MAX_LIMIT, text, value, byId, page } from '../fields.ts';
import type { Route } from '../route.ts';
import { datasetIdSchema, artifactTypeSchema, artifactSchema, statusSchema } from '../schemas.ts';

const pathStep = <Artifact extends z.ZodType>(artifact: Artifact, label: z.ZodString) => ({
  from: artifact,
  dataset: datasetIdSchema,
  label,
  direction: z.enum(['forward', 'reverse']),
  to: artifact,
  shared: z.int().min(0).optional(),
});

const pathStepSchema = z.object(pathStep(artifactSchema, z.string()));

const newPathStepSchema = z.strictObject(
  pathStep(z.strictObject({ type: artifactTypeSchema, value }), text(4_096)),
);

export const projectSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  owner: z.object({ id: z.uuid(), name: z.string() }).optional().describe('not told to guests'),
  visibility: z.enum(VISIBILITIES),
  tags: z.array(z.string()),
  notes: z.string().describe('Markdown'),
  may: z.enum(PROJECT_RIGHTS).describe('what you may do in it'),
  createdAt: instant,
  updatedAt: instant,
});

const newProjectSchema = z.strictObject({ name: text(200, 1), description: text(100_000).optional() });

const projectArtifactSchema = artifactSchema.extend({
  status: statusSchema,
  reason: z.string(),
  path: z.array(pathStepSchema),
  tags: z.array(z.string()),
  notes: z.string(),
  addedAt: instant,
  updatedAt: instant,
});

const putArtifactSchema = z.strictObject({
  type: artifactTypeSchema.optional().describe('default: as the value looks'),
  value,
  status: statusSchema,
  reason: text(10_000).optional(),
  path: z.array(newPathStepSchema).max(20).optional(),
  tags: z.array(text(100)).max(50).optional(),
  notes: text(100_000).optional(),
});

const expansionSchema = z.object({
  suspects: z.array(
    z.object({
      artifact: artifactSchema,
      score: z.number(),
      leads: z.array(
        z.object({
          dataset: datasetIdSchema,
          label: z.string(),
          value: z.string(),
          shared: z.int(),
          score: z.number(),
          path: z.array(pathStepSchema),
        }),
      ),
    }),
  ),
  tooCommon: z.array(
    z.object({
      artifact: artifactSchema,
      dataset: datasetIdSchema,
      shared: z.int().describe('hosts of this store that have it'),
      reason: z.string().describe('why it says nothing: many have it here, or it is a service of everybody'),
    }),
  ),
  commonAbove: z.int(),
});

const expandRequestSchema = z.strictObject({
  owned: z.array(text(253)).max(1_000).optional().describe('genuine domains: never suspects'),
  commonAbove: z.int().min(1).max(1_000_000).optional(),
  limit: z.int().min(1).max(MAX_LIMIT).optional(),
});

const expandHostsRequestSchema = expandRequestSchema.extend({
  confirmed: z.array(text(253)).min(1).max(1_000).describe('hosts known to belong to the campaign'),
  dismissed: z.array(text(253)).max(1_000).optional().describe('hosts ruled out'),
});

const dated = z.object({
  at: z.string(),
  actor: z.string().optional().describe('not told to guests'),
  change: z.unknown(),
});

/** Investigations. */
export const projectRoutes = {
  listProjects: {
    method: 'GET',
    path: '/projects',
    summary: 'Projects that you may see, the last changed first',
    scope: 'read',
    isForGuests: true,
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
    isForGuests: true,
    params: byId,
    reply: projectSchema.extend({ artifacts: z.array(projectArtifactSchema) }),
  },
  deleteProject: {
    method: 'DELETE',
    path: '/projects/{id}',
    summary: 'Delete a project',
    scope: 'write',
    right: 'own',
    params: byId,
  },
  putArtifact: {
    method: 'PUT',
    path: '/projects/{id}/artifacts',
    summary: 'Add an artifact to a project, or change its status',
    scope: 'write',
    params: byId,
    body: putArtifactSchema,
    reply: projectArtifactSchema,
  },
  removeArtifact: {
    method: 'DELETE',
    path: '/projects/{id}/artifacts',
    summary: 'Take an artifact out of a project',
    scope: 'write',
    params: byId,
    query: z.object({ value }),
  },
  getHistory: {
    method: 'GET',
    path: '/projects/{id}/history',
    summary: 'Every change of a project, newest first',
    scope: 'read',
    isForGuests: true,
    params: byId,
    query: page,
    reply: z.object({ history: z.array(dated) }),
  },
  expandProject: {
    method: 'POST',
    path: '/projects/{id}/expand',
    summary: 'Hosts that share rare values with the confirmed ones, ranked, with the path to each',
    scope: 'read',
    right: 'read',
    params: byId,
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
    isForGuests: true,
    params: byId,
    query: z.object({
      format: z.enum(['json', 'csv', 'stix', 'markdown']),
      status: z.union([statusSchema, z.array(statusSchema)]).optional(),
    }),
    media: ['application/json', 'text/csv', 'application/stix+json', 'text/markdown'],
  },
} as const satisfies Record<string, Route>;
