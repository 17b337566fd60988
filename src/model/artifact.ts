import { DATASETS, type ArtifactType, type DatasetId } from './dataset.ts';
import { isIpHost, parseHost, registrableDomain } from './host.ts';
import { parseUrl, refang } from './url.ts';

/** Anything one can look up: a value with its kind. */
export interface Artifact {
  readonly type: ArtifactType;
  readonly value: string;
}

const MAIL_ADDRESS = /^[^\s@<>"]{1,64}@([^\s@<>"]{1,253})$/;

/**
 * Text as people paste it → an artifact: host (Unicode or Punycode), IP address, URL, mail address, file hash; defanged
 * spellings too. A registrable domain is a `domain`, a name below one a `host`. What is none of these is looked up as it
 * stands, as `text`. Undefined for empty text.
 */
export function parseArtifact(text: string): Artifact | undefined {
  const plain = refang(text.trim());
  if (plain === '' || plain.length > 4_096) return undefined;
  if (/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(plain))
    return { type: 'hash', value: plain.toLowerCase() };
  if (/^[a-z]+:\/\//i.test(plain)) {
    const url = parseUrl(plain);
    return url === undefined ? { type: 'text', value: plain } : { type: 'url', value: url };
  }
  const mail = MAIL_ADDRESS.exec(plain);
  const mailHost = mail === null ? undefined : parseHost(mail[1]!);
  if (mailHost !== undefined)
    return { type: 'mail', value: `${plain.slice(0, plain.lastIndexOf('@'))}@${mailHost}`.toLowerCase() };
  const host = parseHost(plain);
  if (host === undefined || (!host.includes('.') && !host.includes(':')))
    return { type: 'text', value: plain };
  return hostArtifact(host);
}

/** The artifact of a host: an IP address, a registrable domain, or a name below one; text where it is no host. */
export function hostArtifact(text: string): Artifact {
  const host = parseHost(text);
  if (host === undefined) return { type: 'text', value: text };
  if (isIpHost(host)) return { type: 'ip', value: host };
  return { type: registrableDomain(host) === host ? 'domain' : 'host', value: host };
}

/** The artifact on one side of an observation. */
export function sideArtifact(dataset: DatasetId, side: 'source' | 'target', value: string): Artifact {
  const type = side === 'source' ? DATASETS[dataset].sourceType : DATASETS[dataset].targetType;
  return type === 'host' || type === 'domain' || type === 'ip' ? hostArtifact(value) : { type, value };
}
