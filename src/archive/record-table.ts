import { z } from 'zod';

/**
 * Where in the WARC file each exchange and download lies (`adit/records.json` in the bundle), so that a body is read without
 * scanning: offset and compressed length of its gzip member, counted from the start of the WARC file.
 */
const place = z.object({ offset: z.int().min(0), length: z.int().min(1) });

export const recordTableSchema = z.object({
  version: z.literal(1),
  /** Name of the WARC file below `archive/`. */
  warc: z.string(),
  exchanges: z.array(z.object({ id: z.int().min(0), request: place.optional(), response: place.optional() })),
  downloads: z.array(z.object({ id: z.int().min(0), resource: place })),
});

export type RecordTable = z.infer<typeof recordTableSchema>;
export type RecordPlace = Readonly<z.infer<typeof place>>;
