import { useEffect, type ReactNode } from 'react';
import { navigate, usePlace } from '../app/location.ts';
import { href } from '../app/screens.ts';
import { useApi } from '../client/use-api.ts';
import { Fault, Wait } from '../design/states.tsx';

/** Screens for who is not signed in, or came by a guest link. */
const OPEN = /^\/(?:sign-in|guest)(?:\/|$)/;

/** Shows the screen to who may see it: others sign in first, guests go to their project. */
export function Gate({ children }: { readonly children: ReactNode }): ReactNode {
  const { path, query } = usePlace();
  const session = useApi('getSession', {});
  const isOpen = OPEN.test(path);
  const who = session.data;
  const guestOf = who?.guestOf?.project;
  const shouldSignIn = !isOpen && who !== undefined && !who.isSignedIn;
  const shouldLeave = !isOpen && guestOf !== undefined;
  useEffect(() => {
    if (shouldSignIn) navigate(href('signIn', {}, { next: path + query }), { replace: true });
    else if (shouldLeave) navigate(href('guestProject', { id: guestOf }), { replace: true });
  }, [shouldSignIn, shouldLeave, guestOf, path, query]);
  if (isOpen) return children;
  if (session.error !== null && who === undefined)
    return <Fault isWhole error={session.error} onRetry={() => void session.refetch()} />;
  return who === undefined || shouldSignIn || shouldLeave ? <Wait /> : children;
}
