import { CAPTURE_VERSION, type Capture, type Exchange, type Outcome, type Persona, type Step } from '#model';
import { newCaptureId, SOFTWARE } from '../../capture-id.ts';
import type { EgressGuard } from '../../egress/index.ts';
import type { WireRecord } from '../../wire/index.ts';
import type { Recorder } from '../record/recorder.ts';
import type { Attachments } from './attachments.ts';
import { attributeCookies } from './cookies.ts';
import { joinWebSockets } from './web-sockets.ts';
import type { KeptDownloads } from './downloads.ts';
import type { JoinedExchanges } from './join.ts';
import type { PageVisit } from '../act/page-visit.ts';

export interface AssembleOptions {
  readonly url: string;
  readonly persona: Persona;
  readonly crawl: Capture['crawl'];
  readonly browser: NonNullable<Capture['browser']>;
  readonly startedMs: number;
  readonly outcome: Outcome;
  readonly recorder: Recorder;
  readonly visit: PageVisit;
  readonly joined: JoinedExchanges;
  readonly wire: WireRecord;
  readonly kept: KeptDownloads;
  readonly guard: EgressGuard;
  readonly missingWalls: readonly string[];
  readonly attachments: Attachments;
}

/** The facts of one visit as the capture holds them. */
export function assemble(options: AssembleOptions): Capture {
  const { recorder, visit, joined, wire, kept, guard, attachments } = options;
  const { frames } = recorder;
  const carriers = new Set(kept.downloads.map(({ exchange }) => exchange));
  const webSockets = joinWebSockets(recorder.sockets.sockets, wire, joined.ofWire);
  const sockets = new Map(webSockets.map((socket) => [socket.exchange, socket]));
  const exchanges = joined.exchanges.map((exchange): Exchange => {
    const socket = sockets.get(exchange.id);
    return {
      ...exchange,
      ...(carriers.has(exchange.id) && { isDownload: true }),
      ...(socket !== undefined && { resourceType: 'WebSocket' }),
      ...(socket?.initiator !== undefined && { initiator: socket.initiator }),
      ...(socket?.frame !== undefined && { frame: socket.frame }),
    };
  });
  const favicon = faviconOf(recorder, visit, exchanges);
  const { landed } = visit;
  return {
    version: CAPTURE_VERSION,
    id: newCaptureId(),
    software: SOFTWARE,
    url: options.url,
    ...(visit.finalUrl !== undefined && { finalUrl: visit.finalUrl }),
    ...(landed?.title !== undefined && { title: landed.title }),
    lane: 'browser',
    browser: options.browser,
    ...(options.crawl !== undefined && { crawl: options.crawl }),
    persona: options.persona,
    startedAt: new Date(options.startedMs).toISOString(),
    finishedAt: new Date().toISOString(),
    outcome: options.outcome,
    limits: recorder.limits.reached,
    exchanges,
    navigations: frames.navigations,
    documents: frames.documents.map((document) => {
      const { id, url, frame, parentFrame, openerFrame, isMainFrame, title, loaded, final, text } = document;
      const exchange = exchangeOf(document, recorder, joined);
      return {
        id,
        url,
        frame,
        ...(parentFrame !== undefined && { parentFrame }),
        ...(openerFrame !== undefined && { openerFrame }),
        isMainFrame,
        ...(title !== undefined && { title }),
        ...(exchange !== undefined && { exchange }),
        ...(loaded !== undefined && { loaded }),
        ...(final !== undefined && { final }),
        ...(text !== undefined && { text }),
      };
    }),
    urlElements: recorder.worlds.elements,
    steps: stepsOf(recorder, exchanges, kept),
    screenshots: visit.screenshots.taken,
    console: recorder.console.entries,
    dialogs: recorder.dialogs.seen.map(({ dialog }) => dialog),
    cookies: attributeCookies(visit.cookies, exchanges, recorder.console.cookies),
    storage: visit.storage,
    webSockets,
    popups: frames.popups.map(({ url, openerFrame, frame, step, wasBlocked }) => ({
      url,
      ...(openerFrame !== undefined && { openerFrame }),
      ...(frame !== undefined && { frame }),
      ...(step !== undefined && { step }),
      wasBlocked,
    })),
    downloads: kept.downloads,
    ...(favicon !== undefined && { favicon }),
    certificates: wire.certificates.map(({ sha256, der }) => ({
      sha256,
      der: attachments.add(`certificates/${sha256}.der`, der),
    })),
    resolutions: guard.resolutions.map((resolution) => ({ ...resolution })),
    denied: guard.denied.map((denial) => ({ ...denial })),
    workers: recorder.workers,
    missingWalls: [...options.missingWalls],
  };
}

/** The exchange that delivered a document: its request carries the document's loader. */
export function exchangeOf(
  { loaderId, frame }: { readonly loaderId: string; readonly frame: string },
  { requests }: Recorder,
  { ofRequest }: JoinedExchanges,
): number | undefined {
  const request = requests.requests.findLast(
    (each) =>
      each.loaderId === loaderId &&
      each.requestId === loaderId &&
      (each.frame === undefined || each.frame === frame),
  );
  return request === undefined ? undefined : ofRequest.get(request);
}

function stepsOf(recorder: Recorder, exchanges: readonly Exchange[], { downloads }: KeptDownloads): Step[] {
  const exchangesOf = Map.groupBy(exchanges, ({ step }) => step);
  return recorder.steps.steps.map((step) => {
    const { id, kind, startedMs, endedMs, control, url, navigatedTo, screenshot } = step;
    return {
      id,
      kind,
      startedAt: new Date(startedMs).toISOString(),
      durationMs: Math.max(0, endedMs - startedMs),
      ...(control !== undefined && { control }),
      ...(url !== undefined && { url }),
      caused: {
        exchanges: (exchangesOf.get(id) ?? []).map((exchange) => exchange.id),
        downloads: downloads.filter((download) => download.step === id).map((download) => download.id),
        popups: recorder.frames.popups.filter((popup) => popup.step === id).map((popup) => popup.url),
        dialogs: recorder.dialogs.seen.filter((seen) => seen.step === id).map(({ dialog }) => dialog.id),
        ...(navigatedTo !== undefined && { navigatedTo }),
      },
      ...(screenshot !== undefined && { screenshot }),
    };
  });
}

/** The icon that the main document names, else the one at the usual place, where it was answered. */
function faviconOf(
  { worlds }: Recorder,
  { landed }: PageVisit,
  exchanges: readonly Exchange[],
): Capture['favicon'] {
  if (landed === undefined) return undefined;
  const named = worlds.elements
    .filter(
      ({ frame, element, attributes }) =>
        frame === landed.frame && element === 'link' && /\bicon\b/i.test(attributes['rel'] ?? ''),
    )
    .map(({ attributes, baseUrl }) => URL.parse(attributes['href'] ?? '', baseUrl)?.href);
  const usual = URL.parse('/favicon.ico', landed.url)?.href;
  for (const url of [...named, usual]) {
    const answer = exchanges.find((exchange) => exchange.url === url && exchange.response?.status === 200);
    if (url !== undefined && answer !== undefined) return { url, exchange: answer.id };
  }
  return undefined;
}
