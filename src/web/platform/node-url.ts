import { toUnicode } from 'punycode.js';

/** A name in ASCII, by the browser's own URL parser; empty where it is none. */
export function domainToASCII(name: string): string {
  return URL.canParse(`http://${name}/`) ? new URL(`http://${name}/`).hostname : '';
}

/** A name with its Punycode labels decoded; as it is where they are none. */
export function domainToUnicode(name: string): string {
  try {
    return toUnicode(name);
  } catch {
    return name;
  }
}
