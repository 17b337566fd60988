import type { Chunk, ChunkSource } from '../chunk-source.ts';
import type { Secrets } from '../key-log.ts';
import { fatalAlert } from './alert.ts';
import type { CipherSuite } from './cipher-suites.ts';
import type { ClientHello, HandshakeMessage, ServerHello } from './handshake.ts';
import type { RecordReader } from './record.ts';

/** What the handshake tells; filled while it is read. */
export interface SessionFacts {
  serverName?: string;
  version?: 'TLSv1.2' | 'TLSv1.3';
  cipherSuite?: string;
  alpn?: string;
  isResumed: boolean;
  /** DER, leaf first; none on a resumed connection. */
  certificates: Uint8Array[];
  /** When the client sent its Finished. */
  finishedAt?: number;
  /** Fatal alert, with who sent it. */
  alert?: string;
  /** Why the handshake did not come to its end, so that nothing can have been said. */
  failure?: string;
  /** Why not everything that was said could be read. */
  fault?: string;
}

/** A TLS connection, read: what each side said inside it, as far as there are keys. */
export interface TlsSession {
  readonly facts: SessionFacts;
  readonly up: ChunkSource;
  readonly down: ChunkSource;
}

/** What both versions need to go on after the hellos. */
export interface Opening {
  readonly facts: SessionFacts;
  readonly suite: CipherSuite;
  readonly secrets: Secrets;
  readonly clientHello: ClientHello;
  readonly serverHello: ServerHello;
  readonly up: RecordReader;
  readonly down: RecordReader;
  /** Plain handshake messages of the server that came after its hello: TLS 1.2's certificate and so on. */
  readonly serverMessages: HandshakeMessage[];
}

/** Notes the alert of a side, if it is fatal and the first. */
export function noteAlert(facts: SessionFacts, side: 'client' | 'server', data: Uint8Array): void {
  const alert = fatalAlert(data);
  if (alert !== undefined) facts.alert ??= `${side}: ${alert}`;
}

/** Pulls chunks from what was read ahead, then from the direction itself. */
export function withReadAhead(ahead: Chunk[], direction: ChunkSource): ChunkSource {
  return { next: () => ahead.shift() ?? direction.next() };
}
