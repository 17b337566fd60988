import { ARTIFACT_STATUSES, CAUSES, DATASET_IDS, personaSchema, SCOPES, type DatasetId } from '#model';
import { z } from 'zod';
import { flag, instant, limit, MAX_LIMIT, moment, text, value } from './fields.ts';

export const datasetIdSchema = z.enum(DATASET_IDS as [DatasetId, ...DatasetId[]]); // the registry is not empty
export const artifactTypeSchema = z.enum([
  'host',
  'domain',
  'ip',
  'url',
  'mail',
  'hash',
  'tracker',
  'component',
  'cookie',
  'certificate',
  'text',
]);
export const artifactSchema = z.object({ type: artifactTypeSchema, value: z.string() });
export const statusSchema = z.enum(ARTIFACT_STATUSES);
const detailSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const evidenceSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const edgeSchema = z.object({
  dataset: datasetIdSchema,
  source: z.string(),
  label: z.string(),
  target: z.string(),
  isObserved: z.boolean(),
  firstSeen: instant,
  lastSeen: instant,
  count: z.int(),
  shared: z.int().describe('how many share the value found; 1: nobody else'),
  captureId: z.string().optional(),
  detail: detailSchema,
  evidence: evidenceSchema,
});

export const pivotQuerySchema = z.object({
  dataset: datasetIdSchema,
  direction: z.enum(['forward', 'reverse']),
  value,
  withSubdomains: flag,
  label: z.union([text(256), z.array(text(256)).max(CAUSES.length)]).optional(),
  isObserved: flag,
  seenFrom: moment.optional(),
  seenTo: moment.optional(),
  foreignTo: z
    .union([text(253), z.array(text(253)).max(50)])
    .optional()
    .describe('leave out these domains and all below them'),
  contains: text(253).optional(),
  sort: z.enum(['value', 'firstSeen', 'lastSeen', 'count']).optional(),
  order: z.enum(['asc', 'desc']).optional(),
  limit,
  cursor: text(16_384).optional().describe('of the page before, with the same other parameters'),
});
export const pivotPageSchema = z.object({ edges: z.array(edgeSchema), cursor: z.string().optional() });

export const captureSchema = z.object({
  id: z.string(),
  url: z.string(),
  finalUrl: z.string().optional(),
  title: z.string().optional(),
  outcome: z.string(),
  persona: z.string(),
  lane: z.string(),
  startedAt: instant,
  bundle: z.string(),
  sha256: z.string(),
});

export const observationSchema = z.object({
  dataset: datasetIdSchema,
  source: z.string(),
  label: z.string(),
  target: z.string(),
  seenAt: instant,
  detail: detailSchema,
  evidence: evidenceSchema,
});

export const summarySchema = z.object({
  artifact: artifactSchema,
  unicode: z.string().optional(),
  counts: z.array(
    z.object({
      dataset: datasetIdSchema,
      direction: z.enum(['forward', 'reverse']),
      edges: z.int(),
      observations: z.int(),
      firstSeen: instant,
      lastSeen: instant,
    }),
  ),
  firstSeen: instant.optional(),
  lastSeen: instant.optional(),
  insights: z.array(z.object({ id: z.string(), isTrue: z.boolean(), text: z.string() })),
  captures: z.array(captureSchema),
});

const pathStep = <Artifact extends z.ZodType>(artifact: Artifact, label: z.ZodString) => ({
  from: artifact,
  dataset: datasetIdSchema,
  label,
  direction: z.enum(['forward', 'reverse']),
  to: artifact,
  shared: z.int().min(0).optional(),
});
export const pathStepSchema = z.object(pathStep(artifactSchema, z.string()));
const newPathStepSchema = z.strictObject(
  pathStep(z.strictObject({ type: artifactTypeSchema, value }), text(4_096)),
);

export const projectSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  createdAt: instant,
  updatedAt: instant,
});
export const newProjectSchema = z.strictObject({ name: text(200, 1), description: text(100_000).optional() });
export const projectArtifactSchema = artifactSchema.extend({
  status: statusSchema,
  reason: z.string(),
  path: z.array(pathStepSchema),
  tags: z.array(z.string()),
  notes: z.string(),
  addedAt: instant,
  updatedAt: instant,
});
export const putArtifactSchema = z.strictObject({
  type: artifactTypeSchema.optional().describe('default: as the value looks'),
  value,
  status: statusSchema,
  reason: text(10_000).optional(),
  path: z.array(newPathStepSchema).max(20).optional(),
  tags: z.array(text(100)).max(50).optional(),
  notes: text(100_000).optional(),
});

export const expansionSchema = z.object({
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
  tooCommon: z.array(z.object({ artifact: artifactSchema, dataset: datasetIdSchema, shared: z.int() })),
  commonAbove: z.int(),
});
export const expandRequestSchema = z.strictObject({
  owned: z.array(text(253)).max(1_000).optional().describe('genuine domains: never suspects'),
  commonAbove: z.int().min(1).max(1_000_000).optional(),
  limit: z.int().min(1).max(MAX_LIMIT).optional(),
});
export const expandHostsRequestSchema = expandRequestSchema.extend({
  confirmed: z.array(text(253)).min(1).max(1_000).describe('hosts known to belong to the campaign'),
  dismissed: z.array(text(253)).max(1_000).optional().describe('hosts ruled out'),
});

/** A persona of one's own; no text in it may be one that a store cannot keep. */
const ownPersonaSchema = personaSchema.refine(
  (persona) => !/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(persona)),
  'holds a NUL or half of a surrogate pair',
);

export const captureRequestSchema = z.strictObject({
  urls: z.array(text(8_192, 1)).min(1).max(1_000),
  persona: z
    .union([text(100), ownPersonaSchema])
    .optional()
    .describe('a built-in one by its id, or one of your own'),
  interact: z.boolean().optional(),
  lane: z.enum(['browser', 'http']).optional(),
  timeoutSeconds: z.int().min(1).max(3_600).optional(),
  crawl: z
    .strictObject({ id: text(100), depth: z.int().min(0).max(100), parentCapture: text(100).optional() })
    .optional()
    .describe('the crawl that asks for it; goes into the capture'),
  priority: z.int().min(-1_000).max(1_000).optional(),
  everySeconds: z.int().min(60).max(31_536_000).optional().describe('visit again and again'),
});

export const jobSchema = z.object({
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

export const jobCountsSchema = z.object({
  queued: z.int(),
  running: z.int(),
  done: z.int(),
  dead: z.int(),
});

export const keySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  createdAt: instant,
  isRevoked: z.boolean(),
});

export const openedEvidenceSchema = z.object({
  observation: observationSchema,
  captureId: z.string(),
  kind: z.enum(['html', 'css', 'script', 'body', 'headers', 'none']),
  text: z
    .string()
    .describe('the line of HTML or script, or the head of the exchange, as captured: untrusted'),
  highlight: z.object({ start: z.int(), length: z.int() }).optional().describe('the place within text'),
  phase: z.enum(['loaded', 'final']).optional(),
  url: z.string().optional(),
  line: z.int().optional(),
  column: z.int().optional(),
});

export const newKeySchema = z.strictObject({
  name: text(200, 1),
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
});

export const serverStatusSchema = z.object({
  version: z.string(),
  startedAt: instant,
  observations: z.object({
    kind: z.enum(['embedded', 'server']),
    version: z.string(),
    edges: z.int().describe('rows of the forward table; rows of one edge merge over time'),
    captures: z.int(),
    diskBytes: z.int(),
    restarts: z.int().describe('of the embedded server since this process started'),
    pending: z.int().describe('batches that the store has refused or not yet taken'),
  }),
  workspace: z.enum(['pglite', 'postgresql']),
  jobs: jobCountsSchema,
});
