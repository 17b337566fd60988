import type { ByteReader } from '../byte-reader.ts';
import type { LimitLog } from '../limit-log.ts';
import type { WebSocketMessage, WebSocketRecord } from '../message.ts';
import { OPCODE, readFrame, type Frame } from './frame.ts';
import { MessageInflater } from './inflater.ts';

/**
 * The messages of a WebSocket (RFC 6455) in order of time, from both directions after the handshake. `extensions` is
 * what the server agreed to. Messages beyond the limits are counted off and dropped.
 */
export function readWebSocket(
  up: ByteReader,
  down: ByteReader,
  extensions: string,
  log: LimitLog,
): WebSocketRecord {
  const sent = readDirection(up, true, MessageInflater.forDirection(extensions, 'client'), log);
  const received = readDirection(down, false, MessageInflater.forDirection(extensions, 'server'), log);
  const all = [...sent.messages, ...received.messages].toSorted((a, b) => a.at - b.at);
  const messages = withinLimits(all, log);
  const closeCode = received.closeCode ?? sent.closeCode;
  return closeCode === undefined ? { messages } : { messages, closeCode };
}

interface Direction {
  readonly messages: WebSocketMessage[];
  closeCode?: number;
}

function readDirection(
  reader: ByteReader,
  isSent: boolean,
  inflater: MessageInflater | undefined,
  log: LimitLog,
): Direction {
  const direction: Direction = { messages: [] };
  const assembly = new Assembly(isSent, inflater, log);
  const { maxMessageBytes, maxWebSocketMessages, maxWebSocketBytes } = log.limits;
  let size = 0;
  for (;;) {
    const frame = readFrame(reader, maxMessageBytes);
    if (frame === undefined) return direction;
    if (frame.opcode === OPCODE.close) {
      const [high, low] = frame.payload;
      if (high !== undefined && low !== undefined) direction.closeCode ??= (high << 8) | low;
      return direction;
    }
    const message = frame.opcode <= OPCODE.binary ? assembly.add(frame) : undefined;
    if (message === undefined) continue;
    direction.messages.push(message);
    size += message.data.length;
    // One beyond is kept, for whoever joins the directions to see that there were more.
    if (direction.messages.length > maxWebSocketMessages || size > maxWebSocketBytes) return direction;
  }
}

/** Puts the frames of a message together (RFC 6455 §5.4). */
class Assembly {
  readonly #isSent: boolean;
  readonly #inflater: MessageInflater | undefined;
  readonly #log: LimitLog;
  #first: Frame | undefined;
  #parts: Uint8Array[] = [];
  #size = 0;
  #isCut = false;

  constructor(isSent: boolean, inflater: MessageInflater | undefined, log: LimitLog) {
    this.#isSent = isSent;
    this.#inflater = inflater;
    this.#log = log;
  }

  /** The message, when this was its last frame. */
  add(frame: Frame): WebSocketMessage | undefined {
    const { maxMessageBytes } = this.#log.limits;
    if (frame.opcode !== OPCODE.continuation) this.#start(frame);
    if (this.#first === undefined) return undefined;
    const room = maxMessageBytes - this.#size;
    this.#isCut ||= frame.isCut || frame.payload.length > room;
    if (room > 0) this.#parts.push(frame.payload.subarray(0, room));
    this.#size += Math.min(room, frame.payload.length);
    return frame.isFinal ? this.#finish(this.#first, frame.at) : undefined;
  }

  #start(frame: Frame): void {
    this.#first = frame;
    this.#parts = [];
    this.#size = 0;
    this.#isCut = false;
  }

  #finish(first: Frame, at: number): WebSocketMessage {
    this.#first = undefined;
    const payload = Buffer.concat(this.#parts);
    const { maxMessageBytes } = this.#log.limits;
    const inflated =
      first.isCompressed && !this.#isCut ? this.#inflater?.inflate(payload, maxMessageBytes) : undefined;
    const isCut = this.#isCut || (first.isCompressed && inflated === undefined);
    if (isCut) this.#log.reach('maxMessageBytes', at, 'a WebSocket message was cut');
    const data = first.isCompressed ? (inflated ?? new Uint8Array(0)) : payload;
    return { isSent: this.#isSent, isBinary: first.opcode === OPCODE.binary, data, at, isCut };
  }
}

/** Both directions together: each alone has been held to the limits already. */
function withinLimits(messages: readonly WebSocketMessage[], log: LimitLog): WebSocketMessage[] {
  const { maxWebSocketMessages, maxWebSocketBytes } = log.limits;
  let size = 0;
  for (const [index, message] of messages.entries()) {
    size += message.data.length;
    const limit = index >= maxWebSocketMessages ? 'maxWebSocketMessages' : 'maxWebSocketBytes';
    if (index < maxWebSocketMessages && size <= maxWebSocketBytes) continue;
    log.reach(limit, message.at, DROPPED);
    return messages.slice(0, index);
  }
  return [...messages];
}

const DROPPED = 'later messages of a WebSocket were dropped';
