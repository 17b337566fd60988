import type { LiveEvent } from '#model';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { listenLive, readIsLost, subscribeToIsLost, type LiveListener } from './live.ts';

/** Calls the listener for each event of these names while the component is shown. */
export function useLive(names: readonly LiveEvent['kind'][], listener: LiveListener): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  const key = names.join(' ');
  useEffect(
    () =>
      listenLive((data, name) => {
        if (key.split(' ').includes(name)) latest.current(data, name);
      }),
    [key],
  );
}

const nothing = (): void => {};

/** Keeps what is shown as new as the server's events say, on whatever screen; true: events have not come for a while. */
export function useLiveAnswers(): boolean {
  useEffect(() => listenLive(nothing), []);
  return useSyncExternalStore(subscribeToIsLost, readIsLost);
}
