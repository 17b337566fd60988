import { z } from 'zod';

/** Largest page of anything. */
export const MAX_LIMIT = 2_000;

export const instant = z.iso.datetime().describe('RFC 3339 UTC');

/** Day or instant, as people write them in filters. */
export const moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** Text that every store can keep: no NUL, no half of a surrogate pair. */
export const text = (longest: number, shortest = 0) =>
  z
    .string()
    .min(shortest)
    .max(longest)
    .regex(/^[^\0\p{Cs}]*$/u, 'holds a NUL or half of a surrogate pair');

/** What one looks up. */
export const value = text(4_096, 1);

/** Size of a page, in a query string. */
export const limit = z.coerce.number().int().min(1).max(MAX_LIMIT).optional();

/** Yes or no, in a query string. */
export const flag = z
  .enum(['true', 'false'])
  .transform((word) => word === 'true')
  .optional();

/** Parameters of paths, and of pages without a cursor. */
export const byId = z.object({ id: text(200, 1) });
export const byNumber = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
export const page = z.object({ limit });
