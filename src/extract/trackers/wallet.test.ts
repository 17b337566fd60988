import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { doubleSha256, encodeBase58 } from './base58.ts';
import { encodeSegwitAddress, isSegwitAddress } from './bech32.ts';
import { keccak256 } from './keccak.ts';
import { checksumCase, encodeMoneroBase58, isEthereumAddress, walletFindings } from './wallet.ts';

const digest = (seed: string, size: number): Uint8Array =>
  createHash('sha256').update(seed).digest().subarray(0, size);

const base58Check = (version: number, payload: Uint8Array): string => {
  const body = Uint8Array.from([version, ...payload]);
  return encodeBase58(Uint8Array.from([...body, ...doubleSha256(body).subarray(0, 4)]));
};

const monero = (seed: string): string => {
  const body = Uint8Array.from([18, ...digest(`${seed} spend`, 32), ...digest(`${seed} view`, 32)]);
  return encodeMoneroBase58(Uint8Array.from([...body, ...keccak256(body).subarray(0, 4)]));
};

const ethereum = (seed: string): string => `0x${checksumCase(Buffer.from(digest(seed, 20)).toString('hex'))}`;

const found = (text: string): string[] => walletFindings(text).map(({ type, value }) => `${type} ${value}`);

/** Changes one letter to another of the same alphabet. */
const damaged = (address: string): string => {
  const at = address.length - 9;
  return address.slice(0, at) + (address[at] === '7' ? '8' : '7') + address.slice(at + 1);
};

describe('wallet addresses', () => {
  const generated: readonly [string, string][] = [
    ['BitcoinAddress', base58Check(0x00, digest('btc', 20))],
    ['BitcoinAddress', base58Check(0x05, digest('p2sh', 20))],
    ['BitcoinAddress', encodeSegwitAddress('bc', 0, digest('segwit', 20))],
    ['BitcoinAddress', encodeSegwitAddress('bc', 0, digest('script', 32))],
    ['BitcoinAddress', encodeSegwitAddress('bc', 1, digest('taproot', 32))],
    ['LitecoinAddress', base58Check(0x30, digest('ltc', 20))],
    ['LitecoinAddress', base58Check(0x32, digest('ltc3', 20))],
    ['LitecoinAddress', encodeSegwitAddress('ltc', 0, digest('ltc', 20))],
    ['DogecoinAddress', base58Check(0x1e, digest('doge', 20))],
    ['TronAddress', base58Check(0x41, digest('tron', 20))],
    ['DashAddress', base58Check(0x4c, digest('dash', 20))],
    ['MoneroAddress', monero('xmr')],
  ];
  for (const [type, address] of generated) {
    it(`${type} ${address.slice(0, 6)}…: with its checksum, not without`, () => {
      assert.deepEqual(found(`<b>${address}</b>`), [`${type} ${address}`]);
      assert.deepEqual(found(`send to ${damaged(address)}.`), []);
    });
  }

  it('known ones from the standards', () => {
    // BIP 173, BIP 350, EIP-55 and the first block's reward.
    assert.deepEqual(found('1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'), [
      'BitcoinAddress 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    ]);
    assert.ok(isSegwitAddress('BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', ['bc']));
    assert.ok(isSegwitAddress('bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0', ['bc']));
    assert.ok(isEthereumAddress('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'));
    assert.ok(!isEthereumAddress('0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'));
    assert.ok(!isSegwitAddress('bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5', ['bc']));
    assert.ok(!isSegwitAddress('bc1gmk9yu', ['bc']));
  });

  it('Ethereum: one case needs no checksum, mixed case does; stored in lower case', () => {
    const address = ethereum('eth');
    assert.deepEqual(found(address), [`EthereumAddress ${address.toLowerCase()}`]);
    assert.deepEqual(found(address.toLowerCase()), [`EthereumAddress ${address.toLowerCase()}`]);
    const wrong = address.replace(/[a-fA-F](?=[^a-fA-F]*$)/, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    );
    assert.deepEqual(found(wrong), []);
    assert.deepEqual(found(`0x${'0'.repeat(40)}`), []);
  });

  it('Solana: only where the text is about it', () => {
    const address = encodeBase58(digest('sol', 32));
    assert.deepEqual(found(`window.solana.connect(); const to = "${address}"`), [`SolanaAddress ${address}`]);
    assert.deepEqual(found(`const token = "${address}"`), []);
  });

  it('are not cut out of longer texts', () => {
    const address = base58Check(0x00, digest('inside', 20));
    assert.deepEqual(found(`data:font/woff;base64,${address}+AAA`), []);
    assert.deepEqual(found(`x${address}`), []);
    assert.deepEqual(found(`bitcoin:${address}?amount=1`), [`BitcoinAddress ${address}`]);
  });

  it('are found wherever they begin', () => {
    const address = base58Check(0x00, digest('somewhere', 20));
    for (let indent = 0; indent < 60; indent++) {
      const text = `${' '.repeat(indent)}${address} ab`;
      assert.deepEqual(
        walletFindings(text).map(({ offset }) => offset),
        [indent],
      );
    }
  });
});

describe('keccak256', () => {
  it('agrees with the reference', () => {
    const hex = (text: string): string => Buffer.from(keccak256(Buffer.from(text))).toString('hex');
    assert.equal(hex(''), 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
    assert.equal(hex('abc'), '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45');
  });
});
