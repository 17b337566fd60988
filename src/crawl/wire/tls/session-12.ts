import type { Chunk, ChunkSource } from '../chunk-source.ts';
import { keyBlock, type DirectionKeys } from './key-schedule.ts';
import { openerFor12, type RecordOpener } from './protection.ts';
import { CONTENT, type RecordReader } from './record.ts';
import { noteAlert, withReadAhead, type Opening, type SessionFacts, type TlsSession } from './opening.ts';

/** The rest of a TLS 1.2 connection after its hellos; undefined where the key log lacks the master secret. */
export function open12({
  facts,
  suite,
  secrets,
  clientHello,
  serverHello,
  up,
  down,
  serverMessages,
}: Opening): TlsSession | undefined {
  const masterSecret = secrets.get('CLIENT_RANDOM');
  if (masterSecret === undefined) return undefined;
  const keys = keyBlock(suite, masterSecret, clientHello.random, serverHello.random);
  const opener = (side: DirectionKeys): RecordOpener =>
    openerFor12(suite, side, serverHello.isEncryptThenMac);
  // A resumed handshake stops at the server's ChangeCipherSpec, which has been read already.
  const isServerChanged = !serverMessages.some(({ type }) => type === SERVER_HELLO_DONE);
  const server = new Direction12(facts, 'server', down, opener(keys.server), isServerChanged);
  const client = new Direction12(facts, 'client', up, opener(keys.client), false);
  const ahead = client.readHandshake();
  if (client.handshakeEndedAt !== undefined) facts.finishedAt = client.handshakeEndedAt;
  return { facts, up: withReadAhead(ahead, client), down: server };
}

const SERVER_HELLO_DONE = 14;

/** One direction: plain until ChangeCipherSpec, protected from then on. */
class Direction12 implements ChunkSource {
  readonly #facts: SessionFacts;
  readonly #side: 'client' | 'server';
  readonly #records: RecordReader;
  readonly #opener: RecordOpener;
  #isProtected: boolean;
  #isOver = false;
  handshakeEndedAt: number | undefined;

  constructor(
    facts: SessionFacts,
    side: 'client' | 'server',
    records: RecordReader,
    opener: RecordOpener,
    isProtected: boolean,
  ) {
    this.#facts = facts;
    this.#side = side;
    this.#records = records;
    this.#opener = opener;
    this.#isProtected = isProtected;
  }

  /** Reads on to the end of the handshake. Data can't come before it. */
  readHandshake(): Chunk[] {
    while (this.handshakeEndedAt === undefined && !this.#isOver) {
      const chunk = this.#step();
      if (chunk !== undefined) return [chunk];
    }
    return [];
  }

  next(): Chunk | undefined {
    while (!this.#isOver) {
      const chunk = this.#step();
      if (chunk !== undefined) return chunk;
    }
    return undefined;
  }

  #step(): Chunk | undefined {
    const record = this.#records.next();
    if (record === undefined)
      return this.#end(this.#records.isBroken ? 'bytes that are no TLS record' : undefined);
    if (record.type === CONTENT.changeCipherSpec) {
      if (this.#isProtected) return this.#end('TLS 1.2 renegotiation');
      this.#isProtected = true;
      return undefined;
    }
    const data = this.#isProtected ? this.#opener.open(record)?.data : record.fragment;
    if (data === undefined) return this.#end('a TLS record does not fit the logged keys');
    if (record.type === CONTENT.alert) noteAlert(this.#facts, this.#side, data);
    if (record.type === CONTENT.handshake && this.#isProtected) this.handshakeEndedAt ??= record.at;
    const isData = record.type === CONTENT.applicationData && this.#isProtected && data.length > 0;
    return isData ? { bytes: data, at: record.at } : undefined;
  }

  #end(fault: string | undefined): undefined {
    this.#isOver = true;
    if (fault !== undefined) this.#facts.fault ??= fault;
    return undefined;
  }
}
