import type { MemberCursor } from './member-cursor.ts';

const PIECE_BYTES = 64 * 1024;

/**
 * UTF-16 by its byte order mark, as shells of Windows write it, or since JSON begins with a character of ASCII (RFC 4627 §3);
 * all else is read as UTF-8.
 */
function encodingOf([first = 0, second = 0]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0) ? 'utf-16be' : undefined;
}

/** The beginning of a HAR as text. */
export function textOfHar(head: Uint8Array): string {
  return new TextDecoder(encodingOf(head) ?? 'utf-8', { ignoreBOM: true }).decode(head);
}

/** The text of a HAR in UTF-8, piece by piece. */
export interface HarText {
  /** Whether its bytes are those of the file: neither compressed nor in UTF-16. */
  readonly isAsStored: boolean;
  readonly pieces: Generator<Uint8Array>;
}

/** Opens the text of the HAR that the cursor's file is. */
export function openHarText(cursor: MemberCursor): HarText {
  const kind = cursor.kindAt(0) ?? 'plain';
  cursor.open(0, kind);
  cursor.ensureAcross(2, isEnd);
  const encoding = encodingOf(cursor.data);
  return {
    isAsStored: kind === 'plain' && encoding === undefined,
    pieces: encoding === undefined ? piecesOf(cursor) : inUtf8(piecesOf(cursor), encoding),
  };
}

const isEnd = (): boolean => false;

function* piecesOf(cursor: MemberCursor): Generator<Uint8Array> {
  while (cursor.ensureAcross(1, isEnd) > 0) {
    const { data } = cursor;
    const size = Math.min(data.length, PIECE_BYTES);
    yield data.subarray(0, size);
    cursor.skip(size, isEnd);
  }
}

function* inUtf8(pieces: Iterable<Uint8Array>, encoding: 'utf-16le' | 'utf-16be'): Generator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  for (const piece of pieces) yield Buffer.from(decoder.decode(piece, { stream: true }));
  yield Buffer.from(decoder.decode());
}
