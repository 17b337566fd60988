import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaptureSource } from '#archive';
import { AditError, CAPTURE_VERSION, parseUrl, type Capture, type Outcome, type Persona } from '#model';
import { newCaptureId, SOFTWARE } from '../capture-id.ts';
import type { Network } from '../egress/index.ts';
import { Dialler } from './connection.ts';
import { HttpVisit } from './http-visit.ts';
import { openLimitLog, type HttpLimits } from './limits.ts';

export interface HttpCaptureRequest {
  readonly url: string;
  readonly persona: Persona;
  /** The way out. The egress guard vets what is dialled through it. */
  readonly network: Network;
  readonly limits?: Partial<HttpLimits>;
  /** Ranges (CIDR) that may be dialled although they are not public. */
  readonly allowNetworks?: readonly string[];
  /** Redirects in a row; default 20, as Chromium. */
  readonly followRedirects?: number;
  /** Ends the visit; what there is by then is the capture. */
  readonly signal?: AbortSignal;
  /** The crawl that asks for it. */
  readonly crawl?: Capture['crawl'];
}

/**
 * Captures a page without a browser: the page itself, each redirect on the way, and where it refreshes to; nothing that
 * the page refers to. Cheap, and enough where no script is needed. Shows the persona's fields in Chromium's order, but
 * its TLS is the runtime's.
 *
 * Whatever the server does is an outcome. Rejects with AditError `url-invalid`, `bad-allowed-network` or
 * `bad-upstream-proxy` where the request itself is wrong. Dispose of the source: spool files lie behind it.
 */
export async function captureHttp(request: HttpCaptureRequest): Promise<CaptureSource> {
  const url = parseUrl(request.url);
  if (url === undefined || !/^https?:/.test(url)) {
    throw new AditError('url-invalid', `“${request.url.slice(0, 100)}” is no http: or https: address.`, {
      advice: 'Give the full address of a page.',
    });
  }
  const directory = await mkdtemp(join(tmpdir(), 'adit-http-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    return await visit({ ...request, url }, directory, remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function visit(
  request: HttpCaptureRequest,
  directory: string,
  remove: () => Promise<void>,
): Promise<CaptureSource> {
  const { persona, network, allowNetworks, followRedirects = 20, crawl } = request;
  const { log, headerBytes } = openLimitLog(request.limits);
  const startedMs = Date.now();
  const total = AbortSignal.timeout(log.limits.totalMs);
  const signal = request.signal === undefined ? total : AbortSignal.any([request.signal, total]);
  await using dialler = await Dialler.open({
    network,
    spoolDir: directory,
    allowNetworks,
    upstreamProxy: persona.proxy,
    limits: {
      maxConnections: log.limits.connections,
      maxBytesDown: log.limits.bytesDown,
      maxBytesUp: log.limits.bytesUp,
    },
    onLimit: (reached) => log.add(reached),
  });
  const visit = new HttpVisit({
    dialler,
    persona,
    directory,
    followRedirects,
    total,
    signal,
    headerBytes,
    limits: log,
  });
  const outcome: Outcome = await visit.run(request.url);
  const finishedMs = Date.now();
  const capture: Capture = {
    ...visit.facts(finishedMs),
    version: CAPTURE_VERSION,
    id: newCaptureId(),
    software: SOFTWARE,
    url: request.url,
    lane: 'http',
    crawl,
    persona: withoutCredentials(persona),
    startedAt: new Date(startedMs).toISOString(),
    finishedAt: new Date(finishedMs).toISOString(),
    outcome,
    limits: log.reached,
    resolutions: [...dialler.guard.resolutions],
    denied: [...dialler.guard.denied],
  };
  return {
    capture,
    attachments: visit.attachments,
    responseBytes: (id) => visit.bodies.get(id),
    requestBytes: () => undefined,
    downloadBytes: () => undefined,
    [Symbol.asyncDispose]: remove,
  };
}

function withoutCredentials(persona: Persona): Persona {
  const proxy = persona.proxy === undefined ? null : URL.parse(persona.proxy);
  if (proxy === null) return persona;
  proxy.username = proxy.password = '';
  return { ...persona, proxy: proxy.href.replace(/\/$/, '') };
}
