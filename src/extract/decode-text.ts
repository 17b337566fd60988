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

const META_TAG = /<meta\b[^>]{0,500}/gi;
const META_CHARSET = /\bcharset\s*=\s*["']?\s*([^\s"'/>;]{1,40})/i;
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
  return decoder ?? (isUtf8(bytes) ? utf8 : windows1252);
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
  return contentType === undefined ? undefined : knownLabel(META_CHARSET.exec(contentType)?.[1]);
}

function declaredInside(bytes: Uint8Array, kind: TextKind): string | undefined {
  if (kind === 'script' || kind === 'other') return undefined;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, PRESCAN_BYTES)).toString(
    'latin1',
  );
  if (kind === 'css') return asciiCompatible(CSS_CHARSET.exec(head)?.[1]);
  for (const tag of head.replace(/<!--[\s\S]*?-->/g, '').matchAll(META_TAG)) {
    const label = asciiCompatible(META_CHARSET.exec(tag[0])?.[1]);
    if (label !== undefined) return label;
  }
  return undefined;
}

/** A declaration that could be read as ASCII cannot be UTF-16: the standard takes UTF-8 instead. */
function asciiCompatible(label: string | undefined): string | undefined {
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
