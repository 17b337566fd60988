import { AditError } from '#model';

/** Why a connection did not come about, in the words of a capture's outcome. */
export type EgressFailureKind = 'dnsFailure' | 'connectionFailure' | 'timeout' | 'refused';

const CODES: Readonly<Record<EgressFailureKind, string>> = {
  dnsFailure: 'egress-dns-failure',
  connectionFailure: 'egress-connection-failure',
  timeout: 'egress-timeout',
  refused: 'egress-refused',
};

/** A connection that the guard did not make. `reason` is the network error code or the guard's own words. */
export class EgressError extends AditError {
  readonly kind: EgressFailureKind;
  readonly reason: string;

  constructor(kind: EgressFailureKind, target: string, reason: string, cause?: unknown) {
    super(CODES[kind], `${target}: ${reason}`, cause === undefined ? {} : { cause });
    this.name = 'EgressError';
    this.kind = kind;
    this.reason = reason;
  }
}

/** The code of a network error, e.g. `ECONNREFUSED`; its name where it has none. */
export function networkErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
