import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressBytes, dialledForm, parseSubnet, vetAddress } from './address.ts';

/** First and last address of every range that is not the public Internet, and the public neighbours on both sides. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'this network': ['0.0.0.0', '0.255.255.255'],
  private: ['10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0', '192.168.255.255'],
  'carrier-grade NAT': ['100.64.0.0', '100.100.100.200', '100.127.255.255'],
  loopback: ['127.0.0.0', '127.0.0.1', '127.255.255.255', '::1', '0:0:0:0:0:0:0:1'],
  'cloud metadata': ['169.254.169.254', '168.63.129.16'],
  'link-local': ['169.254.0.0', '169.254.255.255', 'fe80::', 'fe80::1%eth0', 'febf:ffff::'],
  'protocol assignment': [
    '192.0.0.0',
    '192.0.0.192',
    '192.0.0.255',
    '2001:1::1',
    '2001:10::',
    '2001:1ff:ffff::',
  ],
  documentation: [
    '192.0.2.0',
    '192.0.2.255',
    '198.51.100.7',
    '203.0.113.255',
    '2001:db8::1',
    '3fff::',
    '3fff:fff::',
  ],
  '6to4 relay': ['192.88.99.1'],
  benchmark: ['198.18.0.0', '198.19.255.255', '2001:2::1'],
  multicast: ['224.0.0.0', '224.0.0.251', '239.255.255.255', 'ff00::', 'ff02::fb'],
  reserved: ['240.0.0.0', '255.255.255.254', '4000::', '5f00::1', '64:ff9b:2::', '1::', '200::'],
  broadcast: ['255.255.255.255'],
  unspecified: ['::'],
  'IPv4-compatible': ['::2', '::127.0.0.1', '::8.8.8.8'],
  'local NAT64': ['64:ff9b:1::', '64:ff9b:1::7f00:1'],
  discard: ['100::', '100::ffff:ffff:ffff:ffff'],
  Teredo: ['2001::', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:0:ffff::'],
  '6to4': ['2002::', '2002:7f00:1::', '2002:c0a8:101::1'],
  'unique local': ['fc00::', 'fd00:ec2::254', 'fdff::'],
  'site-local': ['fec0::', 'feff::1'],
  'loopback inside IPv6': ['::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::127.0.0.1', '64:FF9B::7f00:1'],
  'private inside IPv6': ['::ffff:10.1.2.3', '0:0:0:0:0:ffff:c0a8:0101', '64:ff9b::a00:1'],
  'cloud metadata inside IPv6': ['::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe'],
  'not an address': [
    '',
    'example.org',
    '127.1',
    '0x7f000001',
    '1.2.3',
    '1.2.3.4.5',
    '::g',
    '[::1]',
    '1.2.3.256',
  ],
};

const PERMITTED = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '191.255.255.255',
  '192.0.1.0',
  '192.0.3.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '198.51.99.255',
  '198.51.101.0',
  '203.0.112.255',
  '203.0.114.0',
  '223.255.255.255',
  '168.63.129.17',
  '2000::',
  '2001:200::1',
  '2001:4860:4860::8888',
  '2606:4700::1111',
  '2a00:1450::',
  '3ffe::',
  '3fff:1000::',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
];

for (const [reason, addresses] of Object.entries(REFUSED))
  for (const address of addresses)
    test(`${address || '(empty)'} is refused: ${reason}`, () => assert.equal(vetAddress(address), reason));

test('public addresses are permitted', () => {
  for (const address of PERMITTED) assert.equal(vetAddress(address), undefined, address);
});

test('allowed ranges permit what lies in them, also inside IPv6, and nothing else', () => {
  const allowed = ['10.1.0.0/16', 'fd12:3456::/32', '127.0.0.1'].map((text) => parseSubnet(text)!);
  for (const address of ['10.1.0.0', '10.1.255.255', '::ffff:10.1.2.3', 'fd12:3456::1', '127.0.0.1'])
    assert.equal(vetAddress(address, allowed), undefined, address);
  for (const address of ['10.0.255.255', '10.2.0.0', 'fd12:3457::1', '127.0.0.2', '::1', '::ffff:10.2.0.0'])
    assert.notEqual(vetAddress(address, allowed), undefined, address);
});

test('ranges are parsed strictly', () => {
  assert.deepEqual(parseSubnet('10.0.0.0/8'), { base: Uint8Array.of(10, 0, 0, 0), prefixLength: 8 });
  assert.equal(parseSubnet(' ::1 ')?.prefixLength, 128);
  assert.equal(parseSubnet('0.0.0.0/0')?.prefixLength, 0);
  for (const text of [
    '',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10/8',
    'fc00::/129',
    '::/-1',
    '::/x',
    'a/8',
  ])
    assert.equal(parseSubnet(text), undefined, text);
});

test('a prefix that ends inside a byte compares exactly its bits', () => {
  const allowed = [parseSubnet('10.32.0.0/11')!];
  for (const address of ['10.32.0.0', '10.63.255.255']) assert.equal(vetAddress(address, allowed), undefined);
  for (const address of ['10.31.255.255', '10.64.0.0']) assert.equal(vetAddress(address, allowed), 'private');
});

test('all spellings of an IPv6 address are the same bytes', () => {
  const loopback = new Uint8Array(16);
  loopback[15] = 1;
  for (const text of ['::1', '0::1', '0:0::0:1', '::0.0.0.1', '0000:0000:0000:0000:0000:0000:0000:0001'])
    assert.deepEqual(addressBytes(text), loopback, text);
  assert.equal(
    Buffer.from(addressBytes('2001:db8::8:800:200C:417A')!).toString('hex'),
    '20010db80000000000080800200c417a',
  );
  assert.equal(
    Buffer.from(addressBytes('1:2:3:4:5:6:7::')!).toString('hex'),
    '00010002000300040005000600070000',
  );
});

test('a mapped address is dialled as the IPv4 address that it is', () => {
  assert.equal(dialledForm('::ffff:8.8.4.4'), '8.8.4.4');
  assert.equal(dialledForm('::FFFF:0808:0404'), '8.8.4.4');
  assert.equal(dialledForm('2606:4700::1111'), '2606:4700::1111');
  assert.equal(dialledForm('8.8.8.8'), '8.8.8.8');
});
