/**
 * The test internet: loopback servers for any number of named hosts, and the sites that stories, tests and benches
 * visit there.
 *
 * Promises: nothing leaves the machine; a name resolves to a public-looking address, so guards and pinning work as they
 * do outside; every request is logged as the server saw it; certificates come from a root made at run time; sites are
 * data. Leaves to others: visiting (`crawl`), and everything that follows from a visit.
 */
export {
  createCertificateAuthority,
  type Certificate,
  type CertificateAuthority,
  type LeafRequest,
} from './certificate.ts';
export type { LoggedExchange } from './log.ts';
export { fakeAddress, NameError, type AddressRecord } from './name-service.ts';
export type { Dns, Reply, Route, Site, TestRequest, WebSocketReply } from './site.ts';
export { openTestnet, type Testnet, type TestnetOptions, type TestNetwork } from './testnet.ts';
