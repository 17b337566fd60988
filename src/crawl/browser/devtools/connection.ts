import type { Readable, Writable } from 'node:stream';
import type { ProtocolMapping } from 'devtools-protocol/types/protocol-mapping.js';
import { AditError } from '#model';

type Commands = ProtocolMapping.Commands;
type Events = ProtocolMapping.Events;
export type CommandName = keyof Commands;
export type EventName = keyof Events;
export type CommandParams<C extends CommandName> = Commands[C]['paramsType'];
export type CommandResult<C extends CommandName> = Commands[C]['returnType'];
export type EventParams<E extends EventName> = Events[E] extends [infer Params] ? Params : undefined;

/** `devtools-refused`: the browser answered with an error. `devtools-timeout`: it did not answer. `browser-gone`: it ended. */
export class DevToolsError extends AditError {
  constructor(code: 'devtools-refused' | 'devtools-timeout' | 'browser-gone', message: string) {
    super(code, message);
    this.name = 'DevToolsError';
  }
}

/** More than this in one message is no message of a page that can be captured: the browser is given up. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
const NUL = 0;

interface Pending {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

type Listener = (params: never) => void;

/** One end of DevTools: the browser itself, or a target in it. Events of a target arrive at its session only. */
export class Session {
  readonly id: string | undefined;
  readonly #connection: Connection;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(connection: Connection, id: string | undefined) {
    this.#connection = connection;
    this.id = id;
  }

  /** Sends a command; rejects with a DevToolsError when it is refused, not answered in time, or the browser ends. */
  send<C extends CommandName>(
    method: C,
    ...[params, timeoutMs]: [...CommandParams<C>] extends []
      ? [params?: undefined, timeoutMs?: number]
      : [params: CommandParams<C>[0], timeoutMs?: number]
  ): Promise<CommandResult<C>> {
    return this.#connection.send(this.id, method, params, timeoutMs) as Promise<CommandResult<C>>; // the protocol's own types
  }

  /** The same for commands whose failure changes nothing: a target that is gone, a domain that it does not have. */
  async attempt<C extends CommandName>(
    method: C,
    ...[params, timeoutMs]: [...CommandParams<C>] extends []
      ? [params?: undefined, timeoutMs?: number]
      : [params?: CommandParams<C>[0], timeoutMs?: number]
  ): Promise<CommandResult<C> | undefined> {
    try {
      return (await this.#connection.send(this.id, method, params, timeoutMs)) as CommandResult<C>; // as above
    } catch {
      return undefined;
    }
  }

  on<E extends EventName>(event: E, listener: (params: EventParams<E>) => void): void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener as Listener)); // `emit` gives it the event's own params
  }

  off<E extends EventName>(event: E, listener: (params: EventParams<E>) => void): void {
    this.#listeners.get(event)?.delete(listener as Listener); // as above
  }

  emit(event: string, params: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(params as never); // the listener's own type
  }
}

/**
 * DevTools over the two pipes of `--remote-debugging-pipe`: JSON messages, each ended by a NUL byte. Every command
 * has a time limit of its own: a killed renderer never answers.
 */
export class Connection {
  readonly browser: Session;
  readonly #input: Writable;
  readonly #commandMs: number;
  readonly #pending = new Map<number, Pending>();
  readonly #sessions = new Map<string, Session>();
  #lastId = 0;
  #chunks: Buffer[] = [];
  #chunkBytes = 0;
  readonly #ending = new AbortController();

  constructor(input: Writable, output: Readable, commandMs: number) {
    this.#input = input;
    this.#commandMs = commandMs;
    this.browser = new Session(this, undefined);
    input.on('error', () => this.close());
    output.on('data', (chunk: Buffer) => this.#receive(chunk));
    output.on('error', () => this.close());
    output.on('close', () => this.close());
  }

  get isClosed(): boolean {
    return this.ended.aborted;
  }

  /** Fires when the browser has ended, or is no longer listened to. */
  get ended(): AbortSignal {
    return this.#ending.signal;
  }

  /** The session by that id, made where there is none yet. */
  session(id: string): Session {
    const known = this.#sessions.get(id);
    if (known !== undefined) return known;
    const session = new Session(this, id);
    this.#sessions.set(id, session);
    return session;
  }

  forget(session: Session): void {
    if (session.id !== undefined) this.#sessions.delete(session.id);
  }

  send(
    sessionId: string | undefined,
    method: string,
    params: unknown,
    timeoutMs = this.#commandMs,
  ): Promise<unknown> {
    if (this.isClosed)
      return Promise.reject(new DevToolsError('browser-gone', `${method}: the browser has ended.`));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new DevToolsError('devtools-timeout', `${method}: no answer within ${timeoutMs} ms.`));
      }, timeoutMs);
      this.#pending.set(id, { method, resolve, reject, timer });
      this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** Every command under way rejects with `browser-gone`; later ones at once. */
  close(): void {
    if (this.isClosed) return;
    this.#ending.abort();
    for (const { method, reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new DevToolsError('browser-gone', `${method}: the browser has ended.`));
    }
    this.#pending.clear();
    this.#sessions.clear();
  }

  #receive(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NUL); end !== -1; end = chunk.indexOf(NUL, start)) {
      this.#chunks.push(chunk.subarray(start, end));
      const text = (this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)).toString();
      this.#chunks = [];
      this.#chunkBytes = 0;
      start = end + 1;
      this.#dispatch(JSON.parse(text) as Message); // Chromium's own JSON
    }
    if (start === chunk.length) return;
    this.#chunks.push(chunk.subarray(start));
    this.#chunkBytes += chunk.length - start;
    if (this.#chunkBytes > MAX_MESSAGE_BYTES) this.close();
  }

  #dispatch(message: Message): void {
    if (message.id === undefined) {
      const session = message.sessionId === undefined ? this.browser : this.#sessions.get(message.sessionId);
      if (message.method !== undefined) session?.emit(message.method, message.params);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    this.#pending.delete(message.id);
    clearTimeout(pending.timer);
    if (message.error === undefined) pending.resolve(message.result);
    else pending.reject(new DevToolsError('devtools-refused', `${pending.method}: ${message.error.message}`));
  }
}
