import assert from 'node:assert/strict';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createCertificateAuthority } from './certificate.ts';

const authority = createCertificateAuthority();
const root = new X509Certificate(authority.pem);
const leaf = (names: readonly string[]) => ({
  names,
  notBefore: new Date('2026-01-02T03:04:05Z'),
  notAfter: new Date('2051-06-07T08:09:10Z'),
});

test('the root is a certificate authority that signed itself, and its pin is that of its key', () => {
  assert.equal(root.ca, true);
  assert.ok(root.verify(root.publicKey));
  const spki = root.publicKey.export({ type: 'spki', format: 'der' });
  assert.equal(authority.spkiSha256Base64, createHash('sha256').update(spki).digest('base64'));
});

test('a leaf chains to the root and holds names, addresses and validity as asked', () => {
  const names = ['xn--bitcingold-hcb.org', 'www.example.org', '45.1.2.3', '2001:db8::17'];
  const issued = authority.issue(leaf(names));
  const certificate = new X509Certificate(issued.der);
  assert.ok(certificate.checkIssued(root));
  assert.ok(certificate.verify(root.publicKey));
  assert.equal(certificate.ca, false);
  assert.equal(certificate.checkHost('www.example.org'), 'www.example.org');
  assert.equal(certificate.checkHost('other.example.org'), undefined);
  assert.equal(certificate.checkIP('45.1.2.3'), '45.1.2.3');
  assert.equal(certificate.checkIP('2001:db8::17'), '2001:db8::17');
  assert.equal(certificate.validFromDate.toISOString(), '2026-01-02T03:04:05.000Z');
  assert.equal(certificate.validToDate.toISOString(), '2051-06-07T08:09:10.000Z');
  assert.equal(issued.chainPem, issued.pem + authority.pem);
  assert.ok(certificate.checkPrivateKey(createPrivateKey(issued.keyPem)));
});

test('two leaves have different serials; a name too long for a common name is still an alternative name', () => {
  const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.example.org`;
  const [one, two] = [authority.issue(leaf([long])), authority.issue(leaf([long]))].map(
    (issued) => new X509Certificate(issued.der),
  );
  assert.notEqual(one!.serialNumber, two!.serialNumber);
  assert.equal(one!.checkHost(long), long);
});

test('a self-signed leaf verifies with its own key and not with the root', () => {
  const certificate = new X509Certificate(authority.selfSign(leaf(['self.example'])).der);
  assert.ok(certificate.verify(certificate.publicKey));
  assert.equal(certificate.checkIssued(root), false);
});
