import { z } from 'zod';
import type { Evidence, Observation } from '#model';
import { codeOf, withNames } from './field-codes.ts';
import { isCut } from './key.ts';
import type { TextColumn } from './native.ts';

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

/** What a row takes about, in bytes. */
const USUAL_SIZE = 300;

/**
 * Adds to the `latest` column: the instant first, so that the greatest text is the newest, then JSON with the capture,
 * detail, evidence, and source, label and target in full where their keys are cut. Written straight into the column's
 * bytes: it is most of what a row is, and as a string it would cost more than all else together.
 */
export function addLatest(column: TextColumn, observation: Observation, captureId: string | undefined): void {
  const { seenAt, detail, evidence, source, label, target } = observation;
  column.begin(USUAL_SIZE);
  column.put(seenAt);
  column.put(' {');
  if (captureId !== undefined) {
    column.put('"c":');
    putText(column, captureId);
    column.put(',');
  }
  column.put('"d":');
  putRecord(column, detail);
  column.put(',"e":');
  putRecord(column, evidence);
  putIfCut(column, ',"s":', source);
  putIfCut(column, ',"l":', label);
  putIfCut(column, ',"t":', target);
  column.put('}');
  column.end();
}

function putIfCut(column: TextColumn, head: string, text: string): void {
  if (!isCut(text)) return;
  column.put(head);
  putText(column, text);
}

/** As `JSON.stringify` of a plain record whose fields have their codes for names. */
function putRecord(column: TextColumn, record: object): void {
  let separator = '{';
  for (const key in record) {
    const value: unknown = record[key as keyof typeof record];
    if (value === undefined) continue;
    column.put(separator);
    separator = ',';
    column.put(headOf(key));
    if (typeof value === 'string') putText(column, value);
    else if (typeof value === 'boolean') column.put(value ? 'true' : 'false');
    else if (Number.isInteger(value)) column.put(String(value));
    else column.put(JSON.stringify(value));
  }
  column.put(separator === '{' ? '{}' : '}');
}

/** Names of fields are few: each is made once. */
const heads = new Map<string, string>();
const MAX_HEADS = 1_000;

function headOf(key: string): string {
  const known = heads.get(key);
  if (known !== undefined) return known;
  const head = `${JSON.stringify(codeOf(key))}:`;
  if (heads.size < MAX_HEADS) heads.set(key, head);
  return head;
}

// Quotes, backslashes, control characters, and halves of surrogate pairs, which UTF-8 could not hold.
const TO_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;
const QUOTE = 34;

function putText(column: TextColumn, text: string): void {
  if (TO_ESCAPE.test(text)) {
    column.put(JSON.stringify(text));
    return;
  }
  column.putByte(QUOTE);
  column.put(text);
  column.putByte(QUOTE);
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
    detail: withNames(d),
    evidence: withNames(e) as Evidence, // written by addLatest
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
