import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** What kind of text the bytes are: it decides where a declaration of the encoding may stand. */
export type TextKind = 'html' | 'css' | 'script' | 'other';

export interface DecodedText {
  readonly text: string;
  /** WHATWG name of the encoding used. */
  readonly encoding: string;
}

/** How far into a document the declaration of its encoding is looked for (WHATWG HTML, "prescan a byte stream"). */
const PRESCAN_BYTES = 1024;
/** How far a browser's parser may go before it meets the declaration and begins anew. */
const LATE_BYTES = 64 * 1024;

/** In a Content-Type, or in the `content` of a meta element: the value is quoted, or ends at a blank or semicolon. */
const CHARSET = /charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r ;"'][^\t\n\f\r ;]*))/i;
/** What the prescan knows: the beginning of a meta element, of another tag, and of what goes on to the next `>`. */
const META_START = /<meta(?=[\t\n\f\r /])/iy;
const TAG_START = /<\/?[a-z][^\t\n\f\r >]*/iy;
const OTHER_START = /<[!/?][^>]*/y;
/** An attribute: name, and the value in one of three spellings. */
const ATTRIBUTE =
  /[\t\n\f\r /]*([^\t\n\f\r />][^\t\n\f\r />=]*)(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r >"'][^\t\n\f\r >]*)?))?/y;
const CSS_CHARSET = /^@charset "([^"]{1,40})";/;

/**
 * Bytes → text. The encoding is that of the byte order mark, else of the Content-Type header, else of the document's
 * own declaration, else UTF-8 where the bytes are valid UTF-8, else windows-1252. Never throws.
 */
export function decodeText(bytes: Uint8Array, contentType: string | undefined, kind: TextKind): DecodedText {
  const decoder = decoderOf(bytes, contentType, kind);
  return { text: decoder.decode(bytes), encoding: decoder.encoding };
}

/** Bytes that `decodeToUtf8` decodes at once: the string of a whole page cost three times as much a byte. */
const PIECE = 32_768;

/** The text of `decodeText`, as UTF-8. */
export function decodeToUtf8(bytes: Uint8Array, contentType: string | undefined, kind: TextKind): Uint8Array {
  const decoder = decoderOf(bytes, contentType, kind);
  if (bytes.length <= PIECE || decoder === replacement) return Buffer.from(decoder.decode(bytes));
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) {
    const end = at + PIECE;
    pieces.push(Buffer.from(decoder.decode(bytes.subarray(at, end), { stream: end < bytes.length })));
  }
  return Buffer.concat(pieces);
}

function decoderOf(bytes: Uint8Array, contentType: string | undefined, kind: TextKind): Decoder {
  const declared = declaredEncoding(bytes, contentType, kind);
  const decoder = declared === undefined ? undefined : decoderFor(declared);
  if (decoder !== undefined) return decoder;
  if (isUtf8(bytes)) return utf8;
  const late = kind === 'html' ? prescan(latin1Head(bytes, LATE_BYTES)) : undefined;
  return (late === undefined ? undefined : decoderFor(late)) ?? windows1252;
}

/** The encoding that the bytes themselves or the header declare, by its WHATWG name. */
export function declaredEncoding(
  bytes: Uint8Array,
  contentType: string | undefined,
  kind: TextKind,
): string | undefined {
  return byteOrderMark(bytes) ?? charsetParameter(contentType) ?? declaredInside(bytes, kind);
}

function byteOrderMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return undefined;
}

function charsetParameter(contentType: string | undefined): string | undefined {
  return contentType === undefined ? undefined : knownLabel(charsetIn(contentType));
}

function charsetIn(text: string): string | undefined {
  const match = CHARSET.exec(text);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

function declaredInside(bytes: Uint8Array, kind: TextKind): string | undefined {
  if (kind === 'script' || kind === 'other') return undefined;
  const head = latin1Head(bytes, PRESCAN_BYTES);
  if (kind === 'css') return asciiCompatible(CSS_CHARSET.exec(head)?.[1]);
  return prescan(head);
}

const latin1Head = (bytes: Uint8Array, length: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, length)).toString('latin1');

/** The declaration of a meta element before which stands nothing but whole tags and comments (WHATWG HTML §13.2.3.2). */
function prescan(head: string): string | undefined {
  for (let at = head.indexOf('<'); at !== -1; at = head.indexOf('<', at)) {
    if (head.startsWith('<!--', at)) {
      const close = head.indexOf('-->', at + 2);
      if (close === -1) return undefined;
      at = close + 3;
      continue;
    }
    const nameEnd = endAt(META_START, head, at);
    if (nameEnd !== undefined) {
      const { attributes, end } = attributesAt(head, nameEnd);
      if (end >= head.length) return undefined; // the tag may go on
      const label = asciiCompatible(declaredBy(attributes));
      if (label !== undefined) return label;
      at = end;
      continue;
    }
    const tagEnd = endAt(TAG_START, head, at);
    at = tagEnd === undefined ? (endAt(OTHER_START, head, at) ?? at + 1) : attributesAt(head, tagEnd).end;
  }
  return undefined;
}

/** `charset` alone, or `content` where `http-equiv` says that it is of a Content-Type. */
function declaredBy(attributes: ReadonlyMap<string, string>): string | undefined {
  const isContentType = attributes.get('http-equiv')?.toLowerCase() === 'content-type';
  return (
    attributes.get('charset') ?? (isContentType ? charsetIn(attributes.get('content') ?? '') : undefined)
  );
}

/** Of attributes of one name the first counts. */
function attributesAt(head: string, from: number): { attributes: Map<string, string>; end: number } {
  const attributes = new Map<string, string>();
  ATTRIBUTE.lastIndex = from;
  let end = from;
  for (let match = ATTRIBUTE.exec(head); match !== null; match = ATTRIBUTE.exec(head)) {
    const name = match[1]!.toLowerCase();
    if (!attributes.has(name)) attributes.set(name, match[2] ?? match[3] ?? match[4] ?? '');
    end = ATTRIBUTE.lastIndex;
  }
  return { attributes, end };
}

/** Where the sticky pattern ends that begins here. */
function endAt(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** A declaration that could be read as ASCII cannot be UTF-16: the standard takes UTF-8 instead. */
function asciiCompatible(label: string | undefined): string | undefined {
  if (label?.trim().toLowerCase() === 'x-user-defined') return 'windows-1252';
  const known = knownLabel(label);
  return known?.startsWith('utf-16') ? 'utf-8' : known;
}

function knownLabel(label: string | undefined): string | undefined {
  return label === undefined ? undefined : decoderFor(label)?.encoding;
}

/** Decoders by label: making one takes longer than using it. */
const decoders = new Map<string, Decoder | undefined>();
/** More labels than there are; what pages may call by one is endless. */
const MAX_LABELS = 400;

function decoderFor(label: string): Decoder | undefined {
  if (!decoders.has(label)) {
    if (decoders.size === MAX_LABELS) decoders.clear();
    decoders.set(label, makeDecoder(label));
  }
  return decoders.get(label);
}

type Decoder = Pick<TextDecoder, 'decode' | 'encoding'>;

/** Encodings in which bytes hide as others: browsers show nothing of them (WHATWG Encoding, "replacement"). */
const REPLACED = /^\s*(?:replacement|hz-gb-2312|(?:cs)?iso-?2022-?kr|iso-2022-cn(?:-ext)?)\s*$/i;
const replacement: Decoder = {
  encoding: 'replacement',
  decode: (bytes) => ((bytes?.byteLength ?? 0) === 0 ? '' : '\ufffd'),
};

const utf8 = new TextDecoder('utf-8');
const windows1252 = new TextDecoder('windows-1252');

function makeDecoder(label: string): Decoder | undefined {
  if (REPLACED.test(label)) return replacement;
  try {
    return new TextDecoder(label);
  } catch {
    return undefined; // no encoding of that name
  }
}
