/** Arguments that only tell visitors apart, which indexers of web archives leave out of keys. */
const SESSION =
  /(?:^|&)(?:jsessionid=[0-9a-z]{32}|phpsessid=[0-9a-z]{32}|sid=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}|cfid=[^&]*&cftoken=[^&]*)(?=&|$)/g;
const PATH_SESSION = /;jsessionid=[0-9a-z]{1,64}(?=$|[;/])|\/\((?:[a-z]\([0-9a-z]{24}\))+\)(?=\/)/g;

/** As `toSurt`, by the rules of pywb and of most servers of indexes: no slash at the end, no session ids. */
export function toPywbSurt(url: string): string {
  const surt = toSurt(url);
  const end = surt.indexOf(')');
  if (surt === url || end === -1) return surt;
  const [path, query] = splitAt(surt.slice(end + 1), '?');
  const plainPath = path.replace(PATH_SESSION, '').replace(/(?<=[^/])\/+$/, '');
  const plainQuery = query.replace(SESSION, '').replace(/^&/, '');
  return `${surt.slice(0, end + 1)}${plainPath}${plainQuery === '' ? '' : `?${plainQuery}`}`;
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * The sort-friendly key of a URL as warcio and its players write it: host labels reversed and joined by commas, no `www.`, all lower
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
