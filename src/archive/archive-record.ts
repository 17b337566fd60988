import { firstField, type WarcFields, type WarcType } from './warc-record.ts';

/** A record as it stands in the file: the named fields raw and in order, typed readings on top. */
export class WarcRecord {
  /** Where it, or the member that holds it, begins in the file, and how many bytes from there hold it. */
  readonly offset: number;
  readonly length: number;
  /** Uncompressed bytes between `offset` and the record: more than none only where a member holds several. */
  readonly innerOffset: number;
  readonly version: string;
  readonly fields: WarcFields;
  readonly block: Uint8Array;
  /** What is wrong with it, one phrase; only lenient readers give out such records. */
  readonly fault: string | undefined;
  /** The block is only its start: the record is larger than the limit. */
  readonly isCut: boolean;

  constructor(parts: {
    offset: number;
    length: number;
    innerOffset?: number;
    version: string;
    fields: WarcFields;
    block: Uint8Array;
    fault: string | undefined;
    isCut: boolean;
  }) {
    this.offset = parts.offset;
    this.length = parts.length;
    this.innerOffset = parts.innerOffset ?? 0;
    this.version = parts.version;
    this.fields = parts.fields;
    this.block = parts.block;
    this.fault = parts.fault;
    this.isCut = parts.isCut;
  }

  /** The first value of a named field, by any case of its name. */
  field(name: string): string | undefined {
    return firstField(this.fields, name);
  }

  /** WARC-Type; unknown types are to be skipped (WARC 1.1 §5.5). */
  get type(): WarcType | string {
    return this.field('WARC-Type') ?? '';
  }

  get id(): string | undefined {
    return this.field('WARC-Record-ID');
  }

  /** WARC-Target-URI; the angle brackets that some writers put around it are taken off. */
  get targetUri(): string | undefined {
    return withoutBrackets(this.field('WARC-Target-URI'));
  }

  get date(): string | undefined {
    return this.field('WARC-Date');
  }
}

/** A URI that some writers put in angle brackets, as the grammar of WARC 1.0 has it. */
export const withoutBrackets = (uri: string | undefined): string | undefined =>
  uri?.replace(/^<(.*)>$/, '$1');
