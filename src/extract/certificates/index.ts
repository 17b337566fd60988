/**
 * Certificates: which host presented which certificate (`leaf`, `intermediate`, `root`), and which hosts a presented
 * leaf names (`SAN`), whether or not they were visited. The target is the certificate's SHA-256.
 */
import { hostOfUrl, type Observation } from '#model';
import type { ExtractContext } from '../context.ts';
import { parseCertificate, type Certificate } from './parse-certificate.ts';

export { parseCertificate } from './parse-certificate.ts';

/** Observations of the dataset `certificates`. */
export function certificates(context: ExtractContext): Observation[] {
  const { capture, reader } = context;
  const known = new Map<string, Certificate>();
  for (const { der } of capture.certificates) {
    const bytes = reader.attachment(der);
    const certificate = bytes === undefined ? undefined : parseCertificate(bytes);
    if (certificate !== undefined) known.set(certificate.sha256, certificate);
  }
  const observations: Observation[] = [];
  const seen = new Set<string>();
  const add = (source: string, label: string, certificate: Certificate, exchange: number): void => {
    const key = `${source} ${label} ${certificate.sha256}`;
    if (seen.has(key)) return;
    seen.add(key);
    const { sha256: target, subject, issuer, notBefore, notAfter, serial, sha1 } = certificate;
    const detail = { subject, issuer, notBefore, notAfter, serial, sha1 };
    observations.push(
      context.observe('certificates', { source, label, target, detail, evidence: { exchange } }),
    );
  };
  for (const { id, url, tls } of capture.exchanges) {
    const host = hostOfUrl(url);
    if (host === undefined || tls === undefined) continue;
    tls.chain.forEach((sha256, position) => {
      const certificate = known.get(sha256);
      if (certificate === undefined) return;
      add(host, roleOf(certificate, position), certificate, id);
      if (position === 0) for (const name of certificate.names) add(name, 'SAN', certificate, id);
    });
  }
  return observations;
}

function roleOf({ isSelfIssued }: Certificate, position: number): string {
  if (position === 0) return 'leaf';
  return isSelfIssued ? 'root' : 'intermediate';
}
