// The test internet of the throughput page in a process of its own, so that its work is not counted with the captures'.
// Prints one JSON line with its ports, serves until its standard input ends.
import { createServer, type AddressInfo } from 'node:net';
import { loadPage, openTestnet } from '#testnet';

const page = loadPage();
await using testnet = await openTestnet({ sites: page.sites });
const [record] = await testnet.network.resolve(new URL(page.startUrl).hostname);

/** Every host of the test internet is behind the same servers, so one address will do. */
async function openRelay(port: number) {
  const server = createServer((socket) => {
    testnet.network.dial(record!.address, port, AbortSignal.timeout(5_000)).then(
      (up) => {
        socket.on('error', () => up.destroy()).on('close', () => up.destroy());
        up.on('error', () => socket.destroy()).on('close', () => socket.destroy());
        socket.pipe(up).pipe(socket);
      },
      () => socket.destroy(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, port: (server.address() as AddressInfo).port }; // a TCP server has an address of this shape
}

const relays = await Promise.all([openRelay(80), openRelay(443)]);
process.stdout.write(
  `${JSON.stringify({ httpPort: relays[0].port, httpsPort: relays[1].port, startUrl: page.startUrl, trustedRoots: testnet.network.trustedRoots })}\n`,
);
process.stdin.resume();
await new Promise((done) => process.stdin.on('end', done));
for (const { server } of relays) server.close();
