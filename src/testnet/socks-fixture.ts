import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { TestNetwork } from './testnet.ts';

/** A SOCKS5 proxy (RFC 1928: CONNECT to names and IPv4, no authentication) into the test internet, for browsers in tests. It vets nothing. */
export async function openSocksProxy(network: TestNetwork): Promise<{ port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => undefined);
    client.on('close', () => sockets.delete(client));
    serve(client, network).catch(() => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // listening on TCP
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

async function serve(client: Socket, network: TestNetwork): Promise<void> {
  const [methods] = await read(client, 2);
  await read(client, methods[1]!);
  client.write(Uint8Array.of(5, 0));
  const [head] = await read(client, 4);
  const isName = head[3] === 3;
  const length = isName ? (await read(client, 1))[0][0]! : 4;
  const [address] = await read(client, length);
  const [port] = await read(client, 2);
  const host = isName ? address.toString('latin1') : [...address].join('.');
  const reply = (code: number) => client.write(Uint8Array.of(5, code, 0, 1, 0, 0, 0, 0, 0, 0));
  const target = await network
    .resolve(host)
    .then(([record]) => network.dial(record!.address, port.readUInt16BE(), AbortSignal.timeout(60_000)))
    .catch(() => undefined);
  if (target === undefined) {
    reply(4);
    client.end();
    return;
  }
  reply(0);
  await Promise.allSettled([pipeline(client, target), pipeline(target, client)]);
}

async function read(socket: Socket, size: number): Promise<[Buffer]> {
  for (;;) {
    const bytes: Buffer | null = socket.read(size); // no encoding was set
    if (bytes !== null) return [bytes];
    await once(socket, 'readable');
  }
}
