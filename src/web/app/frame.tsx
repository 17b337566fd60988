import { useEffect, useState, type ReactNode } from 'react';
import { Button } from '../design/controls.tsx';
import { useLiveAnswers } from '../client/use-live.ts';
import { Toasts } from '../design/toasts.tsx';
import { ValueMenu } from '../value/value-menu.tsx';
import { DialogHost } from './dialog-host.tsx';
import { openDialog } from './dialogs.ts';
import { navigate, usePlace } from './location.ts';
import { isGuestAccount, useWho } from '../account/session.ts';
import { useApi } from '../client/use-api.ts';
import { href } from './screens.ts';
import { NAVIGATION } from './navigation.ts';
import { focusSearch, SearchBox } from './search-box.tsx';
import { useShortcuts } from './shortcuts.ts';
import { setTheme, useTheme, type Theme } from './theme.ts';
import styles from './frame.module.css';

const ALERTS = href('alerts');
const MOST_COUNTED = 100;
const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_SIGN: Readonly<Record<Theme, string>> = { system: '◐', light: '☀', dark: '☾' };

/** What stays while screens change: navigation, the search box, keys, messages. */
export function Frame({ children }: { readonly children: ReactNode }): ReactNode {
  const { path, query } = usePlace();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path, query]);
  useEffect(() => {
    if (!isOpen) return;
    const listener = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setOpen(false);
    };
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, [isOpen]);
  const isLost = useLiveAnswers();
  const isGuest = isGuestAccount(useWho());
  const entries = NAVIGATION.filter(({ isForGuests }) => !isGuest || isForGuests === true);
  useShortcuts([
    ...(isGuest ? [] : [{ keys: '/', title: 'Search', run: focusSearch }]),
    { keys: '?', title: 'Show these keys', run: () => openDialog({ kind: 'shortcuts' }) },
    ...entries.map(({ key, title, address }) => ({
      keys: `g ${key}`,
      title: `Go to ${title}`,
      run: () => navigate(address),
    })),
  ]);
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        To the content
      </a>
      <header className={styles.top}>
        <span className={styles.burger}>
          <Button kind="quiet" label="Navigation" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
            ☰
          </Button>
        </span>
        {!isGuest && <SearchBox />}
        <p role="status" className={styles.lost}>
          {isLost && 'Not connected: what is shown may be old'}
        </p>
      </header>
      {isOpen && (
        <button
          type="button"
          className={styles.beside}
          aria-label="Close the navigation"
          onClick={() => setOpen(false)}
        />
      )}
      <div className={styles.side} {...(isOpen && { 'data-open': '' })}>
        <nav aria-label="Main">
          <a href="/" className={styles.brand}>
            <img src="/icon.svg" alt="" width="20" height="20" />
            Adit
          </a>
          <ul className={styles.links}>
            {entries.map(({ title, address, covers }) => (
              <li key={address}>
                <a
                  href={address}
                  className={styles.link}
                  {...(covers.test(path) && { 'aria-current': 'page' as const })}
                >
                  {title}
                  {address === ALERTS && <OpenAlerts />}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className={styles.foot}>
          <ThemeButton />
          <Button kind="quiet" onPress={() => openDialog({ kind: 'shortcuts' })}>
            Keys ?
          </Button>
        </div>
      </div>
      <main id="main" className={styles.main} tabIndex={-1}>
        {children}
      </main>
      <ValueMenu />
      <DialogHost />
      <Toasts />
    </div>
  );
}

/** How many new answers nobody has looked at yet. */
function OpenAlerts(): ReactNode {
  const open = useApi('listAlerts', { query: { isOpen: 'true', limit: MOST_COUNTED } }).data?.alerts.length;
  if (open === undefined || open === 0) return null;
  return (
    <span className={styles.open}>
      {open < MOST_COUNTED ? open : `${MOST_COUNTED - 1}+`}
      <span className="only-for-readers"> new</span>
    </span>
  );
}

function ThemeButton(): ReactNode {
  const theme = useTheme();
  return (
    <Button kind="quiet" onPress={() => setTheme(NEXT_THEME[theme])} aria-label={`Theme: ${theme}`}>
      <span aria-hidden="true">{THEME_SIGN[theme]}</span> Theme: {theme}
    </Button>
  );
}
