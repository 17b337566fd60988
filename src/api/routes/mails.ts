import { DATASETS } from '#model';
import { z } from 'zod';
import { instant, text } from '../fields.ts';
import type { Route } from '../route.ts';

const { labels, detail } = DATASETS.mentions;

const mentionSchema = z.strictObject({
  label: z.enum(labels ?? []).describe('where in the mail'),
  target: text(16_384, 1).describe('a URL or a host, in canonical form'),
  seenAt: instant,
  detail: z.strictObject({ ...detail.shape, shownText: text(16_384).optional() }),
  evidence: z.strictObject({
    mail: z.strictObject({
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      part: text(16_384),
      snippet: text(2_000),
    }),
    header: text(16_384).optional(),
    element: text(256).optional(),
    attribute: text(256).optional(),
  }),
});

/** Mails: what they name; the mails themselves are read by whoever has them. */
export const mailRoutes = {
  keepMentions: {
    method: 'POST',
    path: '/mentions',
    summary: 'Keep what a mail names; the same again adds nothing',
    scope: 'write',
    body: z.strictObject({
      source: text(1_024, 1).describe('the mail: its Message-ID, or `sha256:` and the digest of its bytes'),
      mentions: z.array(mentionSchema).max(2_000),
    }),
    reply: z.object({
      kept: z.int().describe('mentions; those whose target is no URL and no host are left out'),
    }),
  },
} as const satisfies Record<string, Route>;
