import { isIP } from 'node:net';

/**
 * Which addresses are the public Internet's. Everything with another meaning is refused, with the meaning as the
 * reason: IANA's special-purpose registries (RFC 6890 and successors), cloud metadata services, and IPv6 forms that
 * carry an IPv4 address inside.
 */
const SPECIAL_IPV4: readonly (readonly [network: string, reason: string])[] = [
  ['0.0.0.0/8', 'this network'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'carrier-grade NAT'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.169.254/32', 'cloud metadata'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'protocol assignment'],
  ['192.0.2.0/24', 'documentation'],
  ['192.88.99.0/24', '6to4 relay'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'benchmark'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  // A public range by registry, yet answered by the virtual machine's own host.
  ['168.63.129.16/32', 'cloud metadata'],
  ['224.0.0.0/4', 'multicast'],
  ['255.255.255.255/32', 'broadcast'],
  ['240.0.0.0/4', 'reserved'],
];

const SPECIAL_IPV6: readonly (readonly [network: string, reason: string])[] = [
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['::/96', 'IPv4-compatible'],
  ['64:ff9b:1::/48', 'local NAT64'],
  ['100::/64', 'discard'],
  ['2001::/32', 'Teredo'],
  ['2001:2::/48', 'benchmark'],
  ['2001::/23', 'protocol assignment'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4'],
  ['3fff::/20', 'documentation'],
  ['fc00::/7', 'unique local'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local'],
  ['ff00::/8', 'multicast'],
];

/** RFC 4291 §2.5.5.2 and RFC 6052 §2.1: the last four bytes are an IPv4 address, which is what gets reached. */
const IPV4_INSIDE = ['::ffff:0:0/96', '64:ff9b::/96'];
/** The only part of IPv6 that is assigned to the public Internet. */
const GLOBAL_UNICAST = '2000::/3';

/** A range of addresses of one family. */
export interface Subnet {
  readonly base: Uint8Array;
  readonly prefixLength: number;
}

/**
 * Why the address must not be dialled, or undefined where it may. `allowed` ranges are permitted whatever they mean.
 * Text that is no address is refused.
 */
export function vetAddress(address: string, allowed: readonly Subnet[] = []): string | undefined {
  const bytes = addressBytes(address);
  if (bytes === undefined) return 'not an address';
  if (allowed.some((subnet) => contains(subnet, bytes))) return undefined;
  const inner = innerIpv4(bytes);
  if (inner !== undefined) {
    if (allowed.some((subnet) => contains(subnet, inner))) return undefined;
    const reason = specialMeaning(inner);
    return reason === undefined ? undefined : `${reason} inside IPv6`;
  }
  return specialMeaning(bytes);
}

/** Whether the address, or the IPv4 address inside it, lies in one of the ranges. */
export function isInSubnets(address: string, subnets: readonly Subnet[]): boolean {
  const bytes = addressBytes(address);
  if (bytes === undefined) return false;
  const inner = innerIpv4(bytes);
  return subnets.some(
    (subnet) => contains(subnet, bytes) || (inner !== undefined && contains(subnet, inner)),
  );
}

/** The address to dial: a mapped IPv4 address (`::ffff:…`) becomes plain IPv4, a zone is dropped. */
export function dialledForm(address: string): string {
  const bytes = addressBytes(address);
  const isMapped = bytes !== undefined && contains(MAPPED, bytes);
  return isMapped ? bytes.subarray(12).join('.') : address.replace(/%.*$/, '');
}

/** `10.0.0.0/8`, `fd00::/8` or a single address → a range; undefined where the text is neither. */
export function parseSubnet(text: string): Subnet | undefined {
  const [address = '', length, ...rest] = text.trim().split('/');
  const base = addressBytes(address);
  if (base === undefined || rest.length > 0) return undefined;
  if (length === undefined) return { base, prefixLength: base.length * 8 };
  const prefixLength = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  return prefixLength <= base.length * 8 ? { base, prefixLength } : undefined;
}

/** An IP address as 4 or 16 bytes; undefined where the text is none. */
export function addressBytes(address: string): Uint8Array | undefined {
  const text = address.replace(/%.*$/, '');
  const family = isIP(text);
  if (family === 4) return Uint8Array.from(text.split('.'), Number);
  return family === 6 ? ipv6Bytes(text) : undefined;
}

function ipv6Bytes(text: string): Uint8Array {
  const [head = '', tail] = text.split('::');
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const bytes = new Uint8Array(16);
  bytes.set(left, 0);
  bytes.set(right, 16 - right.length);
  return bytes;
}

function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

function contains(subnet: Subnet, bytes: Uint8Array): boolean {
  if (subnet.base.length !== bytes.length) return false;
  const whole = subnet.prefixLength >> 3;
  for (let index = 0; index < whole; index++) if (subnet.base[index] !== bytes[index]) return false;
  const bits = subnet.prefixLength & 7;
  // Both have this byte: a prefix that ends inside it is shorter than the address.
  return bits === 0 || (subnet.base[whole]! ^ bytes[whole]!) >> (8 - bits) === 0;
}

function innerIpv4(bytes: Uint8Array): Uint8Array | undefined {
  return INSIDE.some((subnet) => contains(subnet, bytes)) ? bytes.subarray(12) : undefined;
}

function specialMeaning(bytes: Uint8Array): string | undefined {
  const special = SPECIAL.find(([subnet]) => contains(subnet, bytes));
  if (special !== undefined) return special[1];
  return bytes.length === 16 && !contains(GLOBAL, bytes) ? 'reserved' : undefined;
}

/** Only for the tables above. */
function subnet(text: string): Subnet {
  const parsed = parseSubnet(text);
  if (parsed === undefined) throw new Error(`not a network: ${text}`);
  return parsed;
}

const SPECIAL = [...SPECIAL_IPV4, ...SPECIAL_IPV6].map(
  ([network, reason]) => [subnet(network), reason] as const,
);
const INSIDE = IPV4_INSIDE.map(subnet);
const MAPPED = subnet(IPV4_INSIDE[0]!);
const GLOBAL = subnet(GLOBAL_UNICAST);
