import { ChunkScan } from './chunk-scan.ts';

export type HeaderList = readonly (readonly [string, string])[];

/** Status line and fields of a response, as sent. */
export interface ResponseHead {
  readonly protocol: 'http/1.0' | 'http/1.1';
  readonly status: number;
  readonly statusText: string;
  readonly headers: [string, string][];
}

/** How the body ends (RFC 9112 §6.3). */
type Framing =
  | { kind: 'none' }
  | { kind: 'length'; left: number }
  | { kind: 'chunked'; scan: ChunkScan }
  | { kind: 'close' };

/** Why the bytes are no whole HTTP/1.1 response. */
export type ResponseFault =
  | 'notHttp'
  | 'headTooLarge'
  | 'contradictoryLength'
  | 'badChunk'
  | 'empty'
  | 'cutHead'
  | 'cutBody';

const LF = 10;
const CR = 13;
/** Interim responses (1xx) before the one that counts. */
const MAX_INTERIM = 20;

/**
 * Finds one response in the bytes of an HTTP/1.1 connection, piece by piece: `push` takes what arrives and gives back
 * what of it belongs to the body, with chunked framing kept. As lenient as browsers are: bare line feeds, folded
 * fields, fields without a colon (dropped) and a missing reason phrase all pass. Never throws.
 */
export class ResponseReader {
  readonly #maxHeadBytes: number;
  #headBytes: Uint8Array[] = [];
  #headSize = 0;
  #interim = 0;
  #framing: Framing | undefined;
  #head: ResponseHead | undefined;
  #fault: ResponseFault | undefined;
  #isDone = false;

  constructor(maxHeadBytes: number) {
    this.#maxHeadBytes = maxHeadBytes;
  }

  /** Complete once the fields have ended. */
  get head(): ResponseHead | undefined {
    return this.#head;
  }

  get fault(): ResponseFault | undefined {
    return this.#fault;
  }

  /** Nothing more is to come, or nothing more can be understood. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** The protocol or status says that there is no body. */
  get isBodyless(): boolean {
    return this.#framing?.kind === 'none';
  }

  push(piece: Uint8Array): Uint8Array {
    let rest = piece;
    while (this.#head === undefined && !this.#isDone && rest.length > 0) rest = this.#pushHead(rest);
    return this.#isDone && this.#head === undefined ? new Uint8Array(0) : this.#pushBody(rest);
  }

  /** The connection has ended; `isClean` where the other side closed it in order. */
  end(isClean: boolean): void {
    if (this.#isDone) return;
    if (this.#head === undefined)
      this.#fail(this.#headSize === 0 && this.#interim === 0 ? 'empty' : 'cutHead');
    else if (this.#framing?.kind !== 'close' || !isClean) this.#fail('cutBody');
    this.#isDone = true;
  }

  /** Takes bytes of the head; gives back those behind it. */
  #pushHead(piece: Uint8Array): Uint8Array {
    const before = this.#headSize;
    this.#headBytes.push(piece);
    this.#headSize += piece.length;
    const bytes = this.#headBytes.length === 1 ? piece : Buffer.concat(this.#headBytes);
    if (!couldBeHttp(bytes)) return this.#fail('notHttp');
    // The blank line may have begun in the piece before.
    const end = endOfHead(bytes, Math.max(0, before - 3));
    if ((end ?? bytes.length) > this.#maxHeadBytes) return this.#fail('headTooLarge');
    if (end === undefined) {
      this.#headBytes = [bytes];
      return new Uint8Array(0);
    }
    this.#headBytes = [];
    this.#headSize = 0;
    this.#readHead(bytes.subarray(0, end));
    return bytes.subarray(end);
  }

  #readHead(bytes: Uint8Array): void {
    const head = parseHead(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'));
    if (head === undefined) {
      this.#fail('notHttp');
    } else if (head.status >= 100 && head.status < 200 && head.status !== 101) {
      if (++this.#interim > MAX_INTERIM) this.#fail('headTooLarge');
    } else {
      this.#head = head;
      this.#framing = framingOf(head);
      if (this.#framing === undefined) this.#fail('contradictoryLength');
      else if (this.#framing.kind === 'none' || (this.#framing.kind === 'length' && this.#framing.left === 0))
        this.#isDone = true;
    }
  }

  #pushBody(piece: Uint8Array): Uint8Array {
    const framing = this.#framing;
    if (this.#isDone || framing === undefined || piece.length === 0) return new Uint8Array(0);
    switch (framing.kind) {
      case 'none':
        return new Uint8Array(0);
      case 'close':
        return piece;
      case 'length': {
        const body = piece.subarray(0, framing.left);
        framing.left -= body.length;
        this.#isDone = framing.left === 0;
        return body;
      }
      case 'chunked': {
        const size = framing.scan.push(piece);
        if (framing.scan.isBroken) this.#fail('badChunk');
        else this.#isDone = framing.scan.isDone;
        return piece.subarray(0, size);
      }
    }
  }

  #fail(fault: ResponseFault): Uint8Array {
    this.#fault ??= fault;
    this.#isDone = true;
    return new Uint8Array(0);
  }
}

/** Known early, so that a server that talks something else is not waited for. */
function couldBeHttp(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 9)).toString('latin1');
  return /^\s*HTTP\/[\d.]{0,3}/i.test(start) || 'http/'.startsWith(start.trimStart().toLowerCase());
}

/** Where the blank line behind the fields ends. */
function endOfHead(bytes: Uint8Array, from: number): number | undefined {
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return undefined;
}

function parseHead(text: string): ResponseHead | undefined {
  const [statusLine = '', ...lines] = text.trimStart().split(/\r?\n/);
  const status = /^HTTP\/(\d)\.(\d)[ \t]+(\d{3})(?:[ \t]+(.*))?$/i.exec(statusLine);
  if (status === null) return undefined;
  const headers: [string, string][] = [];
  for (const line of lines) {
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) {
      last[1] = `${last[1]} ${line.trim()}`.trim(); // obs-fold
      continue;
    }
    const colon = line.indexOf(':');
    if (colon > 0) headers.push([line.slice(0, colon).trimEnd(), line.slice(colon + 1).trim()]);
  }
  return {
    protocol: status[1] === '1' && status[2] !== '0' ? 'http/1.1' : 'http/1.0',
    status: Number(status[3]),
    statusText: status[4]?.trim() ?? '',
    headers,
  };
}

function framingOf({ protocol, status, headers }: ResponseHead): Framing | undefined {
  if (status === 204 || status === 304 || status === 101) return { kind: 'none' };
  const codings = valuesOf(headers, 'transfer-encoding');
  if (codings.length > 0 && protocol === 'http/1.1') {
    return codings.at(-1)?.toLowerCase() === 'chunked'
      ? { kind: 'chunked', scan: new ChunkScan() }
      : { kind: 'close' };
  }
  const lengths = new Set(valuesOf(headers, 'content-length').filter((value) => /^\d{1,15}$/.test(value)));
  if (lengths.size > 1) return undefined;
  const [length] = lengths;
  return length === undefined ? { kind: 'close' } : { kind: 'length', left: Number(length) };
}

function valuesOf(headers: HeaderList, name: string): string[] {
  return headers
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}
