import { parseHost, isIpHost, type Host } from '#model';

/**
 * Names that never mean a host of the public Internet: RFC 6761/6762/7686/8375/9476, ICANN's `internal`, and what
 * local networks use by habit.
 */
const SPECIAL_SUFFIXES = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'home.arpa',
  'lan',
  'onion',
  'alt',
];

/** What a client asks to be connected with, made canonical. */
export interface Target {
  readonly host: Host;
  readonly isAddress: boolean;
  /** The name belongs to the local network or machine: reachable only at explicitly allowed addresses. */
  readonly isLocalName: boolean;
}

/** Host text of a connection request → target; undefined where it is no host. Takes every spelling that URLs take. */
export function parseTarget(text: string): Target | undefined {
  const host = parseHost(text);
  if (host === undefined) return undefined;
  const isAddress = isIpHost(host);
  return { host, isAddress, isLocalName: !isAddress && isLocalName(host) };
}

function isLocalName(host: Host): boolean {
  return (
    !host.includes('.') || SPECIAL_SUFFIXES.some((suffix) => host === suffix || host.endsWith(`.${suffix}`))
  );
}
