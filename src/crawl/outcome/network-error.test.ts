import assert from 'node:assert/strict';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { classifyNetworkError, errorCode, type OutcomeKind } from './network-error.ts';

const CASES: Readonly<Record<string, OutcomeKind>> = {
  'net::ERR_NAME_NOT_RESOLVED': 'dnsFailure',
  ERR_DNS_TIMED_OUT: 'dnsFailure',
  ENOTFOUND: 'dnsFailure',
  EAI_AGAIN: 'dnsFailure',
  ESERVFAIL: 'dnsFailure',
  ETIMEOUT: 'dnsFailure',
  'net::ERR_CONNECTION_REFUSED': 'connectionFailure',
  'net::ERR_SOCKS_CONNECTION_FAILED': 'connectionFailure',
  'net::ERR_TUNNEL_CONNECTION_FAILED': 'connectionFailure',
  ECONNRESET: 'connectionFailure',
  EHOSTUNREACH: 'connectionFailure',
  'net::ERR_CONNECTION_TIMED_OUT': 'timeout',
  'net::ERR_TIMED_OUT': 'timeout',
  ETIMEDOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  'net::ERR_CERT_AUTHORITY_INVALID': 'tlsFault',
  'net::ERR_SSL_PROTOCOL_ERROR': 'tlsFault',
  'net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH': 'tlsFault',
  CERT_HAS_EXPIRED: 'tlsFault',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tlsFault',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tlsFault',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tlsFault',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tlsFault',
  EPROTO: 'tlsFault',
  'net::ERR_TOO_MANY_REDIRECTS': 'redirectLoop',
  'net::ERR_EMPTY_RESPONSE': 'protocolFault',
  'net::ERR_INVALID_HTTP_RESPONSE': 'protocolFault',
  'net::ERR_INCOMPLETE_CHUNKED_ENCODING': 'protocolFault',
  'net::ERR_CONTENT_DECODING_FAILED': 'protocolFault',
  'net::ERR_HTTP2_PROTOCOL_ERROR': 'protocolFault',
  'net::ERR_RESPONSE_HEADERS_TOO_BIG': 'protocolFault',
  'net::ERR_HTTP_RESPONSE_CODE_FAILURE': 'httpError',
  'net::ERR_UNSAFE_PORT': 'refused',
  'net::ERR_BLOCKED_BY_CLIENT': 'refused',
  'net::ERR_UNKNOWN_URL_SCHEME': 'notAPage',
  'net::ERR_ABORTED': 'aborted',
  ABORT_ERR: 'aborted',
  'net::ERR_INSUFFICIENT_RESOURCES': 'failed',
  'something else': 'failed',
};

for (const [name, kind] of Object.entries(CASES)) {
  test(`${name} is ${kind}`, () => assert.equal(classifyNetworkError(name), kind));
}

test('real faults of this runtime carry codes that are understood', async () => {
  const refused = await new Promise<unknown>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      assert(address !== null && typeof address === 'object');
      server.close(() => connect(address.port, '127.0.0.1').once('error', resolve));
    });
  });
  assert.equal(classifyNetworkError(errorCode(refused)), 'connectionFailure');

  const aborted = AbortSignal.abort();
  assert.equal(classifyNetworkError(errorCode(aborted.reason)), 'aborted');
  const timedOut = AbortSignal.timeout(1);
  // An unref'd timer alone does not keep the process alive.
  const keepAlive = setTimeout(() => {}, 1000);
  await once(timedOut, 'abort');
  clearTimeout(keepAlive);
  assert.equal(classifyNetworkError(errorCode(timedOut.reason)), 'timeout');
});
