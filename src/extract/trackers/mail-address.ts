import { parseHost, type Host } from '#model';
import { parse } from 'tldts';

/** What an at sign turned out to be part of. */
export interface AtSignFinding {
  readonly type: 'MailAddress' | 'SentryDsn';
  readonly value: string;
  /** UTF-16 units from the start of the text. */
  readonly offset: number;
  readonly length: number;
}

const MAX_LOCAL_PART = 64;
export const MAX_BEFORE = MAX_LOCAL_PART + 20;
export const MAX_AFTER = 120;

const LOCAL_PART = /[a-z0-9](?:[a-z0-9._+-]{0,62}[a-z0-9_+-])?$/i;
const DOMAIN =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}(?:[a-z]{2,18}|xn--[a-z0-9-]{2,40})(?![a-z0-9-])/i;
const DSN_KEY = /https?:\\?\/\\?\/([0-9a-f]{32})(?::[0-9a-f]{32})?$/i;
const DSN_REST =
  /^((?:[a-z0-9-]{1,40}\.){1,6}[a-z]{2,12}(?::\d{2,5})?(?:\/[\w-]{1,30}){0,2}\/\d{1,20})(?![\w-])/i;

/** Domains that stand for the reader's own in examples (RFC 2606 and habit). */
const EXAMPLE_DOMAIN =
  /(?:^|\.)(?:example\.(?:com|org|net)|(?:your|my)-?(?:domain|company|site|website|email)\.[a-z]+|domain\.(?:com|tld)|email\.com|mysite\.com|company\.com|test\.com|sentry\.io|sentry-next\.wixpress\.com|sentry\.wixpress\.com)$/;

/**
 * Mail addresses and Sentry DSNs (`key@host/project`, the secret left out) around the at signs of a text.
 * An address needs a host under a known public suffix: `icon@2x.png` and `jquery@3.4.1` are none.
 */
export function atSignFindings(text: string): AtSignFinding[] {
  const findings: AtSignFinding[] = [];
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const before = text.slice(Math.max(0, at - MAX_BEFORE), at);
    const after = text.slice(at + 1, at + 1 + MAX_AFTER);
    const finding = atSignFinding(before, after, at);
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

/** What the at sign at `at` is part of, by at most `MAX_BEFORE` units before and `MAX_AFTER` behind it. */
export function atSignFinding(before: string, after: string, at: number): AtSignFinding | undefined {
  return sentryDsn(before, after, at) ?? mailAddress(before, after, at);
}

function sentryDsn(before: string, after: string, at: number): AtSignFinding | undefined {
  const key = DSN_KEY.exec(before);
  const rest = key === null ? null : DSN_REST.exec(after.replaceAll('\\/', '/'));
  if (key === null || rest === null) return undefined;
  const value = `${key[1]!}@${rest[1]!}`.toLowerCase();
  return { type: 'SentryDsn', value, offset: at - key[0].length, length: key[0].length + 1 + rest[0].length };
}

function mailAddress(before: string, after: string, at: number): AtSignFinding | undefined {
  const domain = DOMAIN.exec(after)?.[0];
  if (domain === undefined) return undefined;
  const run = LOCAL_PART.exec(before)?.[0] ?? '';
  const previous = before.at(-run.length - 1);
  const local = run.slice(escapeLength(run, previous));
  // `//user@host` and `:key@host` are URLs with credentials; a long hash is a message id or a key.
  if (previous === '/' || local === '' || local.length > MAX_LOCAL_PART || local.includes('..'))
    return undefined;
  if (/^[0-9a-f]{16,}$/i.test(local)) return undefined;
  const host = parseHost(domain);
  if (host === undefined || EXAMPLE_DOMAIN.test(host) || !isUnderKnownSuffix(host)) return undefined;
  const value = `${local.toLowerCase()}@${host}`;
  return { type: 'MailAddress', value, offset: at - local.length, length: local.length + 1 + domain.length };
}

/** How much of the run belongs to an escape that stands right before the address: `%20`, `\u003e`, `\n`. */
function escapeLength(run: string, previous: string | undefined): number {
  if (previous === '%') return /^[0-9a-f]{2}/i.test(run) ? 2 : 0;
  if (previous !== '\\') return 0;
  return /^(?:u[0-9a-f]{4}|x[0-9a-f]{2}|[nrt])/i.exec(run)?.[0].length ?? 0;
}

function isUnderKnownSuffix(host: Host): boolean {
  return parse(host).isIcann === true;
}

/** A mail address that Cloudflare's page rewriting hid: the first byte is XORed over the rest. */
export function decodeCloudflareMail(hex: string): string | undefined {
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length < 6) return undefined;
  const text = Buffer.from(bytes.subarray(1).map((byte) => byte ^ bytes[0]!)).toString('utf8');
  const [address] = atSignFindings(text);
  return address?.type === 'MailAddress' && address.length === text.length ? address.value : undefined;
}
