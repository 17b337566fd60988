import { AditError } from '#model';

/** Stable codes of the archive part. */
export type ArchiveErrorCode =
  /** The file is not what its name says: no ZIP, no gzip, no WARC. */
  | 'archive-not-an-archive'
  /** It is one, but bytes are missing or wrong. */
  | 'archive-damaged'
  /** Well formed, but made in a way that is refused: encrypted, unsafe path, overlapping entries. */
  | 'archive-refused'
  /** Something in it is larger than the limit. */
  | 'archive-too-large'
  /** No capture inside, or one that does not keep to its schema. */
  | 'archive-no-capture'
  /** Written by a newer version. */
  | 'archive-newer-version'
  /** A spool file is shorter than the range that was asked of it. */
  | 'archive-spool-lost'
  /** The capture to be written contradicts itself. */
  | 'archive-bad-source';

/** A fault of an archive file. The message names the file and, where it is known, the byte offset in it. */
export class ArchiveError extends AditError {
  declare readonly code: ArchiveErrorCode;
  readonly file: string;
  readonly offset: number | undefined;
  /** The message without the place. */
  readonly problem: string;

  constructor(
    code: ArchiveErrorCode,
    problem: string,
    place: { readonly file: string; readonly offset?: number },
    cause?: unknown,
  ) {
    const at = place.offset === undefined ? '' : `, byte ${place.offset}`;
    super(code, `${place.file}${at}: ${problem}`, { cause });
    this.name = 'ArchiveError';
    this.file = place.file;
    this.offset = place.offset;
    this.problem = problem;
  }
}
