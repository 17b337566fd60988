import { useEffect, type ReactNode } from 'react';
import { navigate, usePlace } from '../app/location.ts';
import { findScreen, href } from '../app/screens.ts';
import { isGuestAccount } from './session.ts';
import { useApi } from '../client/use-api.ts';
import { Fault, Wait } from '../design/states.tsx';

/** Screens for who is not signed in, or came by a guest link. */
const OPEN = /^\/(?:sign-in|guest)(?:\/|$)/;

/** Screens of accounts that see only projects. */
const FOR_GUESTS = /^\/(?:projects\/?|settings|guide)$/;

/** Shows the screen to who may see it: others sign in first, guests go to their projects. */
export function Gate({ children }: { readonly children: ReactNode }): ReactNode {
  const { path, query } = usePlace();
  const session = useApi('getSession', {});
  const isOpen = OPEN.test(path);
  const who = session.data;
  const guestOf = who?.guestOf?.project;
  const shouldSignIn = !isOpen && who !== undefined && !who.isSignedIn;
  const own =
    guestOf !== undefined
      ? href('guestProject', { id: guestOf })
      : isGuestAccount(who) && !FOR_GUESTS.test(path)
        ? projectOrAll(path)
        : undefined;
  const shouldLeave = !isOpen && own !== undefined;
  useEffect(() => {
    if (shouldSignIn) navigate(href('signIn', {}, { next: path + query }), { replace: true });
    else if (shouldLeave) navigate(own, { replace: true });
  }, [shouldSignIn, shouldLeave, own, path, query]);
  if (isOpen) return children;
  if (session.error !== null && who === undefined)
    return <Fault isWhole error={session.error} onRetry={() => void session.refetch()} />;
  return who === undefined || shouldSignIn || shouldLeave ? <Wait /> : children;
}

/** A project as its guests see it; from anywhere else, all of them. */
function projectOrAll(path: string): string {
  const found = findScreen(path);
  const project = found?.id === 'project' ? found.params['id'] : undefined;
  return project === undefined ? href('projects') : href('guestProject', { id: project });
}
