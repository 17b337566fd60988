import { useState, type ReactNode } from 'react';
import { useWho } from '../../account/session.ts';
import { useAction } from '../../client/use-api.ts';
import { Button, Panel, TextField } from '../../design/controls.tsx';
import { Fault } from '../../design/states.tsx';
import { say } from '../../design/toasts.tsx';
import styles from './account.module.css';

/** Sets or changes the password of the account at the screen. */
export function OwnPassword(): ReactNode {
  const user = useWho()?.user;
  const change = useAction('changeOwnPassword', ['getSession', 'listSessions']);
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  if (user === undefined) return null;
  const submit = (): void => {
    const body = { password, ...(user.hasPassword && { current }) };
    change.mutate(
      { body },
      {
        onSuccess: () => {
          setCurrent('');
          setPassword('');
          say('The password is set. Your other sessions are over.');
        },
      },
    );
  };
  return (
    <Panel title="Password">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {change.error !== null && <Fault error={change.error} />}
        {/* Password managers want to know whose it is. */}
        <input
          className="only-for-readers"
          autoComplete="username"
          value={user.name}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        {user.hasPassword && (
          <TextField
            label="Current password"
            type="password"
            autoComplete="current-password"
            value={current}
            onChange={setCurrent}
            isRequired
          />
        )}
        <TextField
          label="New password"
          hint="12 characters or more. Several words in a row are easy to keep and hard to guess."
          type="password"
          autoComplete="new-password"
          value={password}
          onChange={setPassword}
          isRequired
        />
        <div className={styles.row}>
          <Button type="submit" isDisabled={password.length < 12 || change.isPending}>
            {user.hasPassword ? 'Change the password' : 'Set a password'}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
