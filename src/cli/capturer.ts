import { copyFile, mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AditError } from '#model';
import { keepCapture, readableName, readCapture, type CaptureJob, type KeptCapture } from '#pipeline';
import { z } from 'zod';
import type { CaptureOptions } from './capture-command.ts';
import { openStores, type Stores } from './stores/open-stores.ts';
import { printable } from './text.ts';
import type { Terminal } from './terminal.ts';
import { openVisits, type Visits } from './visits.ts';

/** Makes captures and keeps them, in this process or at the running server. */
export interface Capturer extends AsyncDisposable {
  /** Resolves when the capture is kept and, where stores are used, stored. Ending early keeps what there is. */
  capture(
    job: CaptureJob,
    options: { readonly signal: AbortSignal; readonly onProgress?: (what: string) => void },
  ): Promise<KeptCapture>;
}

/**
 * With `--out` alone bundles are written and nothing is stored. Else captures are stored: by the running server, whose job
 * each visit becomes, or in stores that this process owns meanwhile.
 */
export async function openCapturer(options: CaptureOptions, terminal: Terminal): Promise<Capturer> {
  const out = options.out === undefined ? undefined : resolve(options.out);
  await using opened = new AsyncDisposableStack();
  const isStored = out === undefined || options.store === true;
  const stores = isStored ? opened.use(await openStores({ progress: terminal.progress })) : undefined;
  if (stores?.server !== undefined) {
    refuseServerOptions(options);
    terminal.note(`the running server makes the visits (${stores.server})`);
    const held = opened.move();
    return {
      capture: (job, { signal, onProgress }) => captureAtServer(stores, job, { out, signal, onProgress }),
      [Symbol.asyncDispose]: () => held.disposeAsync(),
    };
  }
  const visits = opened.use(
    await openVisits({
      parallel: options.parallel,
      mode: options.mode,
      allowNetworks: options.allowNet,
      testnet: options.testnet,
      log: (line) => terminal.note(printable(line)),
    }),
  );
  const held = opened.move();
  return {
    capture: (job, { signal, onProgress }) => captureHere(visits, stores, job, { out, signal, onProgress }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

interface Way {
  readonly out: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: ((what: string) => void) | undefined;
}

async function captureHere(
  visits: Visits,
  stores: Stores | undefined,
  job: CaptureJob,
  { out, signal, onProgress }: Way,
): Promise<KeptCapture> {
  await using source = await visits.visit(job, { signal, ...(onProgress !== undefined && { onProgress }) });
  const workbench = stores?.workbench;
  const kept =
    out === undefined
      ? await keepCapture(source, workbench!.captures, 'byHash') // without a folder there are stores
      : await keepCapture(source, out, 'byName');
  await workbench?.take(kept);
  return kept;
}

const POLL_MS = 300;

const resultSchema = z.object({ captureId: z.string() });

async function captureAtServer(
  { ask }: Stores,
  job: CaptureJob,
  { out, signal, onProgress = () => {} }: Way,
): Promise<KeptCapture> {
  const { url, ...how } = job;
  const { jobs } = await ask('requestCaptures', { body: { urls: [url], ...how } });
  const id = jobs[0]!; // one URL, one job
  for (;;) {
    const { state, result, attempts, lastError } = await ask('getJob', { params: { id } });
    if (state === 'done') return await fetchResult(ask, resultSchema.parse(result).captureId, out);
    if (state === 'dead')
      throw new AditError('job-failed', lastError ?? 'The server could not make the visit.', {
        advice: `adit jobs retry ${id} queues it again.`,
      });
    onProgress(
      lastError === undefined
        ? `${state} as job ${id}`
        : `${state} as job ${id}, after ${attempts} attempts: ${lastError}`,
    );
    if (signal.aborted)
      throw new AditError('job-left', `Job ${id} is left to the server.`, {
        advice: 'adit jobs shows it.',
      });
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
}

/** The server runs on this machine, on this data directory: its bundles can be read where they lie. */
async function fetchResult(ask: Stores['ask'], id: string, out: string | undefined): Promise<KeptCapture> {
  const { bundle, sha256 } = await ask('getCapture', { params: { id } });
  const read = await readCapture(bundle);
  const { size: sizeBytes } = await stat(bundle);
  const kept = { ...read, sizeBytes, sha256: sha256 as KeptCapture['sha256'] }; // as it was stored
  if (out === undefined) return kept;
  await mkdir(out, { recursive: true });
  const copy = join(out, `${readableName(read.capture)}.wacz`);
  await copyFile(bundle, copy);
  return { ...kept, bundle: copy };
}

/** How the server reaches the network was said when it was started. */
function refuseServerOptions(options: CaptureOptions): void {
  const given = [
    options.testnet !== undefined && '--testnet',
    options.allowNet !== undefined && '--allow-net',
    options.mode !== 'headless' && '--mode',
  ].filter((name) => name !== false);
  if (given.length > 0)
    throw new AditError(
      'unsupported-option',
      `A server runs, and ${given.join(' and ')} is for it to decide.`,
      {
        advice: 'Give it to adit serve, or capture into a folder alone (--out DIR).',
      },
    );
  if (/@/.test(options.proxy ?? ''))
    throw new AditError(
      'unsupported-option',
      'A proxy with a password cannot be handed to the running server.',
      {
        advice: 'Capture into a folder alone (--out DIR), or use a proxy without.',
      },
    );
}
