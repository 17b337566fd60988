import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import {
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyPairKeyObjectResult,
} from 'node:crypto';
import { createCertificateAuthority } from '#testnet';
import { judgeChain } from './judge-chain.ts';

const DAY_MS = 86_400_000;
const NOW = new Date();
const ca = createCertificateAuthority('Judge Root');
const stranger = createCertificateAuthority('Stranger Root');

function leafFor(authority: typeof ca, names: string[], from = -1, to = 1): Uint8Array {
  const at = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);
  return authority.issue({ names, notBefore: at(from), notAfter: at(to) }).der;
}

const judge = (chain: readonly Uint8Array[], host = 'a.example', at = NOW): string | undefined =>
  judgeChain(chain, host, at, [ca.pem]);

test('a valid chain is trusted, with and without its root in it', () => {
  const leaf = leafFor(ca, ['a.example', '*.a.example', '192.0.2.7']);
  for (const chain of [[leaf], [leaf, ca.der], [leaf, stranger.der, ca.der]]) {
    assert.equal(judge(chain), undefined);
    assert.equal(judge(chain, 'www.a.example'), undefined);
    assert.equal(judge(chain, '192.0.2.7'), undefined);
  }
});

test('each reason for distrust is told', () => {
  const leaf = leafFor(ca, ['a.example']);
  assert.equal(judge([leaf], 'b.example'), 'certificate is not for b.example');
  assert.equal(judge([leaf], 'x.a.example'), 'certificate is not for x.a.example');
  assert.equal(judge([leaf], '192.0.2.7'), 'certificate is not for 192.0.2.7');
  assert.match(judge([leafFor(ca, ['a.example'], -9, -2)]) ?? '', /^certificate expired 20/);
  assert.match(judge([leafFor(ca, ['a.example'], 2, 9)]) ?? '', /^certificate not valid before 20/);
  assert.match(judge([leaf], 'a.example', new Date('2060-01-01')) ?? '', /^certificate expired/);
  assert.equal(
    judge([leafFor(stranger, ['a.example'])]),
    'unknown issuer O=Adit Test Internet, CN=Stranger Root',
  );
  assert.equal(judge([leafFor(stranger, ['a.example']), stranger.der]), 'self-signed');
  assert.equal(judge([]), 'no certificate');
  assert.equal(judge([Uint8Array.of(0x30, 0x03, 1, 2, 3)]), 'malformed certificate');
});

test('a certificate signed by itself is not trusted, whatever it says', () => {
  const leaf = ca.selfSign({
    names: ['a.example'],
    notBefore: new Date(0),
    notAfter: new Date('2090-01-01'),
  });
  assert.equal(judge([leaf.der]), 'self-signed');
});

test('a leaf is no issuer: what it signed is not trusted', () => {
  // An ordinary certificate whose name equals the issuer's does not stand in for it.
  const forged = createCertificateAuthority('Judge Root');
  assert.notEqual(judge([leafFor(forged, ['a.example']), forged.der]), undefined);
  assert.match(
    judge([leafFor(stranger, ['a.example']), leafFor(ca, ['Stranger Root'])]) ?? '',
    /^unknown issuer/,
  );
});

test('intermediate certificates lead up to the root, in any order, if they are what they say', () => {
  const [middle, low, leaf] = ['middle', 'low', 'leaf'].map(() =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  );
  const top = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const root = mint({ subject: 'Top', issuer: 'Top', keys: top!, signer: top!, isCa: true });
  const upper = mint({ subject: 'Middle', issuer: 'Top', keys: middle!, signer: top!, isCa: true });
  const lower = mint({ subject: 'Low', issuer: 'Middle', keys: low!, signer: middle!, isCa: true });
  const end = mint({ subject: 'End', issuer: 'Low', keys: leaf!, signer: low!, isCa: false });
  const roots = [`-----BEGIN CERTIFICATE-----\n${root.toString('base64')}\n-----END CERTIFICATE-----`];
  const verdict = (...chain: Buffer[]): string | undefined => judgeChain(chain, 'end.example', NOW, roots);
  assert.equal(verdict(end, lower, upper), undefined);
  assert.equal(verdict(end, upper, root, lower), undefined);
  assert.equal(verdict(end, lower), 'unknown issuer CN=Middle');
  assert.equal(verdict(end), 'unknown issuer CN=Low');
  const noCa = mint({ subject: 'Low', issuer: 'Middle', keys: low!, signer: middle!, isCa: false });
  assert.equal(verdict(end, noCa, upper), 'unknown issuer CN=Low');
  const otherKey = mint({ subject: 'Low', issuer: 'Middle', keys: leaf!, signer: middle!, isCa: true });
  assert.equal(verdict(end, otherKey, upper), 'unknown issuer CN=Low');
  const expired = mint({
    subject: 'Low',
    issuer: 'Middle',
    keys: low!,
    signer: middle!,
    isCa: true,
    until: '200101000000Z',
  });
  assert.match(verdict(end, expired, upper) ?? '', /^intermediate certificate expired 2020-01-01/);
  assert.equal(verdict(end, expired, lower, upper), undefined);
});

interface Minted {
  readonly subject: string;
  readonly issuer: string;
  readonly keys: KeyPairKeyObjectResult;
  readonly signer: KeyPairKeyObjectResult;
  readonly isCa: boolean;
  readonly until?: string;
}

/** A certificate for end.example, or of an authority (RFC 5280 §4.1), with no more in it than the test needs. */
function mint({ subject, issuer, keys, signer, isCa, until = '491231235959Z' }: Minted): Buffer {
  const tlv = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
    const body = Buffer.concat(parts);
    const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
    return Buffer.concat([Buffer.from([tag, ...length]), body]);
  };
  const hex = (text: string): Buffer => Buffer.from(text, 'hex');
  const name = (text: string): Buffer =>
    tlv(0x30, tlv(0x31, tlv(0x30, hex('0603550403'), tlv(0x0c, Buffer.from(text)))));
  const ecdsaSha256 = tlv(0x30, hex('06082a8648ce3d040302'));
  const extension = isCa
    ? tlv(0x30, hex('0603551d13'), hex('0101ff'), tlv(0x04, tlv(0x30, hex('0101ff'))))
    : tlv(0x30, hex('0603551d11'), tlv(0x04, tlv(0x30, tlv(0x82, Buffer.from('end.example')))));
  const tbs = tlv(
    0x30,
    tlv(0xa0, hex('020102')),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaSha256,
    name(issuer),
    tlv(0x30, tlv(0x17, Buffer.from('150101000000Z')), tlv(0x17, Buffer.from(until))),
    name(subject),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, tlv(0x30, extension)),
  );
  return tlv(0x30, tbs, ecdsaSha256, tlv(0x03, Buffer.from([0]), sign('sha256', tbs, signer.privateKey)));
}

test('a root that this process knows is trusted', () => {
  const root = new X509Certificate(rootCertificates[0]!);
  const verdict = judgeChain([root.raw], 'a.example', root.validFromDate);
  // Its name fits no host, and nothing else is wrong with it.
  assert.equal(verdict, 'certificate is not for a.example');
});

test('hostile certificates never throw', () => {
  const leaf = Buffer.from(leafFor(ca, ['a.example']));
  for (let at = 0; at < leaf.length; at++) {
    const mutated = Buffer.from(leaf);
    mutated[at]! ^= 0xff;
    const verdict = judge([mutated, ca.der]);
    assert.ok(verdict !== undefined, `byte ${at} does not matter`);
    judge([mutated.subarray(0, at)]);
  }
});
