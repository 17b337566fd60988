import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { LimitReached } from '#model';
import type { FromDecoder } from './decoder-child.ts';
import type { DecodedTunnel, DecodeJob } from './decoder.ts';

/** How one attempt at a job ended. */
export type Attempt =
  | { readonly kind: 'done'; readonly limits: readonly LimitReached[] }
  | FailedAttempt
  /** The signal came first. */
  | { readonly kind: 'stopped' };

/** The process died or gave up at the first tunnel that it had not handed over. */
export interface FailedAttempt {
  readonly kind: 'failed';
  readonly reason: string;
  readonly isOutOfMemory: boolean;
}

const SCRIPT = new URL('./decoder-child.ts', import.meta.url);
const MAX_IDLE = 2;
const IDLE_MS = 300_000;
const LAST_WORDS_LENGTH = 4_000;

/** A process that decodes, one job at a time. */
interface Decoder {
  readonly child: ChildProcess;
  readonly maxHeapMb: number;
  /** The end of what it wrote to standard error: V8 says there what it died of. */
  lastWords: string;
}

/** Those that wait for the next capture, each with what ends it: starting one costs more than decoding a usual page. */
const idle = new Map<Decoder, NodeJS.Timeout>();

/**
 * Runs a job in a process of its own: a fatal error of V8 ends the whole process, also where it happens in a worker thread.
 * Hands over each tunnel as it is done. Never rejects.
 */
export async function runJob(
  job: DecodeJob,
  signal: AbortSignal,
  onTunnel: (decoded: DecodedTunnel) => void,
): Promise<Attempt> {
  if (signal.aborted) return { kind: 'stopped' };
  const { maxHeapMb } = job.limits;
  const decoder = takeIdle(maxHeapMb) ?? startDecoder(maxHeapMb);
  const { child } = decoder;
  const stop = new AbortController();
  let isFree = false;
  const attempt = await new Promise<Attempt>((resolve) => {
    const fail = (reason: string): void => resolve({ kind: 'failed', reason, isOutOfMemory: false });
    signal.addEventListener('abort', () => resolve({ kind: 'stopped' }), { signal: stop.signal });
    child.on('message', (message: FromDecoder) => {
      isFree = message.kind !== 'tunnel';
      if (message.kind === 'tunnel') onTunnel(message.decoded);
      else if (message.kind === 'done') resolve(message);
      else fail(message.reason);
    });
    child.on('error', (error) => fail(`decoder: ${error.message}`));
    // Not `exit`: what it said last may still be on its way then.
    child.once('close', (code, by) => resolve(causeOfDeath(decoder, by ?? code)));
    // A job that cannot be handed over: it has ended, or never began, and one of the above says how.
    child.send(job, (error) => error && child.kill('SIGKILL'));
  });
  stop.abort();
  stopListening(child);
  if (isFree && idle.size < MAX_IDLE) keepIdle(decoder);
  else child.kill('SIGKILL');
  return attempt;
}

function startDecoder(maxHeapMb: number): Decoder {
  const child = fork(SCRIPT, {
    // Typed arrays go through as they are.
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${maxHeapMb}`],
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const decoder = { child, maxHeapMb, lastWords: '' };
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    decoder.lastWords = (decoder.lastWords + text).slice(-LAST_WORDS_LENGTH);
  });
  return decoder;
}

function stopListening(child: ChildProcess): void {
  for (const event of ['message', 'error', 'close']) child.removeAllListeners(event);
  child.on('error', () => {});
}

function causeOfDeath({ lastWords }: Decoder, by: string | number | null): FailedAttempt {
  const isOutOfMemory = /out of memory/i.test(lastWords);
  const reason = isOutOfMemory ? 'decoder ran out of memory' : `decoder ended with ${by}`;
  return { kind: 'failed', reason, isOutOfMemory };
}

function takeIdle(maxHeapMb: number): Decoder | undefined {
  const decoder = [...idle.keys()].find(
    (waiting) => waiting.maxHeapMb === maxHeapMb && waiting.child.connected,
  );
  if (decoder === undefined) return undefined;
  clearTimeout(idle.get(decoder));
  idle.delete(decoder);
  stopListening(decoder.child);
  for (const handle of handlesOf(decoder)) handle?.ref();
  return decoder;
}

function keepIdle(decoder: Decoder): void {
  const forget = (): void => {
    clearTimeout(idle.get(decoder));
    idle.delete(decoder);
    decoder.child.kill('SIGKILL');
  };
  idle.set(decoder, setTimeout(forget, IDLE_MS).unref());
  decoder.child.once('close', forget);
  // It must not keep the owner alive.
  for (const handle of handlesOf(decoder)) handle?.unref();
}

/** All that keeps the owner's loop turning. */
function handlesOf({ child }: Decoder): ({ ref(): void; unref(): void } | null | undefined)[] {
  return [child, child.channel, child.stderr as Socket]; // a pipe is a socket
}
