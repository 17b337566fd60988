import { htmlReply } from '../reply.ts';
import type { Site } from '../site.ts';

/** A place that no visit may reach, as a page can write it. */
export interface ForbiddenTarget {
  readonly name: string;
  /** The authority's host part of a URL. */
  readonly host: string;
}

const REBINDING = 'rebinding.escape.example';

/** Spellings of this machine's own address. */
export const LOOPBACK_SPELLINGS: readonly ForbiddenTarget[] = [
  { name: 'dotted', host: '127.0.0.1' },
  { name: 'other-loopback', host: '127.8.9.10' },
  { name: 'localhost', host: 'localhost' },
  { name: 'localhost-with-dot', host: 'localhost.' },
  { name: 'below-localhost', host: 'app.localhost' },
  { name: 'ipv6', host: '[::1]' },
  { name: 'unspecified', host: '0.0.0.0' },
  { name: 'unspecified-ipv6', host: '[::]' },
  { name: 'hexadecimal', host: '0x7f000001' },
  { name: 'decimal', host: '2130706433' },
  { name: 'octal', host: '0177.0.0.1' },
  { name: 'short', host: '127.1' },
  { name: 'zero', host: '0' },
  { name: 'mapped', host: '[::ffff:127.0.0.1]' },
  { name: 'compatible', host: '[::127.0.0.1]' },
  { name: 'translated', host: '[64:ff9b::7f00:1]' },
  { name: 'six-to-four', host: '[2002:7f00:1::]' },
  { name: 'full-width', host: '１２７。０。０。１' },
  { name: 'circled', host: '①②⑦.⓪.⓪.①' },
];

/** Addresses of other networks that are nobody else's business. */
export const PRIVATE_ADDRESSES: readonly ForbiddenTarget[] = [
  { name: 'metadata', host: '169.254.169.254' },
  { name: 'metadata-ipv6', host: '[fd00:ec2::254]' },
  { name: 'metadata-oracle', host: '192.0.0.192' },
  { name: 'metadata-alibaba', host: '100.100.100.200' },
  { name: 'ten', host: '10.0.0.1' },
  { name: 'one-seven-two', host: '172.16.0.1' },
  { name: 'one-nine-two', host: '192.168.1.1' },
  { name: 'unique-local', host: '[fd00::1]' },
  { name: 'link-local-ipv6', host: '[fe80::1]' },
  { name: 'benchmark', host: '198.18.0.1' },
  { name: 'multicast', host: '224.0.0.1' },
  { name: 'broadcast', host: '255.255.255.255' },
  { name: 'reserved', host: '240.0.0.1' },
];

const NAMED_ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  'loopback.escape.example': ['127.0.0.1'],
  'loopback-ipv6.escape.example': ['::1'],
  'mapped.escape.example': ['::ffff:127.0.0.1'],
  'unspecified.escape.example': ['0.0.0.0'],
  'private.escape.example': ['10.0.0.1'],
  'metadata.escape.example': ['169.254.169.254'],
  'metadata.google.internal': ['169.254.169.254'],
  'shared.escape.example': ['100.64.0.1'],
  'unique-local.escape.example': ['fd00::1'],
  'both.escape.example': ['127.0.0.1', '45.77.0.1'],
};

/** Public names that lead into private networks, one of them only from the second answer on. */
export const FORBIDDEN_NAMES: readonly ForbiddenTarget[] = [...Object.keys(NAMED_ADDRESSES), REBINDING].map(
  (host) => ({
    name: host.replace('.escape.example', '-name').replaceAll('.', '-'),
    host,
  }),
);

/** What would answer there. */
export const targetSites: readonly Site[] = [
  ...Object.entries(NAMED_ADDRESSES).map(([host, addresses]): Site => ({
    host,
    addresses,
    routes: { '*': htmlReply('<p>an inner network') },
  })),
  {
    host: REBINDING,
    dns: { answers: [['45.77.0.2'], ['127.0.0.1']] },
    routes: { '*': htmlReply('<p>rebinding', { headers: { connection: 'close' } }) },
  },
];

export { REBINDING };
