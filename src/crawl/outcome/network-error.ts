import type { Outcome } from '#model';

export type OutcomeKind = Outcome['kind'];

/**
 * Names of network faults, most telling first. Chromium's names come from `net/base/net_error_list.h` (without
 * `ERR_`), the others are those of Node's sockets, resolver, TLS and of OpenSSL.
 */
const RULES: readonly (readonly [RegExp, OutcomeKind])[] = [
  // Chromium shows this for an error status without a body.
  [/^(HTTP_RESPONSE_CODE_FAILURE|INVALID_AUTH_CREDENTIALS|MISSING_AUTH_CREDENTIALS)$/, 'httpError'],
  [/^TOO_MANY_REDIRECTS$/, 'redirectLoop'],
  [/^(NAME_|DNS_|ICANN_NAME_COLLISION)/, 'dnsFailure'],
  [
    /^(ENOTFOUND|ENODATA|ESERVFAIL|ENONAME|EBADNAME|EBADRESP|EFORMERR|ENOTIMP|EREFUSED|ENOTINITIALIZED|ETIMEOUT|EAI_\w+)$/,
    'dnsFailure',
  ],
  [/^CERT(IFICATE)?_|^SSL_|^BAD_SSL_|^TLS|^ECH_|^EPROTO$/, 'tlsFault'],
  [/SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)$/, 'tlsFault'],
  [/^(CONNECTION_TIMED_OUT|TIMED_OUT|ETIMEDOUT|ESOCKETTIMEDOUT)$|_TIMEOUT$|^TIMEOUT_ERR$/, 'timeout'],
  [/^(FILE_TOO_BIG|MSG_TOO_BIG)$/, 'tooLarge'],
  [/^(UNKNOWN_URL_SCHEME|DISALLOWED_URL_SCHEME|INVALID_URL)$/, 'notAPage'],
  [
    /^(UNSAFE_PORT|BLOCKED_BY_(CLIENT|ADMINISTRATOR|PRIVATE_NETWORK_ACCESS_CHECKS|LOCAL_NETWORK_ACCESS_CHECKS))$/,
    'refused',
  ],
  [
    /^(EMPTY_RESPONSE|UNSAFE_REDIRECT|METHOD_NOT_SUPPORTED|UNEXPECTED)$|^INVALID_(HTTP|RESPONSE|REDIRECT|CHUNKED)/,
    'protocolFault',
  ],
  [/^(RESPONSE_HEADERS_|HTTP2_|HTTP_1_1_REQUIRED|SPDY_|QUIC_|CONTENT_|INCOMPLETE_|HPE_)/, 'protocolFault'],
  [
    /^(CONNECTION_|ADDRESS_|PROXY_|TUNNEL_|SOCKS_|NETWORK_|INTERNET_DISCONNECTED|MANDATORY_PROXY|SOCKET_|UPLOAD_STREAM)/,
    'connectionFailure',
  ],
  [
    /^(ECONN\w+|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|EPIPE|EACCES|EPERM|UND_ERR_SOCKET)$/,
    'connectionFailure',
  ],
  [/^(ABORTED|ABORT_ERR|ERR_CANCELED)$/, 'aborted'],
];

/**
 * The outcome behind the name of a network fault: Chromium's (`net::ERR_…`, with or without `net::`), Node's
 * (`ENOTFOUND`, `CERT_HAS_EXPIRED`, `ERR_TLS_…`). `failed` where the name says nothing.
 * Addresses that the egress guard refused arrive in a browser as failed connections: ask the guard first.
 */
export function classifyNetworkError(codeOrNetError: string): OutcomeKind {
  const name = codeOrNetError
    .trim()
    .replace(/^net::/, '')
    .replace(/^(UND_)?ERR_/, '');
  return RULES.find(([pattern]) => pattern.test(name))?.[1] ?? 'failed';
}

/** The stable code of a thrown value, or its name where it has none: what `classifyNetworkError` understands. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name === 'AbortError'
    ? 'ABORT_ERR'
    : error.name === 'TimeoutError'
      ? 'TIMEOUT_ERR'
      : error.name;
}
