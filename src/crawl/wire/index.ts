/**
 * The wire: what the tunnels of a capture carried, read from their record.
 *
 * Promises: bytes as the servers sent them, headers in order and in their case, every body whole or marked; any bytes
 * whatever are read without a fault, within limits that are named when reached; what can't be read is named, too.
 * Leaves to others: what the browser meant by its requests (`browser/`).
 *
 * A tunnel goes through layers, each of which pulls from the one below: record of the tunnel (`chunk-source.ts`) → TLS
 * (`tls/`) → HTTP/1 (`http1/`) or HTTP/2 (`http2/`) → WebSocket (`websocket/`) → exchanges (`exchange.ts`).
 */
export { decodeWire } from './decode-wire.ts';
export type { WireLimits } from './limits.ts';
export type { WireExchange, WireRecord } from './record.ts';
