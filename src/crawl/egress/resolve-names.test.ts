import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { after, before, test } from 'node:test';
import { networkAsking } from './network.ts';
import { resolveNames, type NameResolution } from './resolve-names.ts';

/** Names → addresses of a DNS server on loopback; `*.SUFFIX` answers for every name below. */
const ZONE: Readonly<Record<string, string>> = {
  'registered.example.org': '93.184.216.34',
  'inside.example.org': '10.0.0.7',
  '*.ws': '93.184.216.99',
  'real.ws': '93.184.216.35',
};
const asked: string[] = [];
let socket: Socket;
let server: string;
let underWay = 0;
let mostUnderWay = 0;

before(async () => {
  socket = createSocket('udp4');
  socket.on('message', (question, peer) => {
    underWay++;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    setTimeout(() => {
      underWay--;
      const { name, type } = parseQuestion(question);
      if (name === 'silent.example.org') return;
      asked.push(`${name} ${type}`);
      socket.send(answerTo(question, name, type), peer.port, peer.address);
    }, 5);
  });
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  server = `127.0.0.1:${socket.address().port}`;
});
after(() => socket.close());

function parseQuestion(message: Buffer): { name: string; type: number } {
  const labels: string[] = [];
  let at = 12;
  for (; message[at]! > 0; at += message[at]! + 1)
    labels.push(message.toString('latin1', at + 1, at + 1 + message[at]!));
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1) };
}

function answerTo(question: Buffer, name: string, type: number): Buffer {
  const address = ZONE[name] ?? ZONE[`*.${name.split('.').slice(1).join('.')}`];
  const head = Buffer.from(question.subarray(0, 12));
  const isFault = name.startsWith('broken.');
  head.writeUInt16BE(0x8180 | (isFault ? 2 : address === undefined ? 3 : 0), 2); // SERVFAIL, NXDOMAIN
  const hasAnswer = address !== undefined && type === 1;
  head.writeUInt16BE(hasAnswer ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  const end = question.indexOf(0, 12) + 5;
  const record = Buffer.from([
    0xc0,
    12,
    0,
    1,
    0,
    1,
    0,
    0,
    0,
    60,
    0,
    4,
    ...(address ?? '').split('.').map(Number),
  ]);
  return Buffer.concat([head, question.subarray(12, end), ...(hasAnswer ? [record] : [])]);
}

async function resolveAll(
  hosts: readonly string[],
  options: { allowNetworks?: string[]; parallel?: number; signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<Map<string, NameResolution>> {
  const { parallel = 4, signal = new AbortController().signal, ...rest } = options;
  const found = new Map<string, NameResolution>();
  for await (const each of resolveNames(hosts, {
    network: networkAsking([server]),
    parallel,
    signal,
    ...rest,
  }))
    found.set(each.host, each);
  return found;
}

test('each name gets what became of it, by the rules of visits', async () => {
  const found = await resolveAll([
    'registered.example.org',
    'absent.example.org',
    'inside.example.org',
    'any.ws',
    'real.ws',
    'broken.example.org',
    'printer.local',
    '192.0.2.1',
  ]);
  const kinds = Object.fromEntries([...found].map(([host, { kind }]) => [host, kind]));
  assert.deepEqual(kinds, {
    'registered.example.org': 'resolves',
    'absent.example.org': 'none',
    'inside.example.org': 'refused',
    'any.ws': 'wildcard',
    'real.ws': 'resolves',
    'broken.example.org': 'failed',
    'printer.local': 'refused',
    '192.0.2.1': 'refused',
  });
  assert.deepEqual(found.get('registered.example.org')?.addresses, [{ address: '93.184.216.34', type: 'A' }]);
  assert.ok(
    !asked.some((question) => question.startsWith('printer.local')),
    'a local name leaves for no server',
  );
  const allowed = await resolveAll(['inside.example.org'], { allowNetworks: ['10.0.0.0/8'] });
  assert.equal(allowed.get('inside.example.org')?.kind, 'resolves');
});

test('questions at a time are bounded, a name is asked for once, and nothing is asked after the end', async () => {
  mostUnderWay = 0;
  const names = Array.from({ length: 40 }, (_, at) => `n${at}.example.org`);
  assert.equal((await resolveAll([...names, ...names.slice(0, 3)], { parallel: 3 })).size, 40);
  assert.ok(mostUnderWay <= 6, `${mostUnderWay}: A and AAAA of three names`);
  const ending = new AbortController();
  ending.abort();
  asked.length = 0;
  assert.equal((await resolveAll(names, { signal: ending.signal })).size, 0);
  assert.equal(asked.length, 0);
});

test('a server that says nothing costs the time allowed, not more', async () => {
  const found = await resolveAll(['silent.example.org'], { timeoutMs: 200 });
  assert.deepEqual(found.get('silent.example.org')?.kind, 'failed');
});
