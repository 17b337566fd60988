import { useSyncExternalStore } from 'react';

/** `system` follows the machine. `public/theme.js` applies a chosen one before the first paint. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'adit.theme';
const changed = new EventTarget();

function read(): Theme {
  const chosen = document.documentElement.dataset['theme'];
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

export function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // no storage: it holds until the page is closed
  }
  changed.dispatchEvent(new Event('change'));
}

export const useTheme = (): Theme =>
  useSyncExternalStore((listener) => {
    changed.addEventListener('change', listener);
    return () => changed.removeEventListener('change', listener);
  }, read);
