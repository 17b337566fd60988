import { SCOPES, type Scope } from './scope.ts';

/** What kind of account somebody has. */
export const ROLES = ['admin', 'analyst', 'guest'] as const;
export type Role = (typeof ROLES)[number];

/** What a role may do at most; a key of an account never exceeds it. */
export const SCOPES_OF_ROLE: Readonly<Record<Role, readonly Scope[]>> = {
  admin: SCOPES,
  analyst: ['read', 'write', 'capture'],
  guest: ['read'],
};

/** The account of whoever owns the data directory: it is always there, and has no password. */
export const LOCAL_USER = { id: '00000000-0000-4000-8000-000000000001', name: 'local' } as const;

/** Somebody who may sign in. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly hasPassword: boolean;
  readonly createdAt: Date;
  readonly lastSignInAt: Date | undefined;
}

/** Who asks, as far as projects are concerned. */
export interface Person {
  /** Of an account; undefined for who came by a guest link. */
  readonly user: string | undefined;
  readonly role: Role;
  /** The one project that a guest link opens. */
  readonly linkedProject: string | undefined;
}
