import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { CaptureFixture } from '../capture-fixture.ts';
import { openContext } from '../context.ts';
import { makeCertificate } from './certificate-fixture.ts';
import { certificates, parseCertificate } from './index.ts';

const hex = (algorithm: string, bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest('hex');

const leaf = makeCertificate({
  subject: { C: 'DE', O: 'Shop GmbH', CN: 'shop.example' },
  issuer: { O: 'Test CA', CN: 'Test Intermediate' },
  notBefore: '2017-11-01T00:00:00Z',
  notAfter: '2018-02-01T12:30:00Z',
  serial: '0a1b2c3d',
  dns: ['shop.example', '*.shop.example', 'xn--bcher-kva.example', 'not a host'],
  addresses: ['192.0.2.7'],
});
const intermediate = makeCertificate({
  subject: { CN: 'Test Intermediate' },
  issuer: { CN: 'Test Root' },
  notBefore: '2010-01-01T00:00:00Z',
  notAfter: '2030-01-01T00:00:00Z',
  serial: '02',
});
const root = makeCertificate({
  subject: { CN: 'Test Root' },
  notBefore: '2010-01-01T00:00:00Z',
  notAfter: '2040-01-01T00:00:00Z',
  serial: '01',
});

describe('parseCertificate', () => {
  it('reads names, validity, serial number and digests', () => {
    assert.deepEqual(parseCertificate(leaf), {
      sha256: hex('sha256', leaf),
      sha1: hex('sha1', leaf),
      subject: 'C=DE, O=Shop GmbH, CN=shop.example',
      issuer: 'O=Test CA, CN=Test Intermediate',
      notBefore: '2017-11-01T00:00:00.000Z',
      notAfter: '2018-02-01T12:30:00.000Z',
      serial: '0a1b2c3d',
      names: ['shop.example', 'xn--bcher-kva.example', '192.0.2.7'],
      isSelfIssued: false,
    });
  });

  it('takes the common name where there are no alternative names', () => {
    const old = makeCertificate({
      subject: { CN: 'old.example' },
      notBefore: '2005-01-01T00:00:00Z',
      notAfter: '2006-01-01T00:00:00Z',
      serial: '05',
    });
    assert.deepEqual(parseCertificate(old)?.names, ['old.example']);
  });

  it('is not misled by separators inside a name', () => {
    const odd = makeCertificate({
      subject: { CN: 'x' },
      notBefore: '2017-01-01T00:00:00Z',
      notAfter: '2018-01-01T00:00:00Z',
      serial: '06',
      dns: ['a.example, DNS:bank.example', 'b.example'],
    });
    assert.deepEqual(parseCertificate(odd)?.names, ['b.example']);
  });

  it('never throws on bytes that are none', () => {
    for (const bytes of [
      new Uint8Array(),
      Buffer.from('-----BEGIN'),
      leaf.subarray(0, 100),
      new Uint8Array(5_000),
    ]) {
      assert.equal(parseCertificate(bytes), undefined);
    }
  });
});

describe('certificates of a capture', () => {
  const fixture = new CaptureFixture('https://shop.example/');
  const chain = [leaf, intermediate, root].map((der) => hex('sha256', der));
  const tls = { version: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', isResumed: false, chain };
  fixture.exchange({ url: 'https://shop.example/', tls, body: '<html></html>' });
  fixture.exchange({ url: 'https://shop.example/app.js', tls, body: '1' });
  fixture.exchange({ url: 'https://cdn.example/', tls: { ...tls, chain: [chain[0]!, 'f'.repeat(64)] } });
  fixture.set({
    certificates: [leaf, intermediate, root].map((der) => {
      const sha256 = hex('sha256', der);
      fixture.attachment(`adit/certificates/${sha256}.der`, der);
      return { sha256, der: `adit/certificates/${sha256}.der` };
    }),
  });
  const found = certificates(openContext(fixture.reader()));

  it('say who presented which, in which role, and whom the leaf names', () => {
    assert.deepEqual(
      found.map(({ source, label, target }) => `${source} ${label} ${chain.indexOf(target)}`),
      [
        'shop.example leaf 0',
        'shop.example SAN 0',
        'xn--bcher-kva.example SAN 0',
        '192.0.2.7 SAN 0',
        'shop.example intermediate 1',
        'shop.example root 2',
        'cdn.example leaf 0',
      ],
    );
    assert.deepEqual(found[0]!.evidence, { exchange: 0 });
    assert.equal(found[0]!.detail['serial'], '0a1b2c3d');
    assert.equal(found[0]!.detail['sha1'], hex('sha1', leaf));
  });
});
