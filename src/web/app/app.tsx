import { QueryClientProvider } from '@tanstack/react-query';
import { Component, Suspense, useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { RouterProvider } from 'react-aria-components';
import { Gate } from '../account/gate.tsx';
import { answers } from '../client/use-api.ts';
import { Empty, Fault, Wait } from '../design/states.tsx';
import { Frame } from './frame.tsx';
import { keepFocus } from './kept-focus.ts';
import { navigate, usePlace } from './location.ts';
import { findScreen } from './screens.ts';
import { startShortcuts } from './shortcuts.ts';
import { setTitle } from './title.ts';

export function App(): ReactNode {
  useEffect(startShortcuts, []);
  useEffect(keepFocus, []);
  useEffect(followLinks, []);
  return (
    <QueryClientProvider client={answers}>
      <RouterProvider navigate={(address) => navigate(address)}>
        <Gate>
          <CurrentScreen />
        </Gate>
      </RouterProvider>
    </QueryClientProvider>
  );
}

function CurrentScreen(): ReactNode {
  const { path } = usePlace();
  const found = findScreen(path);
  const shownBefore = useRef<string | undefined>(undefined);
  const key = found === undefined ? path : `${found.id} ${JSON.stringify(found.params)}`;
  const title = found?.screen.title ?? 'No such page';
  // Before the effects of the screen, which may know a better one.
  useLayoutEffect(() => setTitle(title), [key, title]);
  useEffect(() => {
    // A new screen is read from its start, as a new page would be.
    if (shownBefore.current !== undefined && shownBefore.current !== key)
      document.getElementById('main')?.focus({ preventScroll: true });
    shownBefore.current = key;
  }, [key]);
  if (found === undefined)
    return (
      <Frame>
        <Empty title="There is no such page" isWhole>
          The address leads nowhere. Search for what you were looking for, or go back.
        </Empty>
      </Frame>
    );
  const screen = (
    <Fence key={key}>
      <Suspense fallback={<Wait />}>
        <found.screen.component params={found.params} />
      </Suspense>
    </Fence>
  );
  return found.screen.isBare === true ? screen : <Frame>{screen}</Frame>;
}

/** Keeps a fault of one screen from taking the frame with it. */
class Fence extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error === undefined ? (
      this.props.children
    ) : (
      <Fault isWhole error={this.state.error} onRetry={() => location.reload()} />
    );
  }
}

/** Plain links of the app change the screen without loading the page again. */
function followLinks(): () => void {
  const listener = (event: MouseEvent): void => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.ctrlKey ||
      event.metaKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (!(link instanceof HTMLAnchorElement) || link.target !== '' || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (
      url.origin !== location.origin ||
      url.pathname.startsWith('/api/') ||
      findScreen(url.pathname) === undefined
    )
      return;
    if (url.hash !== '' && url.pathname === location.pathname) return;
    event.preventDefault();
    navigate(url.pathname + url.search);
  };
  addEventListener('click', listener);
  return () => removeEventListener('click', listener);
}
