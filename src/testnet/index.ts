/**
 * The test internet: loopback servers for any number of named hosts, and the sites that stories, tests and benches
 * visit there.
 *
 * Promises: nothing leaves the machine; a name resolves to a public-looking address, so guards and pinning work as they
 * do outside; every request is logged as the server saw it; certificates come from a root made at run time; sites are
 * data. Leaves to others: visiting (`crawl`), and everything that follows from a visit.
 */
export { inertExecutable, noise, png, svg, wav } from './asset.ts';
export * from './campaign/index.ts';
export {
  createCertificateAuthority,
  type Certificate,
  type CertificateAuthority,
  type LeafRequest,
} from './certificate.ts';
export {
  escapePage,
  openCanary,
  type Canary,
  type CanaryHit,
  type EscapePages,
  type EscapeVector,
} from './escape/index.ts';
export { hardPage, type ExpectedCause, type HardPage } from './hard-page/index.ts';
export { goodPage, hostilePages, type HostilePage } from './hostile/index.ts';
export { loadPage, type LoadPage } from './load-page/index.ts';
export type { LoggedExchange } from './log.ts';
export { fakeAddress, NameError, type AddressRecord } from './name-service.ts';
export { replayPages, replaySites, type Replay, type ReplayPage } from './replay/index.ts';
export type { Dns, Reply, Route, Site, TestRequest, WebSocketReply } from './site.ts';
export { openTestnet, type Testnet, type TestnetOptions, type TestNetwork } from './testnet.ts';
