import { randomUUID } from 'node:crypto';
import type { LimitReached } from '#model';
import type { TunnelRecord } from '../egress/tunnel.ts';
import { assemble } from './assembly.ts';
import { runJob, type FailedAttempt } from './decoder-process.ts';
import type { DecodedTunnel, DecodeJob } from './decoder.ts';
import { DEFAULT_WIRE_LIMITS, type WireLimits } from './limits.ts';
import type { WireRecord } from './record.ts';

export interface DecodeWireOptions {
  readonly tunnels: readonly TunnelRecord[];
  /** The browser's key log (`--ssl-key-log-file`); without one only plain tunnels are read. */
  readonly keyLogPath?: string;
  /** Size of the key log when the capture began: what lies before it is not read. */
  readonly keyLogOffset?: number;
  /** Existing private directory; bodies that memory has no room for become files in it, which stay. */
  readonly spoolDir: string;
  readonly limits?: Partial<WireLimits>;
  /** PEM of roots that are trusted besides the usual ones. */
  readonly extraRoots?: readonly string[];
  readonly signal?: AbortSignal;
}

/** So often a decoder that failed is started again for the tunnels after the one that it failed at. */
const MAX_FAILURES = 8;

/**
 * Reads what the tunnels of a capture carried, in a process with limits of its own. Tunnels that can't be read are named in
 * `undecrypted`; one that takes the decoder down costs only itself, and is noted as a limit: `maxHeapMb` where memory ran
 * out, else `decoderFailures`, of which none is allowed. Rejects with the signal's reason only.
 */
export async function decodeWire(options: DecodeWireOptions): Promise<WireRecord> {
  const limits = { ...DEFAULT_WIRE_LIMITS, ...options.limits };
  const deadline = AbortSignal.timeout(limits.deadlineMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]);
  const decoded = new Map<number, DecodedTunnel>();
  const reached: LimitReached[] = [];
  let failures = 0;
  for (let left = options.tunnels; left.length > 0;) {
    const job = toJob(options, left, limits);
    const attempt = await runJob(job, signal, (tunnel) => decoded.set(tunnel.connection.tunnel, tunnel));
    options.signal?.throwIfAborted();
    left = left.filter((tunnel) => !decoded.has(tunnel.id));
    if (attempt.kind === 'done') {
      reached.push(...attempt.limits);
      break;
    }
    if (attempt.kind === 'stopped') {
      const detail = `${left.length} connections were not read`;
      reached.push({ limit: 'deadlineMs', allowed: limits.deadlineMs, at: new Date().toISOString(), detail });
      for (const tunnel of left) decoded.set(tunnel.id, lost(tunnel, 'decoding took too long'));
      break;
    }
    // Tunnels are read in order: the first that is missing is the one that it failed at.
    const givenUp = left.slice(0, ++failures < MAX_FAILURES ? 1 : left.length);
    for (const tunnel of givenUp) decoded.set(tunnel.id, lost(tunnel, attempt.reason));
    left = left.slice(givenUp.length);
    reached.push(toLimit(attempt, limits));
  }
  const inOrder = options.tunnels
    .map((tunnel) => decoded.get(tunnel.id))
    .filter((tunnel) => tunnel !== undefined);
  return assemble(inOrder, reached, options.extraRoots ?? []);
}

function toJob(options: DecodeWireOptions, tunnels: readonly TunnelRecord[], limits: WireLimits): DecodeJob {
  const { keyLogPath: path, keyLogOffset: offset = 0, spoolDir } = options;
  const prefix = `wire-${randomUUID()}`;
  return { tunnels, ...(path === undefined ? {} : { keyLog: { path, offset } }), spoolDir, prefix, limits };
}

function toLimit({ reason, isOutOfMemory }: FailedAttempt, { maxHeapMb }: WireLimits): LimitReached {
  const limit = isOutOfMemory
    ? { limit: 'maxHeapMb', allowed: maxHeapMb }
    : { limit: 'decoderFailures', allowed: 0 };
  return { ...limit, at: new Date().toISOString(), detail: `a connection was not read: ${reason}` };
}

function lost(tunnel: TunnelRecord, fault: string): DecodedTunnel {
  const { id, host, port, address, openedAt } = tunnel;
  const connection = {
    tunnel: id,
    host,
    port,
    address,
    openedAt: new Date(openedAt).toISOString(),
    fault,
    isLost: true,
  };
  return { connection, exchanges: [], webSockets: [], certificates: [] };
}
