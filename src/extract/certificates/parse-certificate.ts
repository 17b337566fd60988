import { X509Certificate } from 'node:crypto';
import { parseHost, sha256, type Host, type Sha256 } from '#model';

/** An X.509 certificate as it was presented. */
export interface Certificate {
  readonly sha256: Sha256;
  readonly sha1: string;
  /** Distinguished names, most general part first, as `C=US, O=…, CN=…`. */
  readonly subject: string;
  readonly issuer: string;
  /** RFC 3339 UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Lower-case hexadecimal. */
  readonly serial: string;
  /** Hosts and addresses that it names, wildcards without their `*.`; each once. */
  readonly names: readonly Host[];
  readonly isSelfIssued: boolean;
}

const MAX_NAMES = 1_000;

/** DER bytes → what they say; undefined where they are no certificate. Never throws. */
export function parseCertificate(der: Uint8Array): Certificate | undefined {
  try {
    const parsed = new X509Certificate(der);
    const subject = oneLine(parsed.subject);
    const issuer = oneLine(parsed.issuer);
    return {
      sha256: sha256(der),
      sha1: parsed.fingerprint.replaceAll(':', '').toLowerCase(),
      subject,
      issuer,
      notBefore: parsed.validFromDate.toISOString(),
      notAfter: parsed.validToDate.toISOString(),
      serial: parsed.serialNumber.toLowerCase(),
      names: namesOf(parsed),
      isSelfIssued: subject === issuer,
    };
  } catch {
    return undefined; // no DER, or dates and names beyond what OpenSSL reads
  }
}

/** Node gives one part a line. */
const oneLine = (name: string | undefined): string => (name ?? '').split('\n').join(', ').slice(0, 2_048);

function namesOf({ subjectAltName, subject }: X509Certificate): readonly Host[] {
  const names = subjectAltName === undefined ? commonNames(subject) : alternativeNames(subjectAltName);
  const hosts = new Set<Host>();
  for (const name of names) {
    const host = parseHost(name.replace(/^\*\./, ''));
    if (host !== undefined && hosts.size < MAX_NAMES) hosts.add(host);
  }
  return [...hosts];
}

/** `DNS:example.org, IP Address:192.0.2.1, DNS:"odd, name"`: what could be mistaken for a separator stands in quotes. */
function alternativeNames(text: string): string[] {
  return [...text.matchAll(/(?:^|, )(DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(
    ([, , value]) => value!,
  );
}

/** Old certificates name their host only here. */
function commonNames(subject: string): string[] {
  return subject.split('\n').flatMap((part) => (part.startsWith('CN=') ? [part.slice(3)] : []));
}
