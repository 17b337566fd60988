import type { Socket } from 'node:net';
import { Spool, type SpoolMemory, type SpooledStream } from './spool.ts';

/**
 * How a tunnel ended: `remote` and `client` closed in order; `reset` means that the remote side broke off; `limit`,
 * `idle` and `cut` were ours; `sealed` ones were still open when the capture was over.
 */
export type TunnelEnding = 'remote' | 'client' | 'reset' | 'limit' | 'idle' | 'cut' | 'sealed';

/** A tunnel as it is recorded. Instants are milliseconds since the epoch, with fractions. */
export interface TunnelRecord {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  /** What was dialled. */
  readonly address: string;
  /** The client asked for it. */
  readonly openedAt: number;
  /** Absent where the name had been resolved before. */
  readonly dnsMs?: number;
  readonly connectMs: number;
  readonly closedAt: number;
  readonly ending: TunnelEnding;
  /** The remote side said that it sends no more, so a body without a length is whole. */
  readonly isDownEnded: boolean;
  /** Client → remote, and remote → client. */
  readonly up: SpooledStream;
  readonly down: SpooledStream;
}

export interface TunnelOptions {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly openedAt: number;
  readonly dnsMs: number | undefined;
  readonly connectMs: number;
  readonly client: Socket;
  readonly remote: Socket;
  /** Bytes of the client that came with its request. */
  readonly early: Uint8Array;
  readonly spoolPath: string;
  readonly memory: SpoolMemory;
  now(): number;
  /** Asked for every chunk before it is passed on; false ends the tunnel at once. */
  onBytes(tunnel: Tunnel, direction: Direction, count: number): boolean;
  /** Bytes could not be kept: the tunnel has ended. */
  onSpoolFault(tunnel: Tunnel): void;
  onClose(tunnel: Tunnel): void;
}

export type Direction = 'up' | 'down';

/**
 * Two sockets joined, with all that passes recorded. A chunk is passed on as it comes and its source is paused while
 * the other side is slow, so memory does not grow. Each direction ends by itself (half-close).
 */
export class Tunnel {
  readonly #options: TunnelOptions;
  readonly #up: Spool;
  readonly #down: Spool;
  #ending: TunnelEnding | undefined;
  #isDownEnded = false;
  #closedAt = 0;
  #lastActivity: number;
  #openSides = 2;

  constructor(options: TunnelOptions) {
    this.#options = options;
    this.#up = new Spool(`${options.spoolPath}.up`, options.memory);
    this.#down = new Spool(`${options.spoolPath}.down`, options.memory);
    this.#lastActivity = options.now();
    const { client, remote } = options;
    for (const socket of [client, remote]) socket.once('close', () => this.#onSideClosed(socket));
    client.on('error', () => {});
    remote.once('error', () => this.#onRemoteError());
    remote.on('error', () => {});
    remote.once('end', () => {
      this.#isDownEnded = true;
    });
    if (options.early.length > 0 && this.#pass('up', options.early)) remote.write(options.early);
    this.#join('up', client, remote);
    this.#join('down', remote, client);
  }

  get lastActivity(): number {
    return this.#lastActivity;
  }

  get sizeBytes(): number {
    return this.#up.sizeBytes + this.#down.sizeBytes;
  }

  get spoolPaths(): string[] {
    return [this.#up.path, this.#down.path].filter((path) => path !== undefined);
  }

  /** Ends both sides now. The first ending is the one that is recorded. */
  end(ending: TunnelEnding): void {
    this.#ending ??= ending;
    this.#options.client.destroy();
    this.#options.remote.destroy();
  }

  /** Ends it if need be and answers the record. Call once. */
  seal(): TunnelRecord {
    if (this.#openSides > 0) this.end('sealed');
    const { id, host, port, address, openedAt, dnsMs, connectMs, now } = this.#options;
    return {
      id,
      host,
      port,
      address,
      openedAt,
      connectMs,
      ...(dnsMs === undefined ? {} : { dnsMs }),
      closedAt: this.#closedAt || now(),
      ending: this.#ending ?? 'sealed',
      isDownEnded: this.#isDownEnded,
      up: this.#up.seal(),
      down: this.#down.seal(),
    };
  }

  #join(direction: Direction, from: Socket, to: Socket): void {
    from.on('data', (chunk: Uint8Array) => {
      if (!this.#pass(direction, chunk) || to.write(chunk)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
    from.once('end', () => {
      this.#ending ??= direction === 'up' ? 'client' : 'remote';
      to.end();
    });
    from.resume();
  }

  /** Counts and records; false where the tunnel has ended by it. */
  #pass(direction: Direction, chunk: Uint8Array): boolean {
    const { now, onBytes, onSpoolFault } = this.#options;
    this.#lastActivity = now();
    if (!onBytes(this, direction, chunk.length)) {
      this.end('limit');
      return false;
    }
    const spool = direction === 'up' ? this.#up : this.#down;
    if (spool.append(chunk, this.#lastActivity)) return true;
    this.end('limit');
    onSpoolFault(this);
    return false;
  }

  /** The client gets what has come so far, then a reset too: a clean end would make half a body look whole. */
  #onRemoteError(): void {
    if (this.#ending !== undefined && this.#ending !== 'client') return;
    this.#ending = 'reset';
    const { client } = this.#options;
    if (client.writableLength === 0) return resetSocket(client);
    client.once('drain', () => resetSocket(client));
  }

  #onSideClosed(socket: Socket): void {
    this.#openSides--;
    const { client, remote, now, onClose } = this.#options;
    if (this.#openSides > 0) {
      if (socket === client) {
        this.#ending ??= 'client';
        remote.destroy();
      } else if (this.#ending !== 'reset' && !client.writableEnded) client.end();
      return;
    }
    this.#closedAt = now();
    onClose(this);
  }
}

function resetSocket(socket: Socket): void {
  // Throws for what is no TCP socket, as a network of tests may use; that can just be closed.
  if (socket.remoteAddress === undefined) socket.destroy();
  else socket.resetAndDestroy();
}
