import { BRAND_PAGE_KINDS } from '#model';
import { z } from 'zod';
import { byId, instant, limit, text } from '../fields.ts';
import type { Route } from '../route.ts';
import { captureSchema } from '../schemas.ts';

const texts = (most: number, longest: number) => z.array(text(longest, 1)).max(most);

const pageSchema = z.object({ url: z.string(), kind: z.enum(BRAND_PAGE_KINDS) });

const brandSchema = z.object({
  id: z.string().describe('the first of its domains'),
  name: z.string(),
  domains: z.array(z.string()),
  owned: z.array(z.string()).describe('further domains and hosts of the same owner'),
  disowned: z.array(z.string()).describe('domains that were proposed as its own, and are not'),
  names: z.array(z.string()).describe('further names that stand for it in host names'),
  keywords: z.array(z.string()).describe('words beside its name that ask for something'),
  pages: z.array(pageSchema).describe('pages to protect'),
  trackers: z.array(z.string()),
  favicons: z.array(z.string()),
  createdAt: instant,
  updatedAt: instant,
});

const listFields = {
  domains: texts(1_000, 253),
  owned: texts(1_000, 253),
  disowned: texts(1_000, 253),
  names: texts(1_000, 100),
  keywords: texts(1_000, 100),
  trackers: texts(1_000, 100),
  favicons: texts(1_000, 100),
  pages: z
    .array(z.strictObject({ url: text(8_192, 1), kind: z.enum(BRAND_PAGE_KINDS).optional() }))
    .max(1_000),
};

const proposalSchema = z.object({
  domain: z.string(),
  score: z.number().describe('0 to 1'),
  reasons: z.array(
    z.object({
      kind: z.enum(['redirect-to', 'redirect-from', 'certificate', 'tracker-and-name-server']),
      text: z.string(),
      weight: z.number(),
    }),
  ),
});

const brandChangeSchema = z.strictObject({ name: text(100, 1), ...listFields }).partial();

const newBrandSchema = z.strictObject({
  url: text(8_192, 1).optional().describe('a domain, host or URL that all else is derived from'),
  isSeenMatched: z
    .boolean()
    .optional()
    .describe(
      'match the names seen so far against it at once; default true. Else POST /lookalikes/seen does',
    ),
  ...brandChangeSchema.shape,
});

/** What users protect. */
export const brandRoutes = {
  listBrands: {
    method: 'GET',
    path: '/brands',
    summary: 'Protected brands, by id',
    scope: 'read',
    query: z.object({ limit, after: text(253).optional().describe('id of the last one of the page before') }),
    reply: z.object({ brands: z.array(brandSchema), total: z.int() }),
  },
  addBrand: {
    method: 'POST',
    path: '/brands',
    summary: 'Protect a brand, or add to one that is protected',
    scope: 'write',
    body: newBrandSchema,
    reply: z.object({
      brand: brandSchema,
      isNew: z.boolean(),
      found: z.int().describe('look-alikes among the names seen so far'),
      copies: z.int().describe('copies of its pages among the pages stored so far'),
    }),
    status: 201,
  },
  getBrand: {
    method: 'GET',
    path: '/brands/{id}',
    summary: 'A brand: by its id, another of its domains, or its name',
    scope: 'read',
    params: byId,
    reply: brandSchema,
  },
  changeBrand: {
    method: 'PUT',
    path: '/brands/{id}',
    summary: 'Replace parts of a brand; what is not named stays',
    scope: 'write',
    params: byId,
    body: brandChangeSchema,
    reply: brandSchema,
  },
  removeBrand: {
    method: 'DELETE',
    path: '/brands/{id}',
    summary: 'Protect a brand no longer; observations stay',
    scope: 'write',
    params: byId,
  },
  listBrandPages: {
    method: 'GET',
    path: '/brands/{id}/pages',
    summary: 'Pages of a brand with their versions: the captures of each, newest first',
    scope: 'read',
    params: byId,
    reply: z.object({ pages: z.array(pageSchema.extend({ versions: z.array(captureSchema) })) }),
  },
  listProposals: {
    method: 'GET',
    path: '/brands/{id}/proposals',
    summary: 'Domains that may be of the same owner, and why; nothing counts until it is confirmed',
    scope: 'read',
    params: byId,
    reply: z.object({ proposals: z.array(proposalSchema) }),
  },
  setOwnership: {
    method: 'PUT',
    path: '/brands/{id}/ownership',
    summary: 'Say that hosts are the brand’s own, or are not',
    scope: 'write',
    params: byId,
    body: z.strictObject({ hosts: texts(1_000, 253).min(1), isOwned: z.boolean() }),
    reply: brandSchema,
  },
} as const satisfies Record<string, Route>;
