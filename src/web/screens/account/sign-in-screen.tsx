import { useEffect, useRef, useState, type ReactNode } from 'react';
import { hideToken, nextAddress, readToken, takeOver, type Who } from '../../account/session.ts';
import { navigate } from '../../app/location.ts';
import { call } from '../../client/call.ts';
import { Button, TextField } from '../../design/controls.tsx';
import { Fault, Wait } from '../../design/states.tsx';
import styles from './account.module.css';

/** Signs in: by the link that brought here, or by name and password. */
export function SignInScreen(): ReactNode {
  const [token] = useState(readToken);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(token !== undefined);
  const isStarted = useRef(false);

  const enter = async (body: { token: string } | { name: string; password: string }): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const who: Who = await ('token' in body ? call('signIn', { body }) : call('signIn', { body }));
      takeOver(who);
      navigate(nextAddress(), { replace: true });
    } catch (reason) {
      setError(reason);
      setPassword('');
      setBusy(false);
    }
  };
  useEffect(() => {
    // A link works once: a second try of the same token would be refused.
    if (token === undefined || isStarted.current) return;
    isStarted.current = true;
    hideToken();
    void enter({ token });
  });
  return (
    <main id="main" className={styles.bare} tabIndex={-1}>
      <div className={styles.card}>
        <span className={styles.brand}>
          <img src="/icon.svg" alt="" width="24" height="24" />
          Adit
        </span>
        <h1>Sign in</h1>
        {error !== undefined && <Fault error={error} />}
        {isBusy && <Wait label="Signing in" />}
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (!isBusy) void enter({ name, password });
          }}
        >
          <TextField label="Name" value={name} onChange={setName} autoComplete="username" isRequired />
          <TextField
            label="Password"
            type="password"
            value={password}
            onChange={setPassword}
            autoComplete="current-password"
            isRequired
          />
          <Button kind="primary" type="submit" isDisabled={isBusy || name === '' || password === ''}>
            Sign in
          </Button>
        </form>
        <p className="soft">
          On the machine that Adit runs on, <code>adit login-link</code> prints a link that signs you in
          without a password.
        </p>
      </div>
    </main>
  );
}
