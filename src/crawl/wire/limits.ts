/** Bounds of decoding one capture. What lies beyond is dropped, and the limit is named in `WireRecord.limits`. */
export interface WireLimits {
  /** After so long the decoder is stopped; tunnels that were read by then are kept. */
  readonly deadlineMs: number;
  readonly maxExchanges: number;
  /** One header block: as sent, and unpacked. */
  readonly maxHeaderBytes: number;
  readonly maxHeaders: number;
  /** All headers together, each with a little more than its characters; headers beyond are left out. */
  readonly maxTotalHeaderBytes: number;
  /** One body as received; the rest of it is not kept. */
  readonly maxBodyBytes: number;
  /** All bodies together. */
  readonly maxTotalBodyBytes: number;
  /** Largest payload after content-decoding. */
  readonly maxDecodedBytes: number;
  /** Body bytes kept in memory, all bodies together. */
  readonly maxMemoryBytes: number;
  readonly maxWebSocketMessages: number;
  /** Of one message, and of all messages of one WebSocket. */
  readonly maxMessageBytes: number;
  readonly maxWebSocketBytes: number;
  /** Heap of the decoder's process. */
  readonly maxHeapMb: number;
}

const MB = 1024 * 1024;

export const DEFAULT_WIRE_LIMITS: WireLimits = {
  deadlineMs: 60_000,
  maxExchanges: 5_000,
  maxHeaderBytes: 320 * 1024,
  maxHeaders: 1_000,
  maxTotalHeaderBytes: 64 * MB,
  maxBodyBytes: 256 * MB,
  maxTotalBodyBytes: 512 * MB,
  maxDecodedBytes: 64 * MB,
  maxMemoryBytes: 48 * MB,
  maxWebSocketMessages: 1_000,
  maxMessageBytes: MB,
  maxWebSocketBytes: 5 * MB,
  maxHeapMb: 512,
};
