/**
 * What one capture may use of the network. Reaching a limit ends the connections concerned and is reported once under
 * the limit's name here; it is never an error.
 */
export interface EgressLimits {
  /** Ports that may be dialled. */
  readonly ports: readonly number[];
  /** Connection attempts in the whole capture, refused ones included. */
  readonly maxConnections: number;
  /** Connections open at the same time. */
  readonly maxOpenConnections: number;
  /** Bytes received and sent by the whole capture; reaching one ends every connection. */
  readonly maxBytesDown: number;
  readonly maxBytesUp: number;
  /** Bytes of one connection, both directions together. */
  readonly maxBytesPerConnection: number;
  /** From a browser's connection to its complete SOCKS request. */
  readonly handshakeTimeoutMs: number;
  readonly resolveTimeoutMs: number;
  /** For all addresses of a name together. */
  readonly dialTimeoutMs: number;
  /** A connection that carried nothing in either direction for so long is ended. */
  readonly idleTimeoutMs: number;
  /** Recorded bytes kept in memory, all connections together; what goes beyond lies in files. */
  readonly maxSpoolMemory: number;
}

const MB = 1024 * 1024;

export const DEFAULT_EGRESS_LIMITS: EgressLimits = {
  ports: [80, 443, 8000, 8008, 8080, 8081, 8443, 8888],
  maxConnections: 3_000,
  maxOpenConnections: 256,
  maxBytesDown: 400 * MB,
  maxBytesUp: 64 * MB,
  maxBytesPerConnection: 256 * MB,
  handshakeTimeoutMs: 60_000,
  resolveTimeoutMs: 10_000,
  dialTimeoutMs: 15_000,
  idleTimeoutMs: 60_000,
  maxSpoolMemory: 32 * MB,
};
