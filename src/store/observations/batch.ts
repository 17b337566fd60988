import { z } from 'zod';
import type { Capture, Evidence, Observation } from '#model';
import { hostOfUrl, DATASET_IDS } from '#model';
import { toKey } from './key.ts';
import { RowBinaryWriter } from './row-binary.ts';

/** What is known of a capture beside its observations. */
export interface StoredCapture {
  readonly id: string;
  readonly url: string;
  readonly finalUrl?: string | undefined;
  readonly title?: string | undefined;
  readonly outcome: string;
  readonly persona: string;
  readonly lane: string;
  readonly startedAt: string;
  /** Where its bundle lies. */
  readonly bundle: string;
  readonly sha256: string;
}

/** The row of a capture. */
export function toStoredCapture(capture: Capture, bundle: string, sha256: string): StoredCapture {
  const { id, url, finalUrl, title, lane, startedAt } = capture;
  return {
    id,
    url,
    finalUrl,
    title,
    outcome: capture.outcome.kind,
    persona: capture.persona.id,
    lane,
    startedAt,
    bundle,
    sha256,
  };
}

/**
 * Observations that are stored together, and once: the same id again adds nothing. For a capture it is the capture's id,
 * for an import the archive's digest and the place in it.
 */
export interface ObservationBatch {
  readonly id: string;
  readonly observations: readonly Observation[];
  readonly capture?: StoredCapture | undefined;
  /** The capture that the evidence lies in, where its row goes with another piece of the batch; default that of `capture`. */
  readonly captureId?: string | undefined;
}

/** Most observations of one insert; a larger batch is stored as several, each with an id of its own. */
export const MAX_BATCH = 50_000;

/** Where an edge was seen last, as it is kept in `latest`. */
export interface LatestSeen {
  readonly captureId: string | undefined;
  readonly detail: Observation['detail'];
  readonly evidence: Evidence;
}

const latestSchema = z.object({
  c: z.string().optional(),
  d: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  e: z.record(z.string(), z.unknown()).default({}),
});

function latestText(observation: Observation, captureId: string | undefined): string {
  return `${observation.seenAt} ${JSON.stringify({ c: captureId, d: observation.detail, e: observation.evidence })}`;
}

export function parseLatest(text: string): LatestSeen {
  const parsed = latestSchema.safeParse(safeJson(text.slice(text.indexOf(' ') + 1)));
  if (!parsed.success) return { captureId: undefined, detail: {}, evidence: {} };
  return { captureId: parsed.data.c, detail: parsed.data.d, evidence: parsed.data.e as Evidence }; // written by latestText
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Detail fields that tell one edge from another besides source, label and target. */
function variantOf({ dataset, detail }: Observation): string {
  return dataset === 'components' ? String(detail['version'] ?? '') : '';
}

/** The rows of both edge tables: they have the same columns in the same order. */
export function edgeRows(batch: ObservationBatch): Buffer {
  const rows = new RowBinaryWriter();
  for (const observation of batch.observations) {
    const { dataset, source, label, target, seenAt, detail } = observation;
    const seenMs = Date.parse(seenAt);
    rows.string(dataset);
    rows.string(toKey(dataset, 'source', source));
    rows.string(label);
    rows.string(toKey(dataset, 'target', target));
    rows.string(variantOf(observation));
    rows.uint8(detail['isObserved'] === false ? 0 : 1);
    rows.instant(seenMs);
    rows.instant(seenMs);
    rows.uint64(1);
    rows.string(latestText(observation, batch.captureId ?? batch.capture?.id));
  }
  return rows.bytes();
}

export function captureRow(capture: StoredCapture): Buffer {
  const rows = new RowBinaryWriter();
  rows.string(hostKey(capture.url));
  rows.instant(Date.parse(capture.startedAt));
  for (const text of [
    capture.id,
    capture.url,
    capture.finalUrl ?? '',
    capture.title ?? '',
    capture.outcome,
    capture.persona,
    capture.lane,
    capture.bundle,
    capture.sha256,
  ])
    rows.string(text);
  return rows.bytes();
}

export function hostKey(url: string): string {
  const host = hostOfUrl(url);
  return host === undefined ? '' : toKey('host-pairs', 'source', host);
}

const observationSchema = z.object({
  dataset: z.enum(DATASET_IDS as [string, ...string[]]),
  source: z.string(),
  label: z.string(),
  target: z.string(),
  seenAt: z.iso.datetime(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  evidence: z.record(z.string(), z.unknown()),
});

const storedCaptureSchema = z.object({
  id: z.string(),
  url: z.string(),
  finalUrl: z.string().optional(),
  title: z.string().optional(),
  outcome: z.string(),
  persona: z.string(),
  lane: z.string(),
  startedAt: z.iso.datetime(),
  bundle: z.string(),
  sha256: z.string(),
});

const batchSchema = z.object({
  id: z.string(),
  observations: z.array(observationSchema),
  capture: storedCaptureSchema.optional(),
  captureId: z.string().optional(),
});

/** A batch read back from the outbox; undefined where the file is not one. */
export function parseBatch(text: string): ObservationBatch | undefined {
  const parsed = batchSchema.safeParse(safeJson(text));
  return parsed.success ? (parsed.data as ObservationBatch) : undefined; // the schema is that of the type
}
