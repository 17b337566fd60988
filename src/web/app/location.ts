import { useCallback, useSyncExternalStore } from 'react';

/** Where the app is: the path and the query of its address. */
export interface Place {
  readonly path: string;
  readonly query: string;
}

const changed = new EventTarget();
let current: Place = { path: location.pathname, query: location.search };

function update(): void {
  if (current.path === location.pathname && current.query === location.search) return;
  current = { path: location.pathname, query: location.search };
  changed.dispatchEvent(new Event('change'));
}
addEventListener('popstate', update);

const subscribe = (listener: () => void): (() => void) => {
  changed.addEventListener('change', listener);
  return () => changed.removeEventListener('change', listener);
};

/** Goes to another address of the app. */
export function navigate(address: string, options: { readonly replace?: boolean } = {}): void {
  const url = new URL(address, location.href);
  if (url.origin !== location.origin) return; // nothing in the app leads out
  const isSameScreen = url.pathname === location.pathname;
  history[options.replace === true ? 'replaceState' : 'pushState'](null, '', url);
  update();
  if (!isSameScreen) scrollTo(0, 0);
}

export const usePlace = (): Place => useSyncExternalStore(subscribe, () => current);

/** One parameter of the address as state: sharing the address shares what is shown, Back goes back. */
export function useQueryParam(name: string): [string | undefined, (value: string | undefined) => void] {
  const { query } = usePlace();
  const value = new URLSearchParams(query).get(name) ?? undefined;
  const set = useCallback((next: string | undefined) => changeQuery({ [name]: next }), [name]);
  return [value, set];
}

/** Changes parameters of the address and leaves the others; an undefined one goes. */
export function changeQuery(
  changes: Readonly<Record<string, string | readonly string[] | undefined>>,
  options: { readonly replace?: boolean } = {},
): void {
  const search = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    search.delete(name);
    for (const each of typeof value === 'string' ? [value] : (value ?? []))
      if (each !== '') search.append(name, each);
  }
  navigate(`${location.pathname}${search.size > 0 ? `?${search.toString()}` : ''}`, options);
}
