import { domainToUnicode } from '../platform/node-url.ts';

/** The Unicode form of a Punycode name; undefined where it has no other form. */
export function hostInUnicode(host: string): string | undefined {
  if (!/(?:^|\.)xn--/i.test(host)) return undefined;
  const unicode = domainToUnicode(host);
  return unicode === host ? undefined : unicode;
}
