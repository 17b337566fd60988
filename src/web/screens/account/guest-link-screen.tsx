import { useEffect, useRef, useState, type ReactNode } from 'react';
import { hideToken, readToken, takeOver } from '../../account/session.ts';
import { navigate } from '../../app/location.ts';
import { href } from '../../app/screens.ts';
import { call } from '../../client/call.ts';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import styles from './account.module.css';

/** Where a guest link leads: trades its secret for a session, and opens the project. */
export function GuestLinkScreen(): ReactNode {
  const [token] = useState(readToken);
  const [error, setError] = useState<unknown>();
  const isStarted = useRef(false);
  useEffect(() => {
    if (token === undefined || isStarted.current) return;
    isStarted.current = true;
    hideToken();
    call('signIn', { body: { guestToken: token } }).then(
      (who) => {
        takeOver(who);
        if (who.guestOf !== undefined)
          navigate(href('guestProject', { id: who.guestOf.project }), { replace: true });
      },
      (reason: unknown) => setError(reason),
    );
  }, [token]);
  return (
    <main id="main" className={styles.bare} tabIndex={-1}>
      {token === undefined && (
        <Empty title="This link is not whole" isWhole>
          Open it again as it was given to you, with all that stands after the #.
        </Empty>
      )}
      {error !== undefined && <Fault isWhole error={error} />}
      {token !== undefined && error === undefined && <Wait label="Opening the project" />}
    </main>
  );
}
