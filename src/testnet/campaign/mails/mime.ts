import { createHash } from 'node:crypto';

/** A MIME entity as it is sent (RFC 2045): header fields in Unicode, and a body with a byte in each character. */
export interface Entity {
  readonly fields: readonly string[];
  readonly body: string;
}

export type TransferEncoding = '7bit' | '8bit' | 'quoted-printable' | 'base64';

/** A text part. Its own line ends become CRLF. */
export function text(
  subtype: 'plain' | 'html',
  body: string,
  encoding: TransferEncoding,
  charset: 'utf-8' | 'iso-8859-1' | 'us-ascii' = 'utf-8',
): Entity {
  const bytes = Buffer.from(body.replaceAll('\n', '\r\n'), charset === 'utf-8' ? 'utf8' : 'latin1');
  return {
    fields: [`Content-Type: text/${subtype}; charset=${charset}`, `Content-Transfer-Encoding: ${encoding}`],
    body: encodeBody(bytes, encoding),
  };
}

/** A file that comes along, base64. */
export function attachment(name: string, mediaType: string, bytes: Uint8Array): Entity {
  return {
    fields: [
      `Content-Type: ${mediaType}; name="${name}"`,
      `Content-Disposition: attachment; filename="${name}"`,
      'Content-Transfer-Encoding: base64',
    ],
    body: encodeBody(bytes, 'base64'),
  };
}

/** Several entities as one (RFC 2046 §5.1); its boundary comes from its parts, so the same parts always look the same. */
export function multipart(subtype: 'alternative' | 'mixed' | 'related', parts: readonly Entity[]): Entity {
  const wholes = parts.map(toText);
  const boundary = `=_${createHash('sha256').update(wholes.join(''), 'latin1').digest('hex').slice(0, 24)}`;
  return {
    fields: [`Content-Type: multipart/${subtype}; boundary="${boundary}"`],
    body: `${wholes.map((whole) => `--${boundary}\r\n${whole}\r\n`).join('')}--${boundary}--\r\n`,
  };
}

/** A whole message inside another (RFC 2046 §5.2.1). */
export function enclosed(message: Uint8Array): Entity {
  return {
    fields: ['Content-Type: message/rfc822', 'Content-Disposition: inline'],
    body: Buffer.from(message).toString('latin1'),
  };
}

/** A whole message; `fields` without those of the entity, and in UTF-8 where they are not ASCII (RFC 6532). */
export function message(fields: readonly string[], entity: Entity): Uint8Array {
  const whole = { fields: [...fields, 'MIME-Version: 1.0', ...entity.fields], body: entity.body };
  return Buffer.from(toText(whole), 'latin1');
}

function toText({ fields, body }: Entity): string {
  return `${Buffer.from(fields.join('\r\n'), 'utf8').toString('latin1')}\r\n\r\n${body}`;
}

/** An instant as the Date field has it (RFC 5322 §3.3), in a zone so many minutes east of Greenwich. */
export function mailDate(instant: Date, zoneMinutes: number): string {
  const local = new Date(instant.getTime() + zoneMinutes * 60_000).toUTCString().replace(' GMT', '');
  const [hours, minutes] = [Math.trunc(Math.abs(zoneMinutes) / 60), Math.abs(zoneMinutes) % 60];
  return `${local} ${zoneMinutes < 0 ? '-' : '+'}${String(hours * 100 + minutes).padStart(4, '0')}`;
}

/** Text in a header field that is not ASCII (RFC 2047): `Q` stays nearly readable, `B` does not. */
export function encodedWord(words: string, encoding: 'B' | 'Q'): string {
  const bytes = Buffer.from(words, 'utf8');
  const encoded =
    encoding === 'B'
      ? bytes.toString('base64')
      : Array.from(bytes, (byte) =>
          /[A-Za-z0-9]/.test(String.fromCharCode(byte))
            ? String.fromCharCode(byte)
            : byte === 0x20
              ? '_'
              : hex(byte),
        ).join('');
  return `=?utf-8?${encoding}?${encoded}?=`;
}

function encodeBody(bytes: Uint8Array, encoding: TransferEncoding): string {
  const raw = Buffer.from(bytes).toString('latin1');
  if (encoding === '7bit' || encoding === '8bit') return raw;
  if (encoding === 'base64')
    return `${Buffer.from(bytes).toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r\n`;
  return raw.split('\r\n').map(quotedPrintableLine).join('\r\n');
}

/** One line of text, broken softly before column 76 (RFC 2045 §6.7). `line` holds a byte in each character. */
function quotedPrintableLine(line: string): string {
  const tokens = Array.from(line, (char, index) => {
    const isSafe = /[!-<>-~]/.test(char) || (/[ \t]/.test(char) && index < line.length - 1);
    return isSafe ? char : hex(char.charCodeAt(0));
  });
  const lines = [''];
  for (const token of tokens) {
    if (lines.at(-1)!.length + token.length > 75) lines.push('');
    lines[lines.length - 1] += token;
  }
  return lines.join('=\r\n');
}

function hex(byte: number): string {
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
