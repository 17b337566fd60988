// The test internet of the throughput page in a process of its own, so that its work is not counted with the captures'.
// Prints one JSON line with its ports, serves until its standard input ends.
import { loadPage, openTestnet } from '#testnet';
import { openGateway } from './gateway.ts';

const page = loadPage();
await using testnet = await openTestnet({ sites: page.sites });
await using gateway = await openGateway(testnet, new URL(page.startUrl).hostname);
const { httpPort, httpsPort } = gateway;
process.stdout.write(
  `${JSON.stringify({ httpPort, httpsPort, startUrl: page.startUrl, trustedRoots: testnet.network.trustedRoots })}\n`,
);
process.stdin.resume();
await new Promise((done) => process.stdin.on('end', done));
