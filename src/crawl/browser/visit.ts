import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaptureSource } from '#archive';
import type { Exchange, Persona } from '#model';
import { openEgressGuard, type EgressGuard } from '../egress/index.ts';
import { PageVisit } from './act/page-visit.ts';
import { assemble, exchangeOf } from './keep/assemble.ts';
import { Attachments } from './keep/attachments.ts';
import { keepDownloads } from './keep/downloads.ts';
import { joinExchanges, type JoinedExchanges } from './keep/join.ts';
import { judge } from './keep/outcome.ts';
import { readWire } from './keep/read-wire.ts';
import { LimitLog, type LimitName } from './limits.ts';
import type { Lease } from './pool.ts';
import { keyLogSize, type BrowserProcess } from './process/launch.ts';
import { setUpContext } from './process/browser-context.ts';
import { Recorder } from './record/recorder.ts';
import type { DevToolsResponse } from './record/requests.ts';
import type { VisitEnvironment, VisitRequest } from './visit-request.ts';

/** Kept of the total time for reading the page and writing everything down. */
const RESERVE_MS = 8_000;
const DISPOSE_MS = 5_000;

/** The guard's names for limits of the visit. */
const GUARD_LIMITS: Readonly<Record<string, LimitName>> = {
  maxBytesDown: 'bytesDown',
  maxBytesUp: 'bytesUp',
  maxConnections: 'connections',
  maxBytesPerConnection: 'bodyBytes',
};

/** Makes one visit in the leased browser and keeps it whole. Rejects only on a fault of our own. */
export async function visitPage(
  lease: Lease,
  request: VisitRequest,
  environment: VisitEnvironment,
): Promise<CaptureSource> {
  const folder = await mkdtemp(join(environment.spoolRoot, 'visit-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const limits = new LimitLog(request.limits);
  let guard: EgressGuard | undefined;
  try {
    guard = await openEgressGuard({
      network: environment.network,
      limits: {
        maxBytesDown: limits.limits.bytesDown,
        maxBytesUp: limits.limits.bytesUp,
        maxConnections: limits.limits.connections,
        maxBytesPerConnection: limits.limits.bodyBytes,
      },
      ...(lease.persona.proxy !== undefined && { upstreamProxy: lease.persona.proxy }),
      ...(environment.allowNetworks !== undefined && { allowNetworks: environment.allowNetworks }),
      spoolDir: folder,
      onLimit: ({ limit, allowed, detail }) =>
        limits.add({ limit: GUARD_LIMITS[limit] ?? limit, allowed, detail }),
    });
    const { capture, ...bytes } = await makeVisit({ lease, request, environment, limits, guard, folder });
    const opened = guard;
    return {
      capture,
      ...bytes,
      [Symbol.asyncDispose]: async () => {
        await opened[Symbol.asyncDispose]();
        await remove();
      },
    };
  } catch (error) {
    await guard?.[Symbol.asyncDispose]();
    await remove();
    throw error;
  }
}

interface Making {
  readonly lease: Lease;
  readonly request: VisitRequest;
  readonly environment: VisitEnvironment;
  readonly limits: LimitLog;
  readonly guard: EgressGuard;
  readonly folder: string;
}

async function makeVisit(making: Making): Promise<Omit<CaptureSource, typeof Symbol.asyncDispose>> {
  const { lease, request, environment, limits, guard, folder } = making;
  const { process } = lease.browser;
  const startedMs = Date.now();
  const attachments = new Attachments();
  // Keys of earlier visits are of no use to this one.
  const keyLogOffset = keyLogSize(process);
  const { visit, recorder, downloadsDir } = await inContext(making, attachments);
  request.onProgress?.('reading what the wire carried');
  const wire = await readWire({
    tunnels: await guard.seal(),
    keyLogPath: process.dir.keyLog,
    keyLogOffset,
    spoolDir: folder,
    limits,
    extraRoots: (environment.network.trustedRoots ?? []).map(({ pem }) => pem),
  });
  const mainFrames = new Set([
    ...recorder.frames.documents.filter(({ isMainFrame }) => isMainFrame).map(({ frame }) => frame),
    ...recorder.frames.popups.flatMap(({ frame }) => frame ?? []), // one that closed before it showed a document
  ]);
  if (visit.page !== undefined) mainFrames.add(visit.page.id);
  const joined = joinExchanges(recorder.requests.requests, wire, { steps: recorder.steps, mainFrames });
  const kept = await keepDownloads(recorder.downloads.downloads, joined.exchanges, {
    from: downloadsDir,
    to: folder,
  });
  await rm(downloadsDir, { recursive: true, force: true });
  const capture = assemble({
    url: request.url,
    persona: withoutCredentials(lease.persona),
    crawl: request.crawl,
    browser: { product: process.product, mode: environment.mode },
    startedMs,
    outcome: judgeVisit(request, { visit, recorder, joined, guard, attachments }),
    recorder,
    visit,
    joined,
    wire,
    kept,
    guard,
    attachments,
    missingWalls: process.missingWalls,
  });
  return {
    capture,
    responseBytes: (id) => joined.responses.get(id),
    requestBytes: (id) => joined.requests.get(id),
    downloadBytes: (id) => kept.bytes.get(id),
    attachments: attachments.files,
  };
}

/** The part of the visit that needs the browser: in a context of its own, which is gone afterwards whatever happened. */
async function inContext(
  { lease, request, environment, limits, guard }: Making,
  attachments: Attachments,
): Promise<{ visit: PageVisit; recorder: Recorder; downloadsDir: string }> {
  const { browser, persona } = lease;
  const { connection } = browser.process;
  using way = browser.gateway.open(guard);
  const { browserContextId: contextId } = await connection.browser.send('Target.createBrowserContext', {
    disposeOnDetach: true,
    proxyServer: way.proxyServer,
    proxyBypassList: '<-loopback>',
  });
  const recorder = new Recorder({
    connection,
    contextId,
    persona,
    limits,
    ignoreCertificateErrors: environment.ignoreCertificateErrors,
    needsBody: (response) => isBeyondTheWire(response, browser.process),
    onCrash: () => {
      const limit = browser.watchdog.justEnforced;
      if (limit !== undefined) limits.reach(limit);
    },
  });
  using _route = browser.route(contextId, recorder.targets);
  const downloadsDir = await setUpContext(browser.process, contextId, persona);
  const { totalMs } = limits.limits;
  const time = AbortSignal.timeout(Math.max(totalMs - RESERVE_MS, totalMs / 2));
  const visit = new PageVisit({
    connection,
    contextId,
    recorder,
    persona,
    request,
    attachments,
    signal: AbortSignal.any([
      time,
      connection.ended,
      ...(request.signal === undefined ? [] : [request.signal]),
    ]),
  });
  try {
    await visit.run();
    if (time.aborted) limits.reach('totalMs');
  } finally {
    recorder.stop();
    await connection.browser.attempt(
      'Target.disposeBrowserContext',
      { browserContextId: contextId },
      DISPOSE_MS,
    );
  }
  return { visit, recorder, downloadsDir };
}

const READABLE_CIPHERS = /^(AES_128_GCM|AES_256_GCM|CHACHA20_POLY1305)$/;

/** Bodies that the wire cannot tell: made by a service worker, or encrypted in a way that is not undone. */
function isBeyondTheWire(
  { fromServiceWorker, securityDetails }: DevToolsResponse,
  process: BrowserProcess,
): boolean {
  if (fromServiceWorker === true) return true;
  return (
    securityDetails !== undefined &&
    (!READABLE_CIPHERS.test(securityDetails.cipher) || keyLogSize(process) === 0)
  );
}

function judgeVisit(
  request: VisitRequest,
  given: {
    readonly visit: PageVisit;
    readonly recorder: Recorder;
    readonly joined: JoinedExchanges;
    readonly guard: EgressGuard;
    readonly attachments: Attachments;
  },
): ReturnType<typeof judge> {
  const { visit, recorder, joined, guard, attachments } = given;
  const { landed } = visit;
  const delivered = landed === undefined ? undefined : exchangeOf(landed, recorder, joined);
  const isHop = ({ frame, resourceType, step }: Exchange) =>
    frame === visit.page?.id && resourceType === 'Document' && (step ?? 0) === 0;
  const html = attachments.files.get(landed?.loaded ?? landed?.final ?? '');
  return judge({
    url: request.url,
    errorText: visit.errorText,
    isDownload: visit.isDownload,
    isAborted: request.signal?.aborted === true,
    isBrowserGone: visit.isBrowserGone,
    isRendererGone: visit.isRendererGone,
    isShown: landed !== undefined,
    exchange: delivered === undefined ? undefined : joined.exchanges[delivered],
    lastHop: joined.exchanges.findLast(isHop),
    unreadable: recorder.requests.requests.find(
      ({ requestId, failure }) =>
        requestId === landed?.loaderId && /DECODING_FAILED/.test(failure?.error ?? ''),
    )?.failure?.error,
    html:
      html === undefined
        ? ''
        : Buffer.from(html.buffer, html.byteOffset, Math.min(html.length, 512 * 1024)).toString(),
    denied: guard.denied,
    failures: guard.failures,
    limits: recorder.limits,
  });
}

function withoutCredentials(persona: Persona): Persona {
  const proxy = persona.proxy === undefined ? null : URL.parse(persona.proxy);
  if (proxy === null) return persona;
  proxy.username = proxy.password = '';
  return { ...persona, proxy: proxy.href.replace(/\/$/, '') };
}
