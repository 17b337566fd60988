import { AditError, type LiveEvent } from '#model';
import type { LiveEvents, NumberedEvent } from '#pipeline';
import { PassThrough } from 'node:stream';
import type { Caller } from './caller.ts';

/** A line now and then keeps proxies from closing the connection; whether the caller may still listen is asked then. */
const HEARTBEAT_MS = 20_000;
/** A browser has one for all its tabs, or one a tab. */
const MAX_STREAMS_A_CALLER = 12;
const MAX_STREAMS = 500;
/** A client that reads more slowly than this much piles up is let go; it comes back and resumes. */
const MAX_WAITING_BYTES = 1024 * 1024;

export interface Audience {
  /** Whether the caller may know of the event; asked one event after another. */
  maySee(caller: Caller, event: LiveEvent): Promise<boolean>;
  /** Whether the caller may still ask at all. */
  isValid(caller: Caller): Promise<boolean>;
}

/** The open event streams of the server. */
export class EventStreams implements Disposable {
  readonly #live: LiveEvents;
  readonly #audience: Audience;
  readonly #heartbeatMs: number;
  readonly #open = new Map<PassThrough, Caller>();

  constructor(live: LiveEvents, audience: Audience, options: { readonly heartbeatMs?: number } = {}) {
    this.#live = live;
    this.#audience = audience;
    this.#heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
  }

  /** A stream of what the caller may see, from after `lastEventId` where that is still held. */
  open(caller: Caller, lastEventId: string | undefined): PassThrough {
    const whose = ownerOf(caller);
    const own = [...this.#open.values()].filter((each) => ownerOf(each) === whose).length;
    if (own >= MAX_STREAMS_A_CALLER || this.#open.size >= MAX_STREAMS)
      throw new AditError('too-many-streams', 'There are too many open event streams.', {
        advice: 'Close other tabs of the app.',
      });
    const stream = new PassThrough();
    this.#open.set(stream, caller);
    const send = (lines: string): void => {
      if (stream.writableLength > MAX_WAITING_BYTES) stream.destroy();
      else if (!stream.destroyed && !stream.writableEnded) stream.write(`${lines}\n\n`);
    };
    // One after another, so that they stay in order however long each check takes.
    let turn: Promise<void> = Promise.resolve();
    let waiting = 0;
    const pass = (numbered: NumberedEvent): void => {
      if (++waiting > 2_000) return void stream.destroy();
      turn = turn.then(async () => {
        waiting--;
        if (stream.destroyed) return;
        const isSeen = await this.#audience.maySee(caller, numbered.event).catch(() => false);
        if (isSeen) send(toLines(numbered, caller));
      });
    };
    // First of all, so that nothing falls between what is held and what comes.
    const missed = lastEventId === undefined ? [] : this.#live.since(lastEventId);
    send(
      `retry: 2000\nid: ${lastEventId !== undefined && missed !== undefined ? lastEventId : this.#live.position}${missed === undefined ? '\nevent: reset\ndata: {}' : '\nevent: ready\ndata: {}'}`,
    );
    for (const event of missed ?? []) pass(event);
    const listening = this.#live.listen(pass);
    const heartbeat = setInterval(() => {
      void this.#audience.isValid(caller).then(
        (isValid) => (isValid ? send(': still here') : stream.end()),
        () => stream.end(),
      );
    }, this.#heartbeatMs);
    stream.once('close', () => {
      clearInterval(heartbeat);
      listening[Symbol.dispose]();
      this.#open.delete(stream);
    });
    return stream;
  }

  /** Ends the streams whose callers may no longer ask. */
  end(whose: (caller: Caller) => boolean): void {
    for (const [stream, caller] of this.#open) if (whose(caller)) stream.end();
  }

  [Symbol.dispose](): void {
    this.end(() => true);
  }
}

const ownerOf = ({ session, actor }: Caller): string => session?.id ?? actor;

function toLines({ id, at, event }: NumberedEvent, caller: Caller): string {
  const { kind, ...data } = event;
  const told = caller.isGuest && 'actor' in data ? { ...data, actor: undefined } : data;
  return `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify({ at: at.toISOString(), ...told })}`;
}
