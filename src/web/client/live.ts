import type { RouteId } from '#api';
import { LIVE_EVENT_KINDS, type LiveEvent } from '#model';
import { answers } from './use-api.ts';

/** One event of the server: its data, as far as they are JSON, and its name. */
export type LiveListener = (data: unknown, name: LiveEvent['kind']) => void;

const OF_VISITS = ['listJobs', 'listCrawls', 'listImports'] as const satisfies readonly RouteId[];
const OF_DATASETS = [
  'getArtifact',
  'pivot',
  'getFacets',
  'getHeatmap',
  'listCaptures',
  'listVisits',
  'listLookalikes',
  'listProposals',
  'listBrandPages',
  'listProjectCaptures',
  'status',
] as const satisfies readonly RouteId[];

/** Routes whose answers an event makes old. */
const MAKES_OLD: Readonly<Record<LiveEvent['kind'], readonly RouteId[]>> = {
  'capture-queued': OF_VISITS,
  'capture-started': OF_VISITS,
  'capture-done': [...OF_VISITS, ...OF_DATASETS],
  'capture-failed': OF_VISITS,
  'import-progress': ['listImports', 'listImportFiles'],
  alert: ['listAlerts', 'listSearches'],
  'project-changed': ['getProject', 'getHistory', 'getTimeline', 'listProjects', 'listProjectCaptures'],
  'demo-progress': [],
};

/** Answers are asked for again at most this often, however many events come. */
const PAUSE_MS = 250;
/** A line that breaks for less than this is no news. */
const GRACE_MS = 4_000;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;

const listeners = new Set<LiveListener>();
const changed = new EventTarget();
let users = 0;
let source: EventSource | undefined;
let isLost = false;
let grace: ReturnType<typeof setTimeout> | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;
let retryMs = FIRST_RETRY_MS;
/** Events were not heard for a while, and none will tell which. */
let hasMissed = false;

/**
 * Server-sent events of /api/events through one connection, open while anybody listens and the page is in view: a browser
 * has few connections to one server, and tabs by the dozen must not use them up. Nothing here polls.
 */
export function listenLive(listener: LiveListener): () => void {
  listeners.add(listener);
  if (++users === 1) {
    document.addEventListener('visibilitychange', onVisibility);
    open();
  }
  return () => {
    listeners.delete(listener);
    if (--users > 0) return;
    document.removeEventListener('visibilitychange', onVisibility);
    close();
  };
}

/** Whether events have not come through for a while, and what is shown may be old. */
export const readIsLost = (): boolean => isLost;

export function subscribeToIsLost(listener: () => void): () => void {
  changed.addEventListener('change', listener);
  return () => changed.removeEventListener('change', listener);
}

function open(): void {
  if (source !== undefined || document.hidden) return;
  source = new EventSource('/api/events');
  source.addEventListener('open', onOpen);
  source.addEventListener('error', onError);
  source.addEventListener('reset', askForAllAgain);
  for (const kind of LIVE_EVENT_KINDS)
    source.addEventListener(kind, (event: MessageEvent<string>) => dispatch(kind, event.data));
}

function close(): void {
  source?.close();
  source = undefined;
  clearTimeout(grace);
  clearTimeout(retry);
  grace = retry = undefined;
}

function onVisibility(): void {
  if (!document.hidden) return open();
  close();
  hasMissed = true;
}

function onOpen(): void {
  retryMs = FIRST_RETRY_MS;
  setLost(false);
  if (hasMissed) askForAllAgain();
  hasMissed = false;
}

/** A line that broke is mended by EventSource itself; a refusal is asked about, and tried again more and more rarely. */
function onError(): void {
  grace ??= setTimeout(() => setLost(true), GRACE_MS);
  if (source?.readyState !== EventSource.CLOSED) return;
  source = undefined;
  hasMissed = true;
  void answers.invalidateQueries({ queryKey: ['getSession'] });
  retry = setTimeout(open, retryMs);
  retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
}

function setLost(is: boolean): void {
  clearTimeout(grace);
  grace = undefined;
  if (is === isLost) return;
  isLost = is;
  changed.dispatchEvent(new Event('change'));
}

function dispatch(kind: LiveEvent['kind'], text: string): void {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return; // no event of ours
  }
  askAgain(MAKES_OLD[kind]);
  for (const listener of listeners) listener(data, kind);
}

const old = new Set<RouteId>();
let isAsking = false;

/** Asks again for what is shown of these routes: one round after another, so that a burst of events starves none. */
function askAgain(routes: readonly RouteId[]): void {
  for (const route of routes) old.add(route);
  if (!isAsking) void rounds();
}

async function rounds(): Promise<void> {
  isAsking = true;
  while (old.size > 0) {
    const routes = [...old];
    old.clear();
    await Promise.all(routes.map((route) => answers.invalidateQueries({ queryKey: [route] })));
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  isAsking = false;
}

function askForAllAgain(): void {
  void answers.invalidateQueries();
}
