import type { ReactNode } from 'react';
import { isGuestAccount, takeOver, useMay, useWho } from '../../account/session.ts';
import { navigate } from '../../app/location.ts';
import { href } from '../../app/screens.ts';
import { call } from '../../client/call.ts';
import { Button } from '../../design/controls.tsx';
import { sayFault } from '../../design/toasts.tsx';
import styles from './account.module.css';
import { ApiKeys } from './api-keys.tsx';
import { OwnPassword } from './own-password.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { Users } from './users.tsx';

/** The account at the screen, and for administrators those of others, and API keys. */
export function SettingsScreen(): ReactNode {
  const who = useWho();
  const isAdmin = useMay('admin');
  const signOut = (): void => {
    call('signOut', {}).then(() => {
      takeOver({ isSignedIn: false, scopes: [] });
      navigate(href('signIn'), { replace: true });
    }, sayFault);
  };
  return (
    <div className={styles.stack}>
      <header className="screen-head">
        <h1>Settings</h1>
        {who?.user !== undefined && (
          <span className={styles.row}>
            <span className="soft">
              {who.user.name}, {who.user.role}
            </span>
            {who.session !== undefined && <Button onPress={signOut}>Sign out</Button>}
          </span>
        )}
      </header>
      {!isGuestAccount(who) && <OwnSessions />}
      <OwnPassword />
      {isAdmin && <Users />}
      {isAdmin && <ApiKeys />}
    </div>
  );
}
