import type { Scope } from '#model';
import type { Reply } from '../client/call.ts';
import { answers, useApi } from '../client/use-api.ts';

/** Who is at the screen, as the server says. */
export type Who = Reply<'getSession'>;

/** Who is at the screen; undefined until the server has said. */
export const useWho = (): Who | undefined => useApi('getSession', {}).data;

/** Whether whoever is at the screen has the scope: what they may not do is not offered. */
export function useMay(scope: Scope): boolean {
  return useWho()?.scopes.includes(scope) ?? false;
}

/** What whoever is at the screen may do, outside of components. */
export const mayNow = (scope: Scope): boolean =>
  answers.getQueryData<Who>(['getSession', {}])?.scopes.includes(scope) ?? false;

/** An account that sees the projects open to it, and no more. */
export const isGuestAccount = (who: Who | undefined): boolean => who?.user?.role === 'guest';

/** Somebody else is at the screen now: nothing that the one before saw is kept. */
export function takeOver(who: Who): void {
  answers.clear();
  answers.setQueryData(['getSession', {}], who);
}

/** The token after the # of a link. */
export const readToken = (): string | undefined =>
  new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined;

/** Takes it out of the address, so that it stays in no history. */
export const hideToken = (): void => history.replaceState(null, '', location.pathname + location.search);

/** Where to go after signing in: an address of this app, never another site's. */
export function nextAddress(): string {
  const next = new URLSearchParams(location.search).get('next') ?? '/';
  const url = URL.parse(next, location.origin);
  const isOwn = url !== null && url.origin === location.origin && !url.pathname.startsWith('/sign-in');
  return isOwn ? url.pathname + url.search : '/';
}
