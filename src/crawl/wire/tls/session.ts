import type { ChunkSource } from '../chunk-source.ts';
import type { KeyLog } from '../key-log.ts';
import { CIPHER_SUITES, cipherSuiteName } from './cipher-suites.ts';
import {
  HANDSHAKE,
  HandshakeAssembler,
  parseCertificates12,
  parseClientHello,
  parseServerHello,
  type ClientHello,
  type HandshakeMessage,
  type ServerHello,
} from './handshake.ts';
import { noteAlert, type Opening, type SessionFacts, type TlsSession } from './opening.ts';
import { open12 } from './session-12.ts';
import { open13 } from './session-13.ts';
import { CONTENT, RecordReader, type TlsRecord } from './record.ts';

const SILENCE: ChunkSource = { next: () => undefined };

/**
 * Reads the handshake of a recorded connection and opens both directions, which may then be pulled in any order.
 * Without keys the facts are as complete as the plain part of the handshake allows. Never throws on any bytes.
 */
export function openTls(upSource: ChunkSource, downSource: ChunkSource, keyLog: KeyLog): TlsSession {
  const facts: SessionFacts = { isResumed: false, certificates: [] };
  const failed = (what: { failure: string } | { fault: string }): TlsSession => ({
    facts: Object.assign(facts, what),
    up: SILENCE,
    down: SILENCE,
  });
  const up = new RecordReader(upSource);
  const down = new RecordReader(downSource);
  const clientHello = firstClientHello(up);
  if (clientHello === undefined) return failed({ failure: 'no TLS ClientHello' });
  if (clientHello.serverName !== undefined) facts.serverName = clientHello.serverName;
  const hello = readServerHello(down, facts);
  if (hello === undefined) return failed({ failure: facts.alert ?? 'no TLS ServerHello' });
  const { serverHello, messages } = hello;
  facts.cipherSuite = cipherSuiteName(serverHello.cipherSuite);
  if (serverHello.version === 0x0304) facts.version = 'TLSv1.3';
  else if (serverHello.version === 0x0303) facts.version = 'TLSv1.2';
  else return failed({ fault: `TLS version 0x${serverHello.version.toString(16)}` });
  if (serverHello.alpn !== undefined) facts.alpn = serverHello.alpn;
  const certificate = messages.find(({ type }) => type === HANDSHAKE.certificate);
  if (certificate !== undefined) facts.certificates = parseCertificates12(certificate.body);
  facts.isResumed = facts.version === 'TLSv1.3' ? serverHello.hasPreSharedKey : certificate === undefined;
  const suite = CIPHER_SUITES.get(serverHello.cipherSuite);
  if (suite === undefined || suite.version !== facts.version)
    return failed({ fault: `cipher suite ${facts.cipherSuite}` });
  const secrets = keyLog.get(clientHello.random.toString('hex'));
  if (secrets === undefined) return failed({ fault: 'no keys in the key log' });
  const opening: Opening = {
    facts,
    suite,
    secrets,
    clientHello,
    serverHello,
    up,
    down,
    serverMessages: messages,
  };
  return (
    (suite.version === 'TLSv1.3' ? open13(opening) : open12(opening)) ??
    failed({ fault: 'keys are missing in the key log' })
  );
}

/** The client random that the connection's keys are logged under; undefined where it is no TLS. */
export function clientRandomOf(up: ChunkSource): string | undefined {
  return firstClientHello(new RecordReader(up))?.random.toString('hex');
}

function firstClientHello(up: RecordReader): ClientHello | undefined {
  const assembler = new HandshakeAssembler();
  for (let record = up.next(); record !== undefined; record = up.next()) {
    if (record.type !== CONTENT.handshake) return undefined;
    const [message] = assembler.push(record.fragment) ?? [{ type: -1, body: record.fragment }];
    if (message !== undefined)
      return message.type === HANDSHAKE.clientHello ? parseClientHello(message.body) : undefined;
  }
  return undefined;
}

/** The final ServerHello (a request to retry is passed over), with the plain messages in the same records. */
function readServerHello(
  down: RecordReader,
  facts: SessionFacts,
): { serverHello: ServerHello; messages: HandshakeMessage[] } | undefined {
  const assembler = new HandshakeAssembler();
  let serverHello: ServerHello | undefined;
  const messages: HandshakeMessage[] = [];
  const isDone = (): boolean =>
    serverHello !== undefined &&
    (serverHello.version === 0x0304 || messages.some(({ type }) => type === SERVER_HELLO_DONE));
  for (let record: TlsRecord | undefined; !isDone() && (record = down.next()) !== undefined;) {
    if (record.type === CONTENT.alert) noteAlert(facts, 'server', record.fragment);
    // In a resumed TLS 1.2 session the next thing is ChangeCipherSpec; so it is after a request to retry.
    if (record.type === CONTENT.changeCipherSpec && serverHello !== undefined) break;
    if (record.type === CONTENT.changeCipherSpec) continue;
    if (record.type !== CONTENT.handshake) return undefined;
    for (const message of assembler.push(record.fragment) ?? []) {
      if (serverHello !== undefined) messages.push(message);
      else if (message.type !== HANDSHAKE.serverHello) return undefined;
      else {
        const hello = parseServerHello(message.body);
        if (hello === undefined) return undefined;
        if (!hello.isRetryRequest) serverHello = hello;
      }
    }
  }
  return serverHello === undefined ? undefined : { serverHello, messages };
}

const SERVER_HELLO_DONE = 14;
