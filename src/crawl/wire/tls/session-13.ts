import type { Chunk, ChunkSource } from '../chunk-source.ts';
import { fatalAlert } from './alert.ts';
import {
  decompressCertificate,
  HANDSHAKE,
  HandshakeAssembler,
  parseCertificates13,
  parseEncryptedExtensions,
  type HandshakeMessage,
} from './handshake.ts';
import { nextTrafficSecret } from './key-schedule.ts';
import { openerFor13, type RecordOpener } from './protection.ts';
import { CONTENT, type RecordReader, type TlsRecord } from './record.ts';
import { noteAlert, withReadAhead, type Opening, type SessionFacts, type TlsSession } from './opening.ts';

type Side = 'client' | 'server';

/** The rest of a TLS 1.3 connection after its hellos; undefined where the key log lacks a secret. */
export function open13(opening: Opening): TlsSession | undefined {
  const { facts, secrets, clientHello } = opening;
  const server = secretsOf(opening, 'server');
  const client = secretsOf(opening, 'client');
  if (server === undefined || client === undefined) return undefined;
  let acceptsEarlyData = false;
  const down = new Direction13(opening, 'server', server, (message) => {
    if (message.type === HANDSHAKE.encryptedExtensions) {
      const extensions = parseEncryptedExtensions(message.body);
      if (extensions.alpn !== undefined) facts.alpn = extensions.alpn;
      acceptsEarlyData = extensions.acceptsEarlyData;
    } else takeCertificate(facts, message);
  });
  const downAhead = down.readHandshake();
  const up = new Direction13(opening, 'client', client, () => {});
  const earlySecret = secrets.get('CLIENT_EARLY_TRAFFIC_SECRET');
  if (clientHello.hasEarlyData && earlySecret !== undefined)
    up.expectEarlyData(earlySecret, acceptsEarlyData);
  const upAhead = up.readHandshake();
  if (up.handshakeEndedAt !== undefined) facts.finishedAt = up.handshakeEndedAt;
  return { facts, up: withReadAhead(upAhead, up), down: withReadAhead(downAhead, down) };
}

interface TrafficSecrets {
  readonly handshake: Buffer;
  readonly application: Buffer;
}

function secretsOf({ secrets }: Opening, side: Side): TrafficSecrets | undefined {
  const prefix = side.toUpperCase();
  const handshake = secrets.get(`${prefix}_HANDSHAKE_TRAFFIC_SECRET`);
  const application = secrets.get(`${prefix}_TRAFFIC_SECRET_0`);
  return handshake === undefined || application === undefined ? undefined : { handshake, application };
}

function takeCertificate(facts: SessionFacts, { type, body }: HandshakeMessage): void {
  const message = type === HANDSHAKE.compressedCertificate ? decompressCertificate(body) : body;
  const isCertificate = type === HANDSHAKE.certificate || type === HANDSHAKE.compressedCertificate;
  if (isCertificate && message !== undefined) facts.certificates = parseCertificates13(message);
}

/** One direction: handshake keys until its Finished, then application keys, renewed at each KeyUpdate. */
class Direction13 implements ChunkSource {
  readonly #records: RecordReader;
  readonly #opening: Opening;
  readonly #side: Side;
  readonly #onMessage: (message: HandshakeMessage) => void;
  readonly #assembler = new HandshakeAssembler();
  #secret: Buffer;
  readonly #applicationSecret: Buffer;
  #opener: RecordOpener;
  #early: { readonly opener: RecordOpener; readonly isAccepted: boolean } | undefined;
  #isOver = false;
  handshakeEndedAt: number | undefined;

  constructor(
    opening: Opening,
    side: Side,
    secrets: TrafficSecrets,
    onMessage: (message: HandshakeMessage) => void,
  ) {
    this.#opening = opening;
    this.#side = side;
    this.#records = side === 'client' ? opening.up : opening.down;
    this.#onMessage = onMessage;
    this.#secret = secrets.handshake;
    this.#applicationSecret = secrets.application;
    this.#opener = openerFor13(opening.suite, this.#secret);
  }

  /** 0-RTT: data under a key of its own comes first; what the server did not accept is sent again later. */
  expectEarlyData(secret: Buffer, isAccepted: boolean): void {
    this.#early = { opener: openerFor13(this.#opening.suite, secret), isAccepted };
  }

  /** Reads on to the end of the handshake; answers the data that was met on the way (0-RTT). */
  readHandshake(): Chunk[] {
    const met: Chunk[] = [];
    while (this.handshakeEndedAt === undefined && !this.#isOver) {
      const chunk = this.#step();
      if (chunk !== undefined) met.push(chunk);
    }
    return met;
  }

  next(): Chunk | undefined {
    while (!this.#isOver) {
      const chunk = this.#step();
      if (chunk !== undefined) return chunk;
    }
    return undefined;
  }

  /** One record; its data, if it carries any that counts. */
  #step(): Chunk | undefined {
    const record = this.#records.next();
    if (record === undefined)
      return this.#end(this.#records.isBroken ? 'bytes that are no TLS record' : undefined);
    if (record.type === CONTENT.alert) noteAlert(this.#opening.facts, this.#side, record.fragment);
    // Plain handshake records here are a second ClientHello; ChangeCipherSpec is for middle boxes only.
    if (record.type !== CONTENT.applicationData) return undefined;
    if (this.#early !== undefined) {
      const early = this.#early.opener.open(record);
      if (early !== undefined) return this.#takeEarly(early, record.at);
    }
    const inner = this.#opener.open(record);
    if (inner !== undefined) return this.#take(inner, record);
    // Early data that the server rejected, under a key that we lack, comes before anything that can be read.
    const isSkipped =
      this.#side === 'client' &&
      this.handshakeEndedAt === undefined &&
      this.#opening.clientHello.hasEarlyData;
    return isSkipped ? undefined : this.#end('a TLS record does not fit the logged keys');
  }

  #takeEarly(inner: { type: number; data: Uint8Array }, at: number): Chunk | undefined {
    if (inner.type === CONTENT.handshake && inner.data[0] === HANDSHAKE.endOfEarlyData)
      this.#early = undefined;
    const counts =
      inner.type === CONTENT.applicationData && this.#early?.isAccepted === true && inner.data.length > 0;
    return counts ? { bytes: inner.data, at } : undefined;
  }

  #take(inner: { type: number; data: Uint8Array }, { at }: TlsRecord): Chunk | undefined {
    this.#early = undefined;
    if (inner.type === CONTENT.applicationData)
      return inner.data.length > 0 ? { bytes: inner.data, at } : undefined;
    if (inner.type === CONTENT.alert) {
      noteAlert(this.#opening.facts, this.#side, inner.data);
      return fatalAlert(inner.data) === undefined ? undefined : this.#end(undefined);
    }
    if (inner.type !== CONTENT.handshake) return undefined;
    const messages = this.#assembler.push(inner.data);
    if (messages === undefined) return this.#end('a handshake message is too large');
    for (const message of messages) this.#handle(message, at);
    return undefined;
  }

  #handle(message: HandshakeMessage, at: number): void {
    if (message.type === HANDSHAKE.finished && this.handshakeEndedAt === undefined) {
      this.handshakeEndedAt = at;
      this.#rekey(this.#applicationSecret);
    } else if (message.type === HANDSHAKE.keyUpdate && this.handshakeEndedAt !== undefined) {
      this.#rekey(nextTrafficSecret(this.#opening.suite, this.#secret));
    } else this.#onMessage(message);
  }

  #rekey(secret: Buffer): void {
    this.#secret = secret;
    this.#opener = openerFor13(this.#opening.suite, secret);
  }

  #end(fault: string | undefined): undefined {
    this.#isOver = true;
    if (fault !== undefined) this.#opening.facts.fault ??= fault;
    return undefined;
  }
}
