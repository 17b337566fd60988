import { constants, inflateRawSync } from 'node:zlib';

const WINDOW_BYTES = 32 * 1024;
/** What the sender left off each message (RFC 7692 §7.2.2). */
const TAIL = Uint8Array.of(0, 0, 0xff, 0xff);

/** permessage-deflate of one direction: the window goes on from message to message unless the sides agreed otherwise. */
export class MessageInflater {
  readonly #keepsWindow: boolean;
  #window: Uint8Array = new Uint8Array(0);

  /** `extensions` is the server's Sec-WebSocket-Extensions; undefined without permessage-deflate there. */
  static forDirection(extensions: string, side: 'client' | 'server'): MessageInflater | undefined {
    const deflate = extensions.split(',').find((extension) => /^\s*permessage-deflate\b/i.test(extension));
    if (deflate === undefined) return undefined;
    return new MessageInflater(!new RegExp(`;\\s*${side}_no_context_takeover`, 'i').test(deflate));
  }

  constructor(keepsWindow: boolean) {
    this.#keepsWindow = keepsWindow;
  }

  /** Undefined where the bytes are no deflate data, or more than `maxBytes`: the window is lost with them. */
  inflate(payload: Uint8Array, maxBytes: number): Uint8Array | undefined {
    try {
      const bytes = inflateRawSync(Buffer.concat([payload, TAIL]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: Math.max(maxBytes, 1),
        ...(this.#window.length > 0 ? { dictionary: this.#window } : {}),
      });
      if (this.#keepsWindow) this.#window = Buffer.concat([this.#window, bytes]).subarray(-WINDOW_BYTES);
      return bytes;
    } catch {
      return undefined;
    }
  }
}
