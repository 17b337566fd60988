import type { Socket } from 'node:net';
import { networkErrorCode, type EgressError } from './egress-error.ts';

/** Reply codes of RFC 1928 §6. */
export const SOCKS_REPLY = {
  succeeded: 0,
  generalFailure: 1,
  notAllowed: 2,
  networkUnreachable: 3,
  hostUnreachable: 4,
  connectionRefused: 5,
  ttlExpired: 6,
  commandNotSupported: 7,
  addressTypeNotSupported: 8,
} as const;

/** Outcome of looking at the bytes received so far; `length` is what was used of them. */
export type Parsed<T> =
  | { readonly state: 'incomplete' }
  | { readonly state: 'malformed'; readonly reply: number | undefined }
  | ({ readonly state: 'complete'; readonly length: number } & T);

const VERSION = 5;
const CONNECT = 1;
const NO_AUTHENTICATION = 0;
const ADDRESS_LENGTHS: Readonly<Record<number, number>> = { 1: 4, 4: 16 };
const DOMAIN_NAME = 3;
/** The largest request: version, command, reserved, type, length, 255 bytes of name, port. */
const MAX_HANDSHAKE_BYTES = 2 + 255 + 4 + 1 + 255 + 2;
const INCOMPLETE = { state: 'incomplete' } as const;

/** The client's offer of methods (RFC 1928 §3). Complete only if it offers to go without authentication. */
export function parseGreeting(bytes: Uint8Array): Parsed<object> {
  if (bytes.length === 0) return INCOMPLETE;
  if (bytes[0] !== VERSION) return { state: 'malformed', reply: undefined };
  const methods = bytes[1];
  if (methods === undefined || bytes.length < 2 + methods) return INCOMPLETE;
  const isOpen = bytes.subarray(2, 2 + methods).includes(NO_AUTHENTICATION);
  return isOpen ? { state: 'complete', length: 2 + methods } : { state: 'malformed', reply: undefined };
}

/** The client's request (RFC 1928 §4): the host as sent, and the port. */
export function parseRequest(bytes: Uint8Array): Parsed<{ readonly host: string; readonly port: number }> {
  const [version, command, , type, firstByte] = bytes;
  if (version === undefined) return INCOMPLETE;
  if (version !== VERSION) return { state: 'malformed', reply: undefined };
  if (command !== undefined && command !== CONNECT)
    return { state: 'malformed', reply: SOCKS_REPLY.commandNotSupported };
  if (type === undefined) return INCOMPLETE;
  const fixedLength = ADDRESS_LENGTHS[type];
  if (fixedLength === undefined && type !== DOMAIN_NAME)
    return { state: 'malformed', reply: SOCKS_REPLY.addressTypeNotSupported };
  if (firstByte === undefined) return INCOMPLETE;
  const start = fixedLength === undefined ? 5 : 4;
  const end = start + (fixedLength ?? firstByte);
  if (bytes.length < end + 2) return INCOMPLETE;
  const address = bytes.subarray(start, end);
  return {
    state: 'complete',
    length: end + 2,
    host: fixedLength === undefined ? Buffer.from(address).toString('latin1') : addressText(address),
    port: (bytes[end]! << 8) | bytes[end + 1]!, // within bounds: length checked
  };
}

/** The answer to a request; the bound address is left at zero, as clients of CONNECT do not use it. */
export function socksReply(code: number): Uint8Array {
  return Uint8Array.of(VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0);
}

/** The reply code that tells a client best why there is no connection. */
export function replyFor(error: EgressError): number {
  if (error.kind === 'refused') return SOCKS_REPLY.notAllowed;
  if (error.kind === 'timeout') return SOCKS_REPLY.ttlExpired;
  if (error.kind === 'dnsFailure') return SOCKS_REPLY.hostUnreachable;
  const code = error.cause === undefined ? error.reason : networkErrorCode(error.cause);
  if (code === 'ECONNREFUSED') return SOCKS_REPLY.connectionRefused;
  if (code === 'ENETUNREACH') return SOCKS_REPLY.networkUnreachable;
  return code === 'EHOSTUNREACH' ? SOCKS_REPLY.hostUnreachable : SOCKS_REPLY.generalFailure;
}

/** A request with what came after it already, or undefined where the client went away, babbled or was too slow. */
export interface SocksRequest {
  readonly host: string;
  readonly port: number;
  readonly rest: Uint8Array;
}

/** Speaks the server's side of the handshake up to the request. On undefined the socket is finished already. */
export function readSocksRequest(client: Socket, timeoutMs: number): Promise<SocksRequest | undefined> {
  return new Promise((resolve) => {
    let received: Uint8Array = new Uint8Array(0);
    let isGreeted = false;
    const finish = (request: SocksRequest | undefined, farewell?: Uint8Array): void => {
      clearTimeout(timer);
      client.pause();
      client.off('data', onData).off('close', onClose).off('end', onClose);
      if (request === undefined) client.end(farewell ?? '', () => client.destroy());
      resolve(request);
    };
    const onClose = (): void => finish(undefined);
    const onData = (chunk: Uint8Array): void => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      if (!isGreeted) {
        const greeting = parseGreeting(received);
        if (greeting.state === 'malformed') return finish(undefined, Uint8Array.of(VERSION, 0xff));
        if (greeting.state === 'incomplete') return;
        isGreeted = true;
        received = received.subarray(greeting.length);
        client.write(Uint8Array.of(VERSION, NO_AUTHENTICATION));
      }
      const request = parseRequest(received);
      if (request.state === 'complete')
        return finish({ host: request.host, port: request.port, rest: received.subarray(request.length) });
      if (request.state === 'malformed' || received.length > MAX_HANDSHAKE_BYTES)
        finish(
          undefined,
          request.state === 'malformed' && request.reply !== undefined
            ? socksReply(request.reply)
            : undefined,
        );
    };
    const timer = setTimeout(() => finish(undefined), timeoutMs);
    client.on('data', onData).once('close', onClose).once('end', onClose);
  });
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2).toString(16)).join(':');
}
