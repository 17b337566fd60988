import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Testnet } from '#testnet';

/** Loopback ports that lead into a test internet, for browsers that are not ours: names are mapped by a browser flag. */
export interface Gateway extends AsyncDisposable {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly browserFlags: readonly string[];
}

/** Every host of the test internet is behind the same servers, so one address will do. */
export async function openGateway(testnet: Testnet, anyHost: string): Promise<Gateway> {
  const [record] = await testnet.network.resolve(anyHost);
  const { address } = record!;
  const [http, https] = await Promise.all([
    openRelay(testnet, address, 80),
    openRelay(testnet, address, 443),
  ]);
  return {
    httpPort: http.port,
    httpsPort: https.port,
    browserFlags: gatewayFlags({
      httpPort: http.port,
      httpsPort: https.port,
      trustedRoots: testnet.network.trustedRoots,
    }),
    async [Symbol.asyncDispose]() {
      for (const { server } of [http, https]) server.close();
    },
  };
}

/** Flags with which a browser takes the gateway for the whole internet and trusts its root; a name below .invalid stays missing. */
export function gatewayFlags(options: {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly trustedRoots: readonly { readonly spkiSha256Base64: string }[];
}): string[] {
  const { httpPort, httpsPort, trustedRoots } = options;
  return [
    `--host-resolver-rules=MAP *.invalid ~NOTFOUND, MAP *:443 127.0.0.1:${httpsPort}, MAP *:80 127.0.0.1:${httpPort}`,
    `--ignore-certificate-errors-spki-list=${trustedRoots.map(({ spkiSha256Base64 }) => spkiSha256Base64).join(',')}`,
  ];
}

async function openRelay(
  testnet: Testnet,
  address: string,
  port: number,
): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => {}); // its close is what matters
    testnet.network.dial(address, port, AbortSignal.timeout(5_000)).then(
      (up) => {
        socket.on('close', () => up.destroy());
        up.on('error', () => socket.destroy()).on('close', () => socket.destroy());
        socket.pipe(up).pipe(socket);
      },
      () => socket.destroy(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, port: (server.address() as AddressInfo).port }; // a TCP server has an address of this shape
}
