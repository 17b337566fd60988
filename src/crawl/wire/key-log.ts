import { closeSync, openSync, readSync } from 'node:fs';

/** The secrets of one connection by their label in the key log. */
export type Secrets = ReadonlyMap<string, Buffer>;

/** Secrets by the client random (hexadecimal) of the connection that they belong to. */
export type KeyLog = ReadonlyMap<string, Secrets>;

/** `<label> <client random> <secret>`: the format that NSS introduced (RFC 9850). */
const LINE = /^([A-Z0-9_]{1,64}) ([0-9a-fA-F]{64}) ([0-9a-fA-F]{2,128})\r?$/;
const RANDOM_DIGITS = 64;
const PIECE_BYTES = 1024 * 1024;
const MAX_LINE_BYTES = 1024;

/** Key log text → secrets of the wanted connections. Lines that are none (comments, a half-written last one) are passed over. */
export function parseKeyLog(pieces: Iterable<string>, wanted: ReadonlySet<string>): KeyLog {
  const log = new Map<string, Map<string, Buffer>>();
  let rest = '';
  for (const piece of pieces) {
    const text = rest + piece;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      addLine(log, text.slice(start, end), wanted);
      start = end + 1;
    }
    rest = text.slice(start);
    if (rest.length > MAX_LINE_BYTES) rest = '';
  }
  addLine(log, rest, wanted);
  return log;
}

/**
 * Reads a key log file from `offset`: a browser's log grows with every capture that it makes, and only the part since
 * the capture began matters. A file that can't be read has no secrets.
 */
export function readKeyLog(path: string, offset: number, wanted: ReadonlySet<string>): KeyLog {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return new Map();
  }
  try {
    return parseKeyLog(piecesOf(file, offset), wanted);
  } finally {
    closeSync(file);
  }
}

function* piecesOf(file: number, offset: number): Generator<string> {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  for (let at = offset; ;) {
    const count = readSync(file, piece, 0, piece.length, at);
    if (count === 0) return;
    yield piece.toString('latin1', 0, count);
    at += count;
  }
}

function addLine(log: Map<string, Map<string, Buffer>>, line: string, wanted: ReadonlySet<string>): void {
  // Cheap test first: most lines of a busy browser belong to other captures.
  const space = line.indexOf(' ');
  const key = line.slice(space + 1, space + 1 + RANDOM_DIGITS).toLowerCase();
  if (space < 0 || !wanted.has(key)) return;
  const [, label, , secret] = LINE.exec(line) ?? [];
  if (label === undefined || secret === undefined) return;
  let secrets = log.get(key);
  if (secrets === undefined) log.set(key, (secrets = new Map()));
  secrets.set(label, Buffer.from(secret, 'hex'));
}
