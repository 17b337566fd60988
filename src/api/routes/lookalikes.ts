import { DATASETS } from '#model';
import { z } from 'zod';
import { byId, instant, limit, moment, text } from '../fields.ts';
import type { Route } from '../route.ts';
import { observationSchema } from '../schemas.ts';

const levelSchema = z.enum(['HIGH', 'MEDIUM', 'LOW']);

const lookalikeSchema = z.object({
  host: z.string(),
  technique: z.string().describe('what weighs most'),
  score: z.number(),
  firstSeen: instant,
  lastSeen: instant,
  captureId: z.string().optional(),
  detail: DATASETS['look-alikes'].detail.partial(),
  evidence: observationSchema.shape.evidence,
});

const letterSchema = z.object({
  text: z.string(),
  position: z.int(),
  codePoint: z.string(),
  name: z.string().optional(),
  standsFor: z.string(),
  kind: z.string(),
  script: z.string().optional(),
});

const counterEvidenceSchema = z.object({ kind: z.string(), detail: z.string() });

const verdictSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('imitation'),
    name: z.string().describe('as it was given'),
    host: z.string(),
    display: z.string().describe('as Chromium would show it'),
    refused: z
      .array(z.object({ label: z.string(), rule: z.string() }))
      .describe('labels it would not show, and why'),
    brand: z.string(),
    level: levelSchema,
    score: z.number(),
    techniques: z.array(z.string()),
    letters: z.array(letterSchema),
    part: z.string(),
    imitates: z.string(),
    distance: z.number(),
    keywords: z.array(z.string()),
    counterEvidence: z.array(counterEvidenceSchema),
    reasons: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('own'),
    name: z.string(),
    host: z.string(),
    brand: z.string(),
    domain: z.string().describe('the owned domain that it lies within'),
  }),
  z.object({ kind: z.literal('malformed'), name: z.string(), host: z.string(), fault: z.string() }),
]);

const many = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.array(schema)]).optional();

/** Names that imitate brands. */
export const lookalikeRoutes = {
  listLookalikes: {
    method: 'GET',
    path: '/brands/{id}/lookalikes',
    summary: 'Names seen that imitate a brand, the surest first; its own domains left out',
    scope: 'read',
    params: byId,
    query: z.object({
      level: levelSchema.optional().describe('at least; default LOW'),
      technique: many(text(50, 1)),
      contains: text(253).optional().describe('in the name, as it is stored or as it reads'),
      firstSeenFrom: moment.optional(),
      limit,
      cursor: text(2_000).optional(),
    }),
    reply: z.object({ lookalikes: z.array(lookalikeSchema), cursor: z.string().optional() }),
  },
  noteFound: {
    method: 'POST',
    path: '/brands/{id}/found',
    summary: 'Keep what a search for look-alikes found, and say what none found before',
    scope: 'write',
    params: byId,
    body: z.strictObject({
      by: z.enum(['dns', 'seen']).describe('the search: names that resolve, or names seen'),
      candidates: z
        .array(
          z.strictObject({
            host: text(253, 1),
            addresses: z
              .array(z.strictObject({ address: z.union([z.ipv4(), z.ipv6()]), type: z.enum(['A', 'AAAA']) }))
              .max(32)
              .optional()
              .describe('stored as resolutions'),
          }),
        )
        .max(2_000),
    }),
    reply: z.object({ fresh: z.array(z.string()).describe('hosts that no search of that kind had found') }),
  },
  matchSeen: {
    method: 'POST',
    path: '/lookalikes/seen',
    summary:
      'Match the names seen so far against brands; by default against those they were not matched against yet',
    scope: 'write',
    body: z.strictObject({ brands: z.array(text(253, 1)).max(200).optional().describe('ids') }),
    reply: z.object({
      names: z.int().describe('names that were looked at'),
      found: z.int().describe('look-alikes among them'),
      brands: z.int(),
    }),
  },
  keepNames: {
    method: 'POST',
    path: '/names',
    summary:
      'Keep host names as seen now: what imitates a protected brand is stored, and brands protected later find them',
    scope: 'write',
    body: z.strictObject({ names: z.array(z.string().max(300)).max(2_000) }),
    reply: z.object({ kept: z.int().describe('names; what is none is left out') }),
  },
  matchNames: {
    method: 'POST',
    path: '/lookalikes/match',
    summary: 'Which of some names imitate a protected brand, how, and how surely',
    scope: 'read',
    body: z.strictObject({
      names: z
        .array(z.string().max(300))
        .max(2_000)
        .describe('host names as they come; what is none is said to be'),
    }),
    reply: z.object({ verdicts: z.array(verdictSchema).describe('none for names that imitate nobody') }),
  },
} as const satisfies Record<string, Route>;
