/** `isIP` of Node, as far as #model needs it: 4, 6 or 0. */
export function isIP(text: string): 0 | 4 | 6 {
  if (/^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/.test(text)) return 4;
  if (!text.includes(':')) return 0;
  return URL.canParse(`http://[${text}]/`) ? 6 : 0;
}
