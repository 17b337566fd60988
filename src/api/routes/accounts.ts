import { ROLES, SCOPES } from '#model';
import { z } from 'zod';
import { byId, instant, text } from '../fields.ts';
import type { Route } from '../route.ts';

const roleSchema = z.enum(ROLES);
const userSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  role: roleSchema,
  hasPassword: z.boolean(),
  isLocalOwner: z.boolean().describe('the owner of the data directory'),
  createdAt: instant,
  lastSignInAt: instant.optional(),
});

/** Who asks. */
const whoSchema = z.object({
  isSignedIn: z.boolean(),
  user: z.object({ id: z.uuid(), name: z.string(), role: roleSchema, hasPassword: z.boolean() }).optional(),
  guestOf: z
    .object({ project: z.uuid(), name: z.string() })
    .optional()
    .describe('came by a guest link: the only project there is'),
  scopes: z.array(z.enum(SCOPES)),
  session: z.object({ id: z.uuid(), expiresAt: instant }).optional(),
});

const sessionSchema = z.object({
  id: z.uuid(),
  isThisOne: z.boolean(),
  createdAt: instant,
  lastSeenAt: instant,
  expiresAt: instant,
  address: z.string(),
  agent: z.string().describe('as the browser said: untrusted'),
});

const secretText = text(200, 1);
const signInSchema = z.union([
  z.strictObject({ name: text(100, 1), password: text(300, 1) }),
  z.strictObject({ token: secretText.describe('of a sign-in link; works once') }),
  z.strictObject({ guestToken: secretText.describe('of a guest link to a project') }),
]);

const signInLinkSchema = z.object({
  path: z.string().describe('opens the app and signs in, once'),
  expiresAt: instant,
});

/** Who may do what: accounts and sessions. */
export const accountRoutes = {
  getSession: {
    method: 'GET',
    path: '/session',
    summary: 'Who you are, and what you may do',
    scope: 'anyone',
    isForGuests: true,
    reply: whoSchema,
  },
  signIn: {
    method: 'POST',
    path: '/session',
    summary: 'Sign in by password, sign-in link or guest link; sets a cookie',
    scope: 'anyone',
    isForGuests: true,
    body: signInSchema,
    reply: whoSchema,
  },
  signOut: {
    method: 'DELETE',
    path: '/session',
    summary: 'End this session',
    scope: 'anyone',
    isForGuests: true,
  },
  changeOwnPassword: {
    method: 'PUT',
    path: '/session/password',
    summary: 'Set your password; your other sessions end',
    scope: 'signed-in',
    body: z.strictObject({
      current: text(300, 1).optional().describe('needed where there is one'),
      password: text(300, 1),
    }),
  },
  listSessions: {
    method: 'GET',
    path: '/sessions',
    summary: 'Your sessions, the last used first',
    scope: 'signed-in',
    reply: z.object({ sessions: z.array(sessionSchema) }),
  },
  endSession: {
    method: 'DELETE',
    path: '/sessions/{id}',
    summary: 'End one of your sessions',
    scope: 'signed-in',
    params: byId,
  },
  listPeople: {
    method: 'GET',
    path: '/people',
    summary: 'Everybody with an account, to share projects with',
    scope: 'read',
    reply: z.object({
      people: z.array(z.object({ id: z.uuid(), name: z.string(), role: roleSchema })),
    }),
  },
  listUsers: {
    method: 'GET',
    path: '/users',
    summary: 'Accounts',
    scope: 'admin',
    reply: z.object({ users: z.array(userSchema) }),
  },
  addUser: {
    method: 'POST',
    path: '/users',
    summary: 'Make an account, with a link by which its user signs in for the first time',
    scope: 'admin',
    body: z.strictObject({ name: text(63, 1), role: roleSchema }),
    reply: z.object({ user: userSchema, signInLink: signInLinkSchema }),
    status: 201,
  },
  changeUser: {
    method: 'PATCH',
    path: '/users/{id}',
    summary: 'Change the role of an account',
    scope: 'admin',
    params: byId,
    body: z.strictObject({ role: roleSchema }),
    reply: userSchema,
  },
  removeUser: {
    method: 'DELETE',
    path: '/users/{id}',
    summary: 'Remove an account: sessions end, keys are revoked, projects go to the local owner',
    scope: 'admin',
    params: byId,
  },
  setUserPassword: {
    method: 'PUT',
    path: '/users/{id}/password',
    summary: 'Set the password of an account; its sessions end',
    scope: 'admin',
    params: byId,
    body: z.strictObject({ password: text(300, 1) }),
  },
  addSignInLink: {
    method: 'POST',
    path: '/users/{id}/sign-in-links',
    summary: 'Make a link that signs in to an account, once',
    scope: 'admin',
    params: byId,
    reply: signInLinkSchema,
    status: 201,
  },
  endUserSessions: {
    method: 'DELETE',
    path: '/users/{id}/sessions',
    summary: 'End all sessions of an account',
    scope: 'admin',
    params: byId,
    reply: z.object({ ended: z.int() }),
  },
} as const satisfies Record<string, Route>;
