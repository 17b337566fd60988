import { MEMBER_RIGHTS, VISIBILITIES } from '#model';
import { z } from 'zod';
import { byId, instant, limit, text } from '../fields.ts';
import type { Route } from '../route.ts';
import { artifactSchema, captureSchema } from '../schemas.ts';
import { projectSchema } from './projects.ts';

const memberSchema = z.object({
  user: z.uuid(),
  name: z.string(),
  may: z.enum(MEMBER_RIGHTS),
  addedAt: instant,
});
const guestLinkSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  createdBy: z.string(),
  createdAt: instant,
  isRevoked: z.boolean(),
  opened: z.int().describe('how often it was used'),
  lastOpenedAt: instant.optional(),
});
const withMember = byId.extend({ user: text(100, 1) });

/** What is kept with a project, and whom it is shared with. */
export const sharingRoutes = {
  changeProject: {
    method: 'PATCH',
    path: '/projects/{id}',
    summary: 'Change name, description, notes or tags of a project; its owner also who sees it',
    scope: 'write',
    params: byId,
    body: z.strictObject({
      name: text(200, 1).optional(),
      description: text(100_000).optional(),
      notes: text(100_000).optional().describe('Markdown'),
      tags: z.array(text(100, 1)).max(50).optional(),
      visibility: z.enum(VISIBILITIES).optional(),
    }),
    reply: projectSchema,
  },
  listMembers: {
    method: 'GET',
    path: '/projects/{id}/members',
    summary: 'Who takes part in a project beside its owner',
    scope: 'read',
    params: byId,
    reply: z.object({ members: z.array(memberSchema) }),
  },
  putMember: {
    method: 'PUT',
    path: '/projects/{id}/members/{user}',
    summary: 'Make somebody a member, by name or id',
    scope: 'write',
    right: 'own',
    params: withMember,
    body: z.strictObject({ may: z.enum(MEMBER_RIGHTS) }),
    reply: z.object({ members: z.array(memberSchema) }),
  },
  removeMember: {
    method: 'DELETE',
    path: '/projects/{id}/members/{user}',
    summary: 'Take a member out of a project',
    scope: 'write',
    right: 'own',
    params: withMember,
  },
  listGuestLinks: {
    method: 'GET',
    path: '/projects/{id}/guest-links',
    summary: 'Links that open the project to whoever has one, without their secrets',
    scope: 'read',
    right: 'own',
    params: byId,
    reply: z.object({ links: z.array(guestLinkSchema) }),
  },
  addGuestLink: {
    method: 'POST',
    path: '/projects/{id}/guest-links',
    summary: 'Make a link that lets anybody read the project, without an account; its secret is shown once',
    scope: 'write',
    right: 'own',
    params: byId,
    body: z.strictObject({ name: text(200).optional().describe('whom it is for') }),
    reply: z.object({ link: guestLinkSchema, path: z.string().describe('opens the project in the app') }),
    status: 201,
  },
  revokeGuestLink: {
    method: 'DELETE',
    path: '/projects/{id}/guest-links/{link}',
    summary: 'Revoke a guest link; who came by it is out at once',
    scope: 'write',
    right: 'own',
    params: byId.extend({ link: text(100, 1) }),
  },
  getTimeline: {
    method: 'GET',
    path: '/projects/{id}/timeline',
    summary: 'What became known or was seen of the artifacts of a project, in order of time',
    scope: 'read',
    isForGuests: true,
    params: byId,
    query: z.object({ limit }),
    reply: z.object({
      entries: z.array(
        z.object({
          at: instant,
          kind: z.enum(['first-seen', 'last-seen', 'captured', 'copied', 'added']),
          artifact: artifactSchema,
          text: z.string(),
          captureId: z.string().optional(),
        }),
      ),
      isCut: z.boolean(),
    }),
  },
  listProjectCaptures: {
    method: 'GET',
    path: '/projects/{id}/captures',
    summary: 'Captures of the artifacts of a project, newest first',
    scope: 'read',
    isForGuests: true,
    params: byId,
    query: z.object({ limit }),
    reply: z.object({ captures: z.array(captureSchema) }),
  },
} as const satisfies Record<string, Route>;
