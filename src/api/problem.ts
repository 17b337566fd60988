import { z } from 'zod';

/** RFC 9457 problem details; `code` is stable, `detail` is for people. */
export const problemSchema = z.object({
  type: z.string().describe('about:blank, or a page on the problem'),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('stable, kebab-case'),
  detail: z.string().optional(),
  advice: z.string().optional().describe('what to do next'),
  errors: z
    .array(
      z.object({
        path: z.string(),
        message: z.string(),
        start: z.int().optional().describe('of a query: where, in UTF-16 code units'),
        end: z.int().optional(),
      }),
    )
    .optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** HTTP status by the code of an AditError; other codes that say that the input is wrong are 400, all else 500. */
export const PROBLEM_STATUS: Readonly<Record<string, number>> = {
  'no-archives': 400,
  'not-authenticated': 401,
  'sign-in-refused': 401,
  'scope-missing': 403,
  'session-needed': 403,
  'not-for-guests': 403,
  'right-missing': 403,
  'cross-site-request': 403,
  'not-found': 404,
  'unknown-project': 404,
  'unknown-brand': 404,
  'unknown-capture': 404,
  'unknown-job': 404,
  'unknown-key': 404,
  'unknown-user': 404,
  'unknown-member': 404,
  'unknown-link': 404,
  'unknown-session': 404,
  'unknown-edge': 404,
  'unknown-search': 404,
  'unknown-text': 404,
  'unknown-import': 404,
  'unknown-crawl': 404,
  'no-evidence': 404,
  'bundle-missing': 410,
  'archive-gone': 410,
  'archive-unknown': 404,
  'job-not-dead': 409,
  'not-text': 409,
  'user-exists': 409,
  'too-many-links': 409,
  'store-not-empty': 409,
  'demo-running': 409,
  'demo-unavailable': 409,
  'no-page': 409,
  'project-name-ambiguous': 409,
  'brand-ambiguous': 409,
  'too-many-searches': 409,
  'body-too-large': 413,
  'downloads-too-large': 413,
  'unsupported-media-type': 415,
  'bad-host-header': 421,
  'query-too-broad': 422,
  'sign-in-throttled': 429,
  'too-many-streams': 429,
  'store-unreachable': 503,
  'store-not-started': 503,
  'database-unreachable': 503,
};
