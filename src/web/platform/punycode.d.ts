/** The one function of it that is used; the package brings no types. */
declare module 'punycode.js' {
  export function toUnicode(name: string): string;
}
