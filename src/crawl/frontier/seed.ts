import { AditError, MAX_URL_LENGTH, parseHost, parseUrl, refang, type Host, type Url } from '#model';

/** What a user meant by a piece of text. */
export interface Seed {
  readonly url: Url;
  readonly host: Host;
  /** What followed `#`; sites read it by script, so a browser visit may want it back. */
  readonly fragment?: string;
  /** The same address under the other scheme, where the text named none: worth a try when `url` cannot be reached. */
  readonly alternative?: Url;
  /** What was changed or assumed, in sentences for people. */
  readonly notes: readonly string[];
}

const ADVICE_BY_SCHEME: Readonly<Record<string, string>> = {
  mailto: 'That is a mail address: give the web address of a page.',
  javascript: 'Scripts cannot be visited: give the address of the page that runs it.',
  data: 'A data: address holds its content itself: give the address of the page that opens it.',
  blob: 'A blob: address exists only inside one browser: give the address of the page that makes it.',
  file: 'Local files are never opened: serve the page over HTTP and give that address.',
  ftp: 'Only http: and https: can be visited.',
  ws: 'Give the http: address of the page that opens the WebSocket.',
  wss: 'Give the https: address of the page that opens the WebSocket.',
};

/** Invisible characters that mails and chat programs leave in copied addresses. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;

/**
 * Text as people paste it → the address to visit. Takes defanged addresses, ones without scheme (http is assumed: it
 * is what a mail program makes of them, and the server's own redirect to https is part of the evidence), Unicode
 * host names, surrounding brackets and quotes, and credentials (dropped). Private hosts parse: whether they may be
 * visited is for the egress guard to say.
 *
 * Throws AditError: `seed-empty`, `seed-too-long`, `seed-scheme-unsupported`, `seed-malformed`, `seed-host-invalid`.
 */
export function parseSeed(text: string): Seed {
  if (text.length > MAX_URL_LENGTH) {
    throw new AditError('seed-too-long', `The address is longer than ${MAX_URL_LENGTH} characters.`, {
      advice: 'Give one address at a time.',
    });
  }
  const notes: string[] = [];
  const bare = unwrap(text.replace(INVISIBLE, ''));
  if (bare === '') {
    throw new AditError('seed-empty', 'There is no address.', {
      advice: 'Give one, such as https://example.org/.',
    });
  }
  const plain = refang(bare).replace(/^(https?):\\\\/i, '$1://');
  if (plain !== bare) notes.push('The address was defanged.');

  const scheme = schemeOf(plain);
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') throw unsupported(scheme, bare);
  const hasScheme = scheme !== undefined;
  if (!hasScheme) notes.push('No scheme was given: http is assumed.');
  const address = hasScheme ? plain : `http://${plain.replace(/^[\\/]{2,}/, '')}`;
  const { url, host, fragment } = parseAddress(address, bare, hasScheme, notes);
  return {
    url,
    host,
    notes,
    ...(fragment === undefined ? {} : { fragment }),
    ...(hasScheme ? {} : otherScheme(url)),
  };
}

function parseAddress(address: string, shown: string, hasScheme: boolean, notes: string[]) {
  const authority = /^\w+:[\\/]*([^\\/?#]*)/.exec(address)?.[1] ?? '';
  if (/\s/.test(authority)) throw malformed(shown, 'Give one address at a time, without other words.');
  const parsed = URL.parse(address);
  if (parsed === null) {
    const name = authority.replace(/^.*@/, '').replace(/:\d*$/, '');
    throw parseHost(name) === undefined
      ? invalidHost(name)
      : malformed(shown, 'Check its port and spelling.');
  }
  if (parsed.username !== '' || parsed.password !== '') {
    if (!hasScheme) throw malformed(shown, 'That looks like a mail address: give the web address of a page.');
    notes.push('The user name and password in the address were dropped.');
    parsed.username = '';
    parsed.password = '';
  }
  const host = parseHost(parsed.hostname);
  if (host === undefined) throw invalidHost(parsed.hostname);
  if (!hasScheme && !/[.:]/.test(authority) && host !== 'localhost') {
    throw malformed(shown, 'Give a full address, such as https://example.org/.');
  }
  const fragment = parsed.hash === '' ? undefined : parsed.hash.slice(1);
  if (fragment !== undefined) notes.push('What follows # is not sent to the server.');
  const url = parseUrl(parsed.href);
  if (url === undefined) throw malformed(shown, 'Check its spelling.');
  return { url, host, fragment };
}

/** Trimmed, without the brackets and quotes around it and the sentence's punctuation behind it. */
function unwrap(text: string): string {
  let bare = text.trim();
  for (;;) {
    const trimmed = bare.replace(/[,;]+$/, '').trim();
    const inner =
      /^(?:<(?:URL:)?([^<>]*)>|"([^"]*)"|'([^']*)'|`([^`]*)`|\(([^()]*)\)|«([^«»]*)»|“([^“”]*)”)$/is.exec(
        trimmed,
      );
    const content = inner?.slice(1).find((group) => group !== undefined);
    if (content === undefined) return trimmed;
    bare = content.trim();
  }
}

/** The scheme that the text names. `host:8080/path` names none, though it looks as if. */
function schemeOf(text: string): string | undefined {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return undefined;
  const isPort = /^\d{1,5}(?:[/?#]|$)/.test(rest);
  return isPort && !/^https?$/i.test(scheme) ? undefined : scheme.toLowerCase();
}

function otherScheme(url: Url): { alternative?: Url } {
  const alternative = new URL(url).port === '' ? parseUrl(url.replace(/^http:/, 'https:')) : undefined;
  return alternative === undefined ? {} : { alternative };
}

function unsupported(scheme: string, shown: string): AditError {
  const advice = /^h\w{1,3}ps?$|^ttps?$/.test(scheme)
    ? 'Did you mean http: or https:?'
    : (ADVICE_BY_SCHEME[scheme] ?? 'Only http: and https: can be visited.');
  return new AditError(
    'seed-scheme-unsupported',
    `“${shorten(shown)}” has the scheme “${shorten(scheme)}:”.`,
    { advice },
  );
}

function malformed(shown: string, advice: string): AditError {
  return new AditError('seed-malformed', `“${shorten(shown)}” is not a web address.`, { advice });
}

function invalidHost(name: string): AditError {
  const message = name === '' ? 'The address has no host name.' : `“${shorten(name)}” is not a host name.`;
  return new AditError('seed-host-invalid', message, { advice: 'Check the spelling of the host name.' });
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
