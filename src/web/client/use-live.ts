import type { RouteId } from '#api';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

/** One event of the server: its name and its data, as far as they are JSON. */
export type LiveListener = (data: unknown, name: string) => void;

const listeners = new Map<string, Set<LiveListener>>();
let source: EventSource | undefined;

/**
 * Server-sent events of /api/events, through one connection for the whole app, open while anybody listens.
 * EventSource connects again by itself when the line breaks; nothing here polls.
 */
function listen(name: string, listener: LiveListener): () => void {
  let ofName = listeners.get(name);
  if (ofName === undefined) listeners.set(name, (ofName = new Set()));
  ofName.add(listener);
  source ??= new EventSource('/api/events');
  source.addEventListener(name, dispatch);
  return () => {
    ofName.delete(listener);
    if (ofName.size > 0) return;
    listeners.delete(name);
    source?.removeEventListener(name, dispatch);
    if (listeners.size === 0) {
      source?.close();
      source = undefined;
    }
  };
}

function dispatch(event: MessageEvent<string>): void {
  let data: unknown;
  try {
    data = JSON.parse(event.data);
  } catch {
    return; // no event of ours
  }
  for (const listener of listeners.get(event.type) ?? []) listener(data, event.type);
}

/** Calls the listener for each event of these names while the component is shown. */
export function useLive(names: readonly string[], listener: LiveListener): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  const key = names.join(' ');
  useEffect(() => {
    const ends = key
      .split(' ')
      .filter((name) => name !== '')
      .map((name) => listen(name, (data, of) => latest.current(data, of)));
    return () => ends.forEach((end) => end());
  }, [key]);
}

/** Asks for the answers of these routes again whenever one of the events comes. */
export function useLiveAnswers(names: readonly string[], routes: readonly RouteId[]): void {
  const client = useQueryClient();
  useLive(names, () => {
    for (const route of routes) void client.invalidateQueries({ queryKey: [route] });
  });
}
