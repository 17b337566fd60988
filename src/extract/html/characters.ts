import { decodeHTML, decodeHTMLAttribute } from 'entities';

/** Lower case of A–Z alone, as the HTML standard compares names. */
export function asciiLower(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

/** An attribute value as the parser would read it: newlines normalised, NUL replaced, character references decoded. */
export function decodeAttributeValue(raw: string): string {
  const text = normalise(raw);
  return text.includes('&') ? decodeHTMLAttribute(text) : text;
}

/** Text of an element that may hold character references (data, RCDATA). */
export function decodeCharacterData(raw: string): string {
  const text = normalise(raw);
  return text.includes('&') ? decodeHTML(text) : text;
}

function normalise(raw: string): string {
  let text = raw;
  if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n');
  if (text.includes('\0')) text = text.replaceAll('\0', '\u{fffd}');
  return text;
}
