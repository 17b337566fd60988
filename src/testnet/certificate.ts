import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import { isIP } from 'node:net';
import * as der from './der.ts';

/** A certificate with the key that it certifies. */
export interface Certificate {
  readonly der: Uint8Array;
  readonly pem: string;
  /** The certificates to send, leaf first. */
  readonly chainPem: string;
  readonly keyPem: string;
}

export interface LeafRequest {
  /** ASCII names or IP addresses; the first is the common name as well. */
  readonly names: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly organization?: string;
}

/** A root made at run time. Its key never leaves memory. */
export interface CertificateAuthority {
  readonly der: Uint8Array;
  readonly pem: string;
  /** Base64 SHA-256 of the root's SubjectPublicKeyInfo, as Chromium's `--ignore-certificate-errors-spki-list` takes it. */
  readonly spkiSha256Base64: string;
  /**
   * A leaf signed by this root. With `withRoot` the root is part of the chain sent: a browser told to trust the root's
   * key only finds it there, and then overlooks every other fault of the chain.
   */
  issue(leaf: LeafRequest, options?: { withRoot?: boolean }): Certificate;
  /** A leaf signed by its own key. */
  selfSign(leaf: LeafRequest): Certificate;
}

const DAY_MS = 86_400_000;
const ECDSA_WITH_SHA256 = der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2'));

interface KeyPair {
  readonly privateKey: KeyObject;
  readonly spki: Uint8Array;
  /** Key identifier: SHA-1 of the public key (RFC 5280 §4.2.1.2, method 1 over the SPKI). */
  readonly id: Uint8Array;
}

/** Makes a root (ECDSA P-256, RFC 5280 profile) that is valid for ten years either side of now. */
export function createCertificateAuthority(commonName = 'Adit Test Internet Root'): CertificateAuthority {
  const root = makeKeyPair();
  const name = distinguishedName(commonName, 'Adit Test Internet');
  const rootDer = signed(root.privateKey, {
    issuer: name,
    subject: name,
    spki: root.spki,
    notBefore: new Date(Date.now() - 3650 * DAY_MS),
    notAfter: new Date(Date.now() + 3650 * DAY_MS),
    extensions: [
      extension('2.5.29.19', der.sequence(der.TRUE), true), // basicConstraints: CA
      extension('2.5.29.15', der.bitString(Uint8Array.of(0b0000_0110), 1), true), // keyUsage: certificates and CRLs
      extension('2.5.29.14', der.octetString(root.id)), // subjectKeyIdentifier
    ],
  });
  const rootPem = toPem(rootDer);
  const leafKeys = makeKeyPair(); // one key for all leaves: making keys is what costs
  return {
    der: rootDer,
    pem: rootPem,
    spkiSha256Base64: createHash('sha256').update(root.spki).digest('base64'),
    issue: (leaf, { withRoot = true } = {}) => {
      const leafDer = signLeaf(leaf, { issuer: name, issuerKeys: root, subjectKeys: leafKeys });
      return toCertificate(leafDer, leafKeys, withRoot ? rootPem : '');
    },
    selfSign: (leaf) => {
      const keys = makeKeyPair();
      const issuer = distinguishedName(leaf.names[0] ?? '', leaf.organization);
      return toCertificate(signLeaf(leaf, { issuer, issuerKeys: keys, subjectKeys: keys }), keys, '');
    },
  };
}

function signLeaf(
  leaf: LeafRequest,
  { issuer, issuerKeys, subjectKeys }: { issuer: Uint8Array; issuerKeys: KeyPair; subjectKeys: KeyPair },
): Uint8Array {
  return signed(issuerKeys.privateKey, {
    issuer,
    subject: distinguishedName(leaf.names[0] ?? '', leaf.organization),
    spki: subjectKeys.spki,
    notBefore: leaf.notBefore,
    notAfter: leaf.notAfter,
    extensions: [
      extension('2.5.29.17', der.sequence(...leaf.names.map(generalName))), // subjectAltName
      extension('2.5.29.19', der.sequence(), true), // basicConstraints: no CA
      extension('2.5.29.15', der.bitString(Uint8Array.of(0b1000_0000), 7), true), // keyUsage: digitalSignature
      extension('2.5.29.37', der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.3.1'))), // extKeyUsage: serverAuth
      extension('2.5.29.35', der.sequence(der.tagged(0x80, issuerKeys.id))), // authorityKeyIdentifier
    ],
  });
}

interface TbsCertificate {
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Uint8Array[];
}

/** TBSCertificate and Certificate of RFC 5280 §4.1, version 3. */
function signed(key: KeyObject, content: TbsCertificate): Uint8Array {
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x7f) | 0x40; // positive and of full length
  const tbs = der.sequence(
    der.tagged(0xa0, der.integer(Uint8Array.of(2))),
    der.integer(serial),
    ECDSA_WITH_SHA256,
    content.issuer,
    der.sequence(der.time(content.notBefore), der.time(content.notAfter)),
    content.subject,
    content.spki,
    der.tagged(0xa3, der.sequence(...content.extensions)),
  );
  return der.sequence(tbs, ECDSA_WITH_SHA256, der.bitString(sign('sha256', tbs, key)));
}

function extension(oid: string, value: Uint8Array, isCritical = false): Uint8Array {
  const criticality = isCritical ? [der.TRUE] : [];
  return der.sequence(der.objectIdentifier(oid), ...criticality, der.octetString(value));
}

function distinguishedName(commonName: string, organization?: string): Uint8Array {
  const attribute = (oid: string, text: string) =>
    der.set(der.sequence(der.objectIdentifier(oid), der.utf8String(text)));
  const parts: Uint8Array[] = [];
  if (organization !== undefined) parts.push(attribute('2.5.4.10', organization));
  if (commonName.length <= 64) parts.push(attribute('2.5.4.3', commonName)); // ub-common-name of RFC 5280
  return der.sequence(...parts);
}

function generalName(name: string): Uint8Array {
  if (isIP(name) === 0) return der.tagged(0x82, Buffer.from(name, 'latin1'));
  return der.tagged(0x87, isIP(name) === 4 ? Uint8Array.from(name.split('.').map(Number)) : ipv6Bytes(name));
}

function ipv6Bytes(address: string): Uint8Array {
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)));
  const [left, right] = [groups(head), groups(tail ?? '')];
  const all = [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

function makeKeyPair(): KeyPair {
  const pair = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const spki = new Uint8Array(pair.publicKey);
  return {
    privateKey: createPrivateKey(pair.privateKey),
    spki,
    id: createHash('sha1').update(spki).digest(),
  };
}

function toCertificate(leafDer: Uint8Array, keys: KeyPair, restOfChain: string): Certificate {
  const pem = toPem(leafDer);
  return {
    der: leafDer,
    pem,
    chainPem: pem + restOfChain,
    keyPem: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function toPem(bytes: Uint8Array): string {
  const base64 = Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}
