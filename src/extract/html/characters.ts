import { decodeHTML, decodeHTMLAttribute } from 'entities';

/** Lower case of A–Z alone, as the HTML standard compares names. */
export function asciiLower(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

/** A reference that is not to the ampersand itself, as nearly all in addresses are. */
const OTHER_REFERENCE = /&(?!amp;)/;

/** An attribute value as the parser would read it: newlines normalised, NUL replaced, character references decoded. */
export function decodeAttributeValue(raw: string): string {
  const text = normalise(raw);
  if (!text.includes('&')) return text;
  return OTHER_REFERENCE.test(text) ? decodeHTMLAttribute(text) : text.replaceAll('&amp;', '&');
}

/** Text of an element that may hold character references (data, RCDATA). */
export function decodeCharacterData(raw: string): string {
  const text = normalise(raw);
  if (!text.includes('&')) return text;
  return OTHER_REFERENCE.test(text) ? decodeHTML(text) : text.replaceAll('&amp;', '&');
}

function normalise(raw: string): string {
  let text = raw;
  if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n');
  if (text.includes('\0')) text = text.replaceAll('\0', '\u{fffd}');
  return text;
}
