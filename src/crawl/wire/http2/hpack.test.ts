import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../wire-fixture.ts';
import { HpackDecoder, type HeaderField } from './hpack.ts';
import { decodeHuffman } from './huffman.ts';
import { STATIC_TABLE } from './static-table.ts';

const LIMITS = { maxListBytes: 65_536, maxFields: 100 };

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

/** The examples of RFC 7541 Appendix C: blocks of one connection in order, and what they decode to. */
const REQUESTS: readonly (readonly HeaderField[])[] = [
  [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
  ],
  [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
    ['cache-control', 'no-cache'],
  ],
  [
    [':method', 'GET'],
    [':scheme', 'https'],
    [':path', '/index.html'],
    [':authority', 'www.example.com'],
    ['custom-key', 'custom-value'],
  ],
];

const DATE = 'Mon, 21 Oct 2013 20:13:21 GMT';
const LOCATION = 'https://www.example.com';
const RESPONSES: readonly (readonly HeaderField[])[] = [
  [
    [':status', '302'],
    ['cache-control', 'private'],
    ['date', DATE],
    ['location', LOCATION],
  ],
  [
    [':status', '307'],
    ['cache-control', 'private'],
    ['date', DATE],
    ['location', LOCATION],
  ],
  [
    [':status', '200'],
    ['cache-control', 'private'],
    ['date', 'Mon, 21 Oct 2013 20:13:22 GMT'],
    ['location', LOCATION],
    ['content-encoding', 'gzip'],
    ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
  ],
];

const EXAMPLES: Readonly<
  Record<string, readonly [blocks: readonly string[], expected: readonly (readonly HeaderField[])[]]>
> = {
  'C.2.1 literal with indexing': [
    ['400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572'],
    [[['custom-key', 'custom-header']]],
  ],
  'C.2.2 literal without indexing': [['040c 2f73 616d 706c 652f 7061 7468'], [[[':path', '/sample/path']]]],
  'C.2.3 literal never indexed': [['1008 7061 7373 776f 7264 0673 6563 7265 74'], [[['password', 'secret']]]],
  'C.2.4 indexed': [['82'], [[[':method', 'GET']]]],
  'C.3 requests': [
    [
      '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
      '8286 84be 5808 6e6f 2d63 6163 6865',
      '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
    ],
    REQUESTS,
  ],
  'C.4 requests, Huffman': [
    [
      '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
      '8286 84be 5886 a8eb 1064 9cbf',
      '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
    ],
    REQUESTS,
  ],
  'C.5 responses in a table of 256 bytes': [
    [
      `3fe1 01 4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120
       474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d`,
      '4803 3330 37c1 c0bf',
      `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d
       4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572
       7369 6f6e 3d31`,
    ],
    RESPONSES,
  ],
  'C.6 responses, Huffman, in a table of 256 bytes': [
    [
      `3fe1 01 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7
       8f0b 97c8 e9ae 82ae 43d3`,
      '4883 640e ffc1 c0bf',
      `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf
       cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
    ],
    RESPONSES,
  ],
};

for (const [name, [blocks, expected]] of Object.entries(EXAMPLES)) {
  test(`RFC 7541 ${name}`, () => {
    const decoder = new HpackDecoder(LIMITS);
    for (const [index, block] of blocks.entries())
      assert.deepEqual(decoder.decode(hex(block)), { headers: expected[index], isCut: false });
  });
}

test('the static table has its 61 entries', () => {
  assert.equal(STATIC_TABLE.length, 61);
  const decoder = new HpackDecoder(LIMITS);
  const all = decoder.decode(Uint8Array.from({ length: 61 }, (_, index) => 0x80 | (index + 1)));
  assert.deepEqual(all?.headers, STATIC_TABLE);
});

test('malformed blocks end the decoder, and only that', () => {
  const malformed = {
    'index zero': '80',
    'index beyond the tables': 'bf',
    'integer without end': 'ffffffffff7f',
    'integer cut short': 'ff',
    'string longer than the block': '400a 6162',
    'table larger than allowed': '3fe1ff03',
    'end-of-string inside a string': '4084 ffffffff 00',
    'eight bits of padding': '4082 1fff 00',
  };
  for (const [what, block] of Object.entries(malformed)) {
    const decoder = new HpackDecoder(LIMITS);
    assert.equal(decoder.decode(hex(block)), undefined, what);
    assert.equal(decoder.decode(hex('82')), undefined, 'the table is lost');
  }
});

test('a larger table must have been announced', () => {
  const decoder = new HpackDecoder(LIMITS);
  decoder.allowTableBytes(65_536);
  assert.deepEqual(decoder.decode(hex('3fe1ff03 82')), { headers: [[':method', 'GET']], isCut: false });
});

test('an entry larger than the table empties it', () => {
  const decoder = new HpackDecoder(LIMITS);
  decoder.decode(hex('4001 61 01 62'));
  assert.deepEqual(decoder.decode(hex('be'))?.headers, [['a', 'b']]);
  const large = Buffer.concat([hex('4001 63 7fe1 1f'), Buffer.alloc(4_192, 'x')]);
  assert.equal(decoder.decode(large)?.headers.length, 1);
  assert.equal(decoder.decode(hex('be')), undefined);
});

test('a small block that unpacks to a long list is held to the limit, and the table stays right', () => {
  const decoder = new HpackDecoder(LIMITS);
  const entry = Buffer.concat([hex('4001 61 7f81 1e'), Buffer.alloc(4_096 - 128, 'x')]);
  assert.equal(decoder.decode(entry)?.headers.length, 1);
  const bomb = decoder.decode(new Uint8Array(16_000).fill(0xbe));
  assert.equal(bomb?.isCut, true);
  assert.ok(bomb.headers.length <= 100);
  const size = bomb.headers.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
  assert.ok(size <= LIMITS.maxListBytes);
  assert.equal(decoder.decode(hex('be'))?.headers[0]?.[0], 'a');
});

test('random blocks never throw', () => {
  const random = seededRandom(11);
  const seeds = Object.values(EXAMPLES).flatMap(([blocks]) => blocks.map(hex));
  for (let round = 0; round < 5_000; round++) {
    const decoder = new HpackDecoder(LIMITS);
    const block = Buffer.from(seeds[random(seeds.length)]!);
    for (let count = random(4); count > 0; count--) block[random(block.length)] = random(256);
    decoder.decode(block.subarray(0, random(block.length + 1)));
    decodeHuffman(block);
  }
});
