/** A Set-Cookie header, read as browsers do (RFC 6265bis §5.6). */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** Lower case, without leading dot; undefined where the attribute is missing or empty. */
  readonly domain: string | undefined;
  readonly path: string | undefined;
  /** Milliseconds since 1970; undefined for a session cookie. */
  readonly expiresAt: number | undefined;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: 'Strict' | 'Lax' | 'None' | undefined;
}

const MAX_PAIR = 4_096;
const MAX_ATTRIBUTE = 1_024;
const SAME_SITE: Readonly<Record<string, SetCookie['sameSite']>> = {
  strict: 'Strict',
  lax: 'Lax',
  none: 'None',
};

/** Reads the header; undefined where browsers would ignore it. `now` is what Max-Age counts from. */
export function parseSetCookie(header: string, now: number): SetCookie | undefined {
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(header)) return undefined;
  const [pair = '', ...attributes] = header.split(';', 200);
  const equals = pair.indexOf('=');
  const name = equals === -1 ? '' : trim(pair.slice(0, equals));
  const value = trim(equals === -1 ? pair : pair.slice(equals + 1));
  if ((name === '' && value === '') || name.length + value.length > MAX_PAIR) return undefined;
  return { name, value, ...readAttributes(attributes, now) };
}

function readAttributes(attributes: readonly string[], now: number): Omit<SetCookie, 'name' | 'value'> {
  let domain: string | undefined;
  let path: string | undefined;
  let sameSite: SetCookie['sameSite'];
  let expiresAt: number | undefined;
  let maxAge: number | undefined;
  let secure = false;
  let httpOnly = false;
  for (const attribute of attributes) {
    const equals = attribute.indexOf('=');
    const name = trim(equals === -1 ? attribute : attribute.slice(0, equals)).toLowerCase();
    const value = equals === -1 ? '' : trim(attribute.slice(equals + 1));
    if (value.length > MAX_ATTRIBUTE) continue;
    if (name === 'secure') secure = true;
    else if (name === 'httponly') httpOnly = true;
    else if (name === 'domain') domain = value.replace(/^\./, '').toLowerCase() || undefined;
    else if (name === 'path') path = value.startsWith('/') ? value : undefined;
    else if (name === 'samesite') sameSite = SAME_SITE[value.toLowerCase()];
    else if (name === 'expires') expiresAt = parseCookieDate(value) ?? expiresAt;
    else if (name === 'max-age' && /^-?\d{1,15}$/.test(value)) maxAge = Number(value);
  }
  if (maxAge !== undefined) expiresAt = now + Math.max(0, maxAge) * 1_000;
  return { domain, path, sameSite, expiresAt, secure, httpOnly };
}

const trim = (text: string): string => text.replace(/^[\t ]+|[\t ]+$/g, '');

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** A cookie date in any of the forms that servers write (RFC 6265 §5.1.1) → milliseconds since 1970. */
export function parseCookieDate(text: string): number | undefined {
  let time: readonly number[] | undefined;
  let day: number | undefined;
  let month: number | undefined;
  let year: number | undefined;
  for (const token of text.split(/[\t -/;-@[-`{-~]+/, 40)) {
    const clock = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D.*)?$/s.exec(token);
    if (time === undefined && clock !== null) time = clock.slice(1).map(Number);
    else if (day === undefined && /^\d{1,2}(?:\D.*)?$/s.test(token)) day = Number.parseInt(token, 10);
    else if (month === undefined && MONTHS.includes(token.slice(0, 3).toLowerCase())) {
      month = MONTHS.indexOf(token.slice(0, 3).toLowerCase());
    } else if (year === undefined && /^\d{2,4}(?:\D.*)?$/s.test(token)) year = Number.parseInt(token, 10);
  }
  if (time === undefined || day === undefined || month === undefined || year === undefined) return undefined;
  if (year >= 70 && year <= 99) year += 1_900;
  else if (year <= 69) year += 2_000;
  const [hour, minute, second] = time as [number, number, number]; // three groups
  if (day < 1 || day > 31 || year < 1601 || hour > 23 || minute > 59 || second > 59) return undefined;
  const instant = Date.UTC(year, month, day, hour, minute, second);
  return new Date(instant).getUTCDate() === day ? instant : undefined;
}
