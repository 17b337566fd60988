import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { piecesOf, sizeOf, viewsOf, type ByteSource } from './byte-source.ts';
import type { RecordPlace } from './record-table.ts';
import { warcHeader, type WarcFields } from './warc-record.ts';

/** Records up to this size are compressed in one call: a stream costs more than the work itself. */
const SMALL_BYTES = 256 * 1024;

const CRLF_CRLF = Buffer.from('\r\n\r\n');

/** A record to be written. Block digest and length are added to its fields. */
export interface NewRecord {
  /** All named fields but WARC-Block-Digest and Content-Length, in order. */
  readonly fields: WarcFields;
  /** The block: HTTP head (or the whole of a small block), then body. */
  readonly head: Uint8Array;
  readonly body?: ByteSource | undefined;
  /** The body is compressed already: store it rather than compress it again. */
  readonly isCompressed?: boolean;
}

/** Where the records go. */
export interface RecordTarget {
  /** Bytes so far. */
  readonly size: number;
  append(bytes: Uint8Array): Promise<void>;
}

/**
 * Writes WARC 1.1 records, each a gzip member of its own (Annex D). Bodies pass through in pieces, twice: once for the digest that
 * stands in front of them.
 */
export class WarcWriter {
  readonly #target: RecordTarget;

  constructor(target: RecordTarget) {
    this.#target = target;
  }

  /** Writes a record and says where its member lies. */
  async write({
    fields,
    head,
    body = new Uint8Array(0),
    isCompressed = false,
  }: NewRecord): Promise<RecordPlace> {
    const offset = this.#target.size;
    const length = head.length + sizeOf(body);
    const block = length <= SMALL_BYTES ? [head, ...piecesOf(body)] : undefined;
    const header = warcHeader([
      ...fields,
      ['WARC-Block-Digest', `sha256:${digestOf(block ?? blockPieces(head, viewsOf(body)))}`],
      ['Content-Length', String(length)],
    ]);
    const level = isCompressed ? 0 : 6;
    if (block === undefined) await this.#stream(header, head, body, level);
    else await this.#target.append(gzipSync(Buffer.concat([header, ...block, CRLF_CRLF]), { level }));
    return { offset, length: this.#target.size - offset };
  }

  async #stream(header: Uint8Array, head: Uint8Array, body: ByteSource, level: number): Promise<void> {
    const pieces = function* (): Generator<Uint8Array> {
      yield header;
      yield* blockPieces(head, piecesOf(body));
      yield CRLF_CRLF;
    };
    const target = this.#target;
    await pipeline(
      Readable.from(pieces()),
      createGzip({ level, chunkSize: SMALL_BYTES }),
      async (members: AsyncIterable<Uint8Array>) => {
        for await (const bytes of members) await target.append(bytes);
      },
    );
  }
}

function* blockPieces(head: Uint8Array, body: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield head;
  yield* body;
}

function digestOf(pieces: Iterable<Uint8Array>): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}
