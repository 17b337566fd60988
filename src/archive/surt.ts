/**
 * The sort-friendly key of a URL as pywb and warcio write it: host labels reversed and joined by commas, no `www.`, all lower
 * case, query arguments sorted. URLs of other schemes stay as they are.
 */
export function toSurt(url: string): string {
  if (!url.startsWith('https:') && !url.startsWith('http:')) return url;
  const parsed = URL.parse(url.replace(/^(https?:\/\/)www\d*\./, '$1').toLowerCase());
  if (parsed === null) return url;
  const host = parsed.hostname.split('.').reverse().join(',');
  const port = parsed.port === '' ? '' : `:${parsed.port}`;
  const query = parsed.search === '' ? '' : `?${parsed.search.slice(1).split('&').sort().join('&')}`;
  return `${host}${port})${parsed.pathname}${query}`;
}
