import { appendFile, mkdir, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const lineSchema = z.object({ file: z.string(), sizeBytes: z.number(), modifiedMs: z.number() });

/** The archives that are wholly stored, in a file of one JSON line each. */
export interface ImportState {
  /** Whether the file was stored as it is now. */
  has(file: string, sizeBytes: number, modifiedMs: number): boolean;
  add(file: string, sizeBytes: number, modifiedMs: number): Promise<void>;
}

/** Opens the state at `path`. A line that a killed import left unfinished is taken away; its archive is read again. */
export async function openImportState(path: string): Promise<ImportState> {
  await mkdir(dirname(path), { recursive: true });
  const text = await readFile(path, 'utf8').catch(() => '');
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) await truncate(path, Buffer.byteLength(text.slice(0, end)));
  const known = new Set(text.slice(0, end).split('\n').flatMap(keyOfLine));
  return {
    has: (file, sizeBytes, modifiedMs) => known.has(keyOf({ file, sizeBytes, modifiedMs })),
    async add(file, sizeBytes, modifiedMs) {
      const line = { file, sizeBytes, modifiedMs };
      known.add(keyOf(line));
      await appendFile(path, `${JSON.stringify(line)}\n`, { flush: true });
    },
  };
}

function keyOfLine(text: string): string[] {
  if (text === '') return [];
  try {
    return [keyOf(lineSchema.parse(JSON.parse(text)))];
  } catch {
    return []; // a damaged line costs reading its archive once more
  }
}

const keyOf = ({ file, sizeBytes, modifiedMs }: z.infer<typeof lineSchema>): string =>
  JSON.stringify([file, sizeBytes, modifiedMs]);
