import { z } from 'zod';
import type { Evidence, Observation } from '#model';
import { isCut } from './key.ts';

/** Where an edge was seen last. */
export interface LatestSeen {
  readonly captureId: string | undefined;
  readonly detail: Observation['detail'];
  readonly evidence: Evidence;
}

const latestSchema = z.object({
  c: z.string().optional(),
  d: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  e: z.record(z.string(), z.unknown()).default({}),
  s: z.string().optional(),
  l: z.string().optional(),
  t: z.string().optional(),
});

/**
 * The `latest` column: the instant first, so that the greatest text is the newest, then JSON with the capture, detail,
 * evidence, and source, label and target in full where their keys are cut.
 */
export function latestText(observation: Observation, captureId: string | undefined): string {
  const { seenAt, detail: d, evidence: e, source, label, target } = observation;
  const s = isCut(source) ? source : undefined;
  const l = isCut(label) ? label : undefined;
  const t = isCut(target) ? target : undefined;
  const cut =
    s === undefined && l === undefined && t === undefined
      ? ''
      : `,${JSON.stringify({ s, l, t }).slice(1, -1)}`;
  const id = captureId === undefined ? '' : `"c":${JSON.stringify(captureId)},`;
  return `${seenAt} {${id}"d":${JSON.stringify(d)},"e":${JSON.stringify(e)}${cut}}`;
}

/** Reads it back; a text that is none gives nothing. */
export function parseLatest(
  text: string,
): LatestSeen & Partial<Pick<Observation, 'source' | 'label' | 'target'>> {
  const parsed = latestSchema.safeParse(safeJson(text.slice(text.indexOf(' ') + 1)));
  if (!parsed.success) return { captureId: undefined, detail: {}, evidence: {} };
  const { c, d, e, s, l, t } = parsed.data;
  return {
    captureId: c,
    detail: d,
    evidence: e as Evidence, // written by latestText
    ...(s !== undefined && { source: s }),
    ...(l !== undefined && { label: l }),
    ...(t !== undefined && { target: t }),
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
