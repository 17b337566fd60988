import { createHash } from 'node:crypto';
import { sha256, type Sha256 } from '#model';

/**
 * One request as the test internet's server saw it, and what it answered: the truth that a capture is checked
 * against. Sizes are bytes.
 */
export interface LoggedExchange {
  /** Order of arrival, from 0; never reused. */
  readonly id: number;
  readonly url: string;
  readonly method: string;
  /** `websocket` stands for a handshake that was accepted. */
  readonly protocol: 'http/1.0' | 'http/1.1' | 'h2' | 'websocket';
  /** The public-looking address that the visitor dialled. */
  readonly address: string | undefined;
  readonly startedAt: Date;
  /** As received, HTTP/2 pseudo-headers left out. */
  readonly requestHeaders: readonly (readonly [string, string])[];
  readonly requestBodySize: number;
  readonly requestBodySha256: Sha256;
  /** Undefined where no answer was given. */
  readonly status: number | undefined;
  /** Body before content-encoding, as far as it was handed to the connection; undefined where the site encoded it itself. */
  readonly bodySize: number | undefined;
  readonly sha256: Sha256 | undefined;
  /** Body as sent: encoded, without chunked framing. */
  readonly encodedSize: number;
  readonly encodedSha256: Sha256;
  /** Whether the whole answer was handed to the connection before that closed. */
  readonly isComplete: boolean;
}

/** The log entry while the exchange runs. */
export class ExchangeRecord implements LoggedExchange {
  readonly id: number;
  readonly url: string;
  readonly method: string;
  protocol: LoggedExchange['protocol'];
  readonly address: string | undefined;
  readonly startedAt = new Date();
  readonly requestHeaders: readonly (readonly [string, string])[];
  requestBodySize = 0;
  requestBodySha256 = sha256('');
  status: number | undefined;
  isComplete = false;
  readonly #encoded = new Digest();
  /** The same as `#encoded` until the body is encoded here. */
  #decoded: Digest | undefined = this.#encoded;

  constructor(
    id: number,
    request: Pick<LoggedExchange, 'url' | 'method' | 'protocol' | 'address' | 'requestHeaders'>,
  ) {
    this.id = id;
    this.url = request.url;
    this.method = request.method;
    this.protocol = request.protocol;
    this.address = request.address;
    this.requestHeaders = request.requestHeaders;
  }

  get bodySize(): number | undefined {
    return this.#decoded?.size;
  }

  get sha256(): Sha256 | undefined {
    return this.#decoded?.value;
  }

  get encodedSize(): number {
    return this.#encoded.size;
  }

  get encodedSha256(): Sha256 {
    return this.#encoded.value;
  }

  /** Says who encodes the body to come: this server, which then knows the payload as well, or the site, so that only it does. */
  isEncodedBy(who: 'server' | 'site'): void {
    this.#decoded = who === 'server' ? new Digest() : undefined;
  }

  /** Payload that is about to be encoded here. */
  encoding(bytes: Uint8Array): void {
    if (this.#decoded !== this.#encoded) this.#decoded?.update(bytes);
  }

  /** Body bytes handed to the connection. */
  sent(bytes: Uint8Array): void {
    this.#encoded.update(bytes);
  }

  receivedBody(bytes: Uint8Array): void {
    this.requestBodySize = bytes.length;
    this.requestBodySha256 = sha256(bytes);
  }
}

/** Size and SHA-256 of bytes that come piece by piece; readable at any time. */
class Digest {
  size = 0;
  readonly #hash = createHash('sha256');

  update(bytes: Uint8Array): void {
    this.size += bytes.length;
    this.#hash.update(bytes);
  }

  get value(): Sha256 {
    return this.#hash.copy().digest('hex') as Sha256; // hex of 32 bytes
  }
}
