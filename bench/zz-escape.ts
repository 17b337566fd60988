import { openVirtualUsers } from '#crawl';
import { escapePage, openCanary, openTestnet } from '#testnet';
await using canary = await openCanary();
const escape = escapePage({ canaryTcpPort: canary.tcpPort, canaryUdpPort: canary.udpPort });
await using net = await openTestnet({ sites: escape.sites });
await using users = await openVirtualUsers({ network: net.network, parallel: 2 });
for (const url of escape.urls) {
  const t = Date.now();
  const source = await users.visit({ url, interact: false });
  const c = source.capture;
  console.log(
    url,
    c.outcome.kind,
    'ms',
    Date.now() - t,
    'denied',
    c.denied.length,
    'hits',
    canary.hits.length,
    'limits',
    c.limits.map((l) => l.limit).join(),
  );
  await source[Symbol.asyncDispose]();
}
console.log(
  'dialled',
  Object.entries(Object.groupBy(net.dialled, (d) => d.address))
    .map(([a, l]) => a + ' ' + l!.length)
    .join(', '),
  canary.hits,
);
