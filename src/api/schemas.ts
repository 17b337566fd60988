import { ARTIFACT_STATUSES, DATASET_IDS, type DatasetId } from '#model';
import { z } from 'zod';
import { instant } from './fields.ts';

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

/** Of imported archives `archive` tells where the record stands; the other fields are plain values. */
const evidenceSchema = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.record(z.string(), z.union([z.string(), z.number()]))]),
);

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

export const classificationSchema = z.enum(['malicious', 'suspicious', 'benign', 'unknown']);

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

export const jobCountsSchema = z.object({
  queued: z.int(),
  running: z.int(),
  done: z.int(),
  dead: z.int(),
});

/** Where a fact stands: a text of the capture and the place in it. */
export const placeSchema = z.object({
  text: z.string(),
  line: z.int().optional(),
  column: z.int().optional(),
  length: z.int().optional(),
});

export const openedEvidenceSchema = z.object({
  observation: observationSchema,
  captureId: z.string().optional(),
  archive: z
    .object({ file: z.string(), offset: z.number(), length: z.number(), innerOffset: z.number().optional() })
    .optional()
    .describe('the record of an imported archive'),
  faults: z
    .array(z.string())
    .optional()
    .describe('what is wrong with that record, e.g. a digest that differs'),
  kind: z.enum(['html', 'css', 'script', 'body', 'headers', 'mail', 'none']),
  mail: z
    .object({ sha256: z.string(), part: z.string() })
    .optional()
    .describe('the mail, by its bytes, and the part of it that names the target'),
  text: z
    .string()
    .describe('the line of HTML or script, or the head of the exchange, as captured: untrusted'),
  head: z.string().optional().describe('of an archive: the head of the exchange, too'),
  highlight: z.object({ start: z.int(), length: z.int() }).optional().describe('the place within text'),
  phase: z.enum(['loaded', 'final']).optional(),
  place: placeSchema.optional().describe('the same in the text as a whole'),
  url: z.string().optional(),
  line: z.int().optional(),
  column: z.int().optional(),
});
