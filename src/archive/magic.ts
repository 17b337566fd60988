/** Bytes from the start of a body that are enough for `magicType`. */
export const MAGIC_BYTES = 4096;

type Signature = readonly [type: string, offset: number, bytes: string];

/** Type, offset, bytes (as Latin-1 text; `?` matches any byte). First match wins. */
const SIGNATURES: readonly Signature[] = [
  ['application/pdf', 0, '%PDF-'],
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF87a'],
  ['image/gif', 0, 'GIF89a'],
  ['image/webp', 0, 'RIFF????WEBP'],
  ['audio/wav', 0, 'RIFF????WAVE'],
  ['video/x-msvideo', 0, 'RIFF????AVI '],
  ['image/avif', 4, 'ftypavif'],
  ['image/heic', 4, 'ftypheic'],
  ['video/quicktime', 4, 'ftypqt  '],
  ['video/mp4', 4, 'ftyp'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
  ['image/x-icon', 0, '\0\0\x01\0'],
  ['image/x-icon', 0, '\0\0\x02\0'],
  ['image/jxl', 0, '\0\0\0\x0cJXL '],
  ['image/vnd.adobe.photoshop', 0, '8BPS'],
  ['application/gzip', 0, '\x1f\x8b\x08'],
  ['application/x-bzip2', 0, 'BZh'],
  ['application/x-xz', 0, '\xfd7zXZ\0'],
  ['application/zstd', 0, '\x28\xb5\x2f\xfd'],
  ['application/x-7z-compressed', 0, '7z\xbc\xaf\x27\x1c'],
  ['application/vnd.rar', 0, 'Rar!\x1a\x07'],
  ['application/vnd.ms-cab-compressed', 0, 'MSCF\0\0\0\0'],
  ['application/x-tar', 257, 'ustar'],
  ['application/vnd.debian.binary-package', 0, '!<arch>\ndebian-binary'],
  ['application/x-rpm', 0, '\xed\xab\xee\xdb'],
  ['application/x-chrome-extension', 0, 'Cr24'],
  ['application/x-ole-storage', 0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['application/vnd.ms-htmlhelp', 0, 'ITSF'],
  ['application/x-ms-shortcut', 0, 'L\0\0\0\x01\x14\x02\0'],
  ['application/x-executable', 0, '\x7fELF'],
  ['application/x-mach-binary', 0, '\xcf\xfa\xed\xfe'],
  ['application/x-mach-binary', 0, '\xce\xfa\xed\xfe'],
  ['application/x-mach-binary', 0, '\xfe\xed\xfa\xcf'],
  ['application/x-mach-binary', 0, '\xfe\xed\xfa\xce'],
  ['application/wasm', 0, '\0asm'],
  ['application/vnd.android.dex', 0, 'dex\n03'],
  ['application/x-shockwave-flash', 0, 'FWS'],
  ['application/x-shockwave-flash', 0, 'CWS'],
  ['application/x-shockwave-flash', 0, 'ZWS'],
  ['font/woff2', 0, 'wOF2'],
  ['font/woff', 0, 'wOFF'],
  ['font/otf', 0, 'OTTO'],
  ['font/ttf', 0, '\0\x01\0\0\0'],
  ['application/vnd.ms-fontobject', 34, 'LP'],
  ['audio/mpeg', 0, 'ID3'],
  ['audio/flac', 0, 'fLaC'],
  ['application/ogg', 0, 'OggS'],
  ['video/webm', 0, '\x1a\x45\xdf\xa3'],
  ['video/x-flv', 0, 'FLV\x01'],
  ['application/vnd.sqlite3', 0, 'SQLite format 3\0'],
  ['application/rtf', 0, '{\\rtf'],
  ['application/postscript', 0, '%!PS'],
  ['application/vnd.tcpdump.pcap', 0, '\xd4\xc3\xb2\xa1'],
];

/**
 * The media type that the first bytes of a file show, whatever its server says; 4 KiB are enough. Undefined where nothing is
 * known. Text is guessed only where every byte of the head could be text.
 */
export function magicType(head: Uint8Array): string | undefined {
  if (head.length === 0) return undefined;
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, MAGIC_BYTES)).toString(
    'latin1',
  );
  if (text.startsWith('MZ')) return 'application/x-dosexec';
  if (text.startsWith('\xca\xfe\xba\xbe')) return fatOrJava(head);
  if (/^PK(?:\x03\x04|\x05\x06|\x07\x08)/.test(text)) return zipType(text);
  const signature = SIGNATURES.find((entry) => matches(head, entry));
  if (signature !== undefined) return signature[0];
  if (text.startsWith('BM') && head.length > 14 && text.slice(6, 10) === '\0\0\0\0') return 'image/bmp';
  return textType(head, text);
}

function matches(head: Uint8Array, [, offset, bytes]: Signature): boolean {
  if (head.length < offset + bytes.length) return false;
  for (let i = 0; i < bytes.length; i++) {
    const expected = bytes.charCodeAt(i);
    if (expected !== 0x3f && head[offset + i] !== expected) return false;
  }
  return true;
}

/** Universal Mach-O and Java classes share their magic: the former counts its architectures, the latter has a version above 44. */
function fatOrJava(head: Uint8Array): string | undefined {
  if (head.length < 8) return undefined;
  const count = new DataView(head.buffer, head.byteOffset).getUint32(4);
  return count < 40 ? 'application/x-mach-binary' : 'application/java-vm';
}

/** What a ZIP is used for, by the names of its first entries. */
function zipType(text: string): string {
  const mimetype = /^PK\x03\x04[^]{26}mimetype(application\/[a-z0-9.+-]+)/.exec(text);
  if (mimetype !== null) return mimetype[1]!;
  if (/AndroidManifest\.xml|classes\.dex/.test(text)) return 'application/vnd.android.package-archive';
  if (/META-INF\/MANIFEST\.MF/.test(text)) return 'application/java-archive';
  if (/\bword\//.test(text)) return 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
  if (/\bxl\//.test(text)) return 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  if (/\bppt\//.test(text))
    return 'application/vnd.openxmlformats-officedocument.presentationml.presentation';
  if (/Payload\/[^/]{1,80}\.app\//.test(text)) return 'application/x-ios-app';
  return 'application/zip';
}

function textType(head: Uint8Array, latin1: string): string | undefined {
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  const isBinary = /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(latin1);
  if (isBinary && !isUtf16) return undefined;
  const text = (
    isUtf16 ? latin1.slice(2).replaceAll('\0', '') : latin1.replace(/^\xef\xbb\xbf/, '')
  ).trimStart();
  if (text === '') return undefined;
  if (text.startsWith('#!')) return 'text/x-shellscript';
  if (/^<\?xml[\s?]/i.test(text)) return xmlType(text);
  if (/^<svg[\s>]/i.test(text)) return 'image/svg+xml';
  if (
    /^(?:<!--[^]*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|script|style|iframe|table|div|h1|p|a|br|b|font|link|base|form|img|center)[\s/>]/i.test(
      text,
    )
  )
    return 'text/html';
  if (isJson(text)) return 'application/json';
  return 'text/plain';
}

function xmlType(text: string): string {
  if (/<svg[\s>]/i.test(text)) return 'image/svg+xml';
  return /<html[\s>]/i.test(text) ? 'application/xhtml+xml' : 'text/xml';
}

/** The head may be cut, so its start must do: an object's first key or an array's first value. */
function isJson(text: string): boolean {
  return /^(?:\{\s*(?:"(?:[^"\\\n]|\\.)*"\s*:|\}\s*$)|\[\s*(?:[{["\]]|-?\d|true\b|false\b|null\b))/.test(
    text,
  );
}
