import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';

/** Certificates of a chain that are looked at; a server may send any number. */
const MAX_CHAIN = 10;

/**
 * Why a careful client would not trust the certificates that a server presented for `host` at the instant `at`, in one
 * phrase; undefined where it would. Checked: validity, name (RFC 9525, SAN only), and a path of signatures over CA
 * certificates to a known root (Node's, and `extraRoots` in PEM). Not checked: revocation, transparency, key usage,
 * name constraints. `chain` is DER as sent, leaf first. Never throws.
 */
export function judgeChain(
  chain: readonly Uint8Array[],
  host: string,
  at: Date,
  extraRoots: readonly string[] = [],
): string | undefined {
  const [leaf, ...others] = chain.slice(0, MAX_CHAIN).map(parseCertificate);
  if (leaf === undefined) return chain.length === 0 ? 'no certificate' : 'malformed certificate';
  return (
    judgeValidity(leaf, at, 'certificate') ??
    judgeName(leaf, host) ??
    judgePath(
      leaf,
      others.filter((other) => other !== undefined),
      at,
      extraRoots,
    )
  );
}

function judgeValidity(certificate: X509Certificate, at: Date, what: string): string | undefined {
  if (at < certificate.validFromDate)
    return `${what} not valid before ${certificate.validFromDate.toISOString()}`;
  return at > certificate.validToDate
    ? `${what} expired ${certificate.validToDate.toISOString()}`
    : undefined;
}

function judgeName(leaf: X509Certificate, host: string): string | undefined {
  const isNamed = isIP(host) === 0 ? leaf.checkHost(host, { subject: 'never' }) : leaf.checkIP(host);
  return isNamed === undefined ? `certificate is not for ${host}` : undefined;
}

/** Looks for a way up, as servers send certificates in any order, crossed or missing. Each is used once at most. */
function judgePath(
  certificate: X509Certificate,
  candidates: readonly X509Certificate[],
  at: Date,
  extraRoots: readonly string[],
): string | undefined {
  if (isRoot(certificate, extraRoots)) return undefined;
  const isSigned = (issuer: X509Certificate): boolean =>
    certificate.checkIssued(issuer) && isVerified(certificate, issuer);
  const root = rootsNamed(certificate.issuer, extraRoots).find(isSigned);
  if (root !== undefined) return judgeValidity(root, at, 'root certificate');
  let verdict: string | undefined;
  for (const issuer of candidates.filter((candidate) => candidate.ca && isSigned(candidate))) {
    const rest = candidates.filter((candidate) => candidate !== issuer);
    const found =
      judgeValidity(issuer, at, 'intermediate certificate') ?? judgePath(issuer, rest, at, extraRoots);
    if (found === undefined) return undefined;
    verdict ??= found;
  }
  if (verdict !== undefined) return verdict;
  const isSelfSigned = certificate.subject === certificate.issuer && isVerified(certificate, certificate);
  return isSelfSigned ? 'self-signed' : `unknown issuer ${oneLine(certificate.issuer)}`;
}

function isRoot(certificate: X509Certificate, extraRoots: readonly string[]): boolean {
  const roots = rootsNamed(certificate.subject, extraRoots);
  return roots.some((root) => root.fingerprint256 === certificate.fingerprint256);
}

function isVerified(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

/** Roots of this process by their subject; parsed once, when first asked for. */
let knownRoots: Map<string, X509Certificate[]> | undefined;

function rootsNamed(subject: string, extraRoots: readonly string[]): X509Certificate[] {
  knownRoots ??= Map.groupBy(parseRoots(rootCertificates), (root) => root.subject);
  const extra = parseRoots(extraRoots).filter((root) => root.subject === subject);
  return [...(knownRoots.get(subject) ?? []), ...extra];
}

function parseRoots(pems: readonly string[]): X509Certificate[] {
  return pems.map(parseCertificate).filter((root) => root !== undefined);
}

function parseCertificate(encoded: Uint8Array | string): X509Certificate | undefined {
  try {
    return new X509Certificate(encoded);
  } catch {
    return undefined;
  }
}

function oneLine(name: string | undefined): string {
  return (name ?? '').replaceAll(/\s*\n\s*/g, ', ').slice(0, 200);
}
