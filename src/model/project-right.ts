import { LOCAL_USER, type Person } from './account.ts';

/** Who may see a project beside its owner and its members: nobody, every analyst, or guest accounts as well. */
export const VISIBILITIES = ['private', 'team', 'public'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** Each includes the ones before it. `own`: delete it, and decide who sees it. */
export const PROJECT_RIGHTS = ['read', 'write', 'own'] as const;
export type ProjectRight = (typeof PROJECT_RIGHTS)[number];

/** What a member may do; the owner is no member. */
export const MEMBER_RIGHTS = ['read', 'write'] as const;
export type MemberRight = (typeof MEMBER_RIGHTS)[number];

/** The most that a person may do in a project; undefined: not even know that it is there. */
export function projectRight(
  project: { readonly id: string; readonly owner: string; readonly visibility: Visibility },
  { user, role, linkedProject }: Person,
  membership: MemberRight | undefined,
): ProjectRight | undefined {
  if (user === undefined) return linkedProject === project.id ? 'read' : undefined;
  // Whoever owns the data directory can read the files as well.
  if (user === LOCAL_USER.id) return 'own';
  if (role === 'guest')
    return membership !== undefined || project.visibility === 'public' ? 'read' : undefined;
  if (user === project.owner) return 'own';
  if (project.visibility === 'private') return membership;
  return role === 'admin' ? 'own' : 'write';
}

/** Whether a right is enough where another is needed. */
export function includesRight(right: ProjectRight | undefined, needed: ProjectRight): boolean {
  return right !== undefined && PROJECT_RIGHTS.indexOf(right) >= PROJECT_RIGHTS.indexOf(needed);
}
