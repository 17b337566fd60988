import { personaSchema } from '#model';
import { z } from 'zod';

/** The kind of a job that visits a page. */
export const CAPTURE_JOB = 'capture';

/** What a capture job asks for. */
export const captureJobSchema = z.object({
  url: z.string().max(8_192),
  /** A built-in one by its id, or one of your own. */
  persona: z.union([z.string().max(100), personaSchema]).optional(),
  interact: z.boolean().optional(),
  lane: z.enum(['browser', 'http']).optional(),
  timeoutSeconds: z.number().min(1).max(3_600).optional(),
  /** The crawl that asks for it. */
  crawl: z.object({ id: z.string(), depth: z.number(), parentCapture: z.string().optional() }).optional(),
});
export type CaptureJob = z.infer<typeof captureJobSchema>;
