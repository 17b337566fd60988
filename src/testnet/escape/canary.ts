import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Something reached this machine that should not have been able to. */
export interface CanaryHit {
  readonly transport: 'tcp' | 'udp';
  /** The first bytes that came, as Latin-1, at most 200: names the vector where it speaks HTTP. Empty where none came. */
  readonly head: string;
}

/** Listeners on loopback that count whatever reaches them. */
export interface Canary extends AsyncDisposable {
  readonly tcpPort: number;
  readonly udpPort: number;
  readonly hits: readonly CanaryHit[];
}

const HEAD_LENGTH = 200;
const ANSWER =
  'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\naccess-control-allow-origin: *\r\ncontent-length: 7\r\nconnection: close\r\n\r\nescaped';

/** Listens on 127.0.0.1 and, where the machine has it, on ::1, at the same ports. */
export async function openCanary(): Promise<Canary> {
  const hits: CanaryHit[] = [];
  const tcp = await listenTcp('127.0.0.1', 0, hits);
  const tcpPort = (tcp.address() as AddressInfo).port; // listening on TCP
  const udp = await listenUdp('udp4', '127.0.0.1', 0, hits);
  const udpPort = udp.address().port;
  const tcp6 = await listenTcp('::1', tcpPort, hits).catch(() => undefined);
  const udp6 = await listenUdp('udp6', '::1', udpPort, hits).catch(() => undefined);
  return {
    tcpPort,
    udpPort,
    hits,
    async [Symbol.asyncDispose]() {
      const servers = [tcp, tcp6].filter((server) => server !== undefined);
      const sockets = [udp, udp6].filter((socket) => socket !== undefined);
      await Promise.all([
        ...servers.map((server) => new Promise((done) => server.close(done))),
        ...sockets.map((socket) => new Promise<void>((done) => socket.close(done))),
      ]);
    },
  };
}

async function listenTcp(host: string, port: number, hits: CanaryHit[]): Promise<Server> {
  const server = createServer((socket: Socket) => {
    const hit = { transport: 'tcp' as const, head: '' };
    hits.push(hit);
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => {
      hit.head = bytes.toString('latin1', 0, HEAD_LENGTH);
      socket.end(ANSWER);
    });
    socket.setTimeout(2000, () => socket.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

async function listenUdp(
  type: 'udp4' | 'udp6',
  host: string,
  port: number,
  hits: CanaryHit[],
): Promise<UdpSocket> {
  const socket = createSocket(type, (bytes) =>
    hits.push({ transport: 'udp', head: bytes.toString('latin1', 0, HEAD_LENGTH) }),
  );
  socket.bind(port, host);
  await once(socket, 'listening');
  return socket;
}
