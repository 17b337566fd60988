import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Artifact } from '#model';
import { leftOutText, pathText, select, type Publication, type PublishedArtifact } from './publication.ts';

/** Namespace of our identifiers (RFC 9562, version 5), so that publishing again updates instead of doubling. */
const NAMESPACE = 'b2f6a1de-5c0a-5c5f-9a52-7f6d5c1e8a90';

/** STIX 2.1 bundle: a report with one indicator an artifact; the path stands in each indicator's description. */
export function toStix(publication: Publication): object {
  const { published, omitted } = select(publication);
  const { project, publishedAt } = publication;
  const created = project.createdAt.toISOString();
  const modified = publishedAt.toISOString();
  const identity = {
    type: 'identity',
    spec_version: '2.1',
    id: idOf('identity', 'adit'),
    created,
    modified,
    name: 'Adit',
    identity_class: 'system',
  };
  const indicators: object[] = [];
  const without: string[] = [];
  for (const artifact of published) {
    const pattern = patternOf(artifact);
    if (pattern === undefined) without.push(artifact.type);
    else
      indicators.push(
        indicatorOf(artifact, { pattern, project: project.id, identity: identity.id, created, modified }),
      );
  }
  const noPattern =
    without.length === 0
      ? []
      : [`${without.length} of kinds that STIX patterns cannot name (${[...new Set(without)].join(', ')})`];
  const report = {
    type: 'report',
    spec_version: '2.1',
    id: idOf('report', project.id),
    created_by_ref: identity.id,
    created,
    modified,
    name: project.name,
    description: [project.description, project.notes, leftOutText([...omitted, ...noPattern])]
      .filter((text) => text !== '')
      .join('\n\n'),
    report_types: ['indicator'],
    ...(project.tags.length > 0 && { labels: project.tags }),
    published: modified,
    object_refs: [identity.id, ...indicators.map((indicator) => (indicator as { id: string }).id)], // made by indicatorOf
  };
  return {
    type: 'bundle',
    id: idOf('bundle', `${project.id} ${modified}`),
    objects: [identity, report, ...indicators],
  };
}

function indicatorOf(
  artifact: PublishedArtifact,
  context: { pattern: string; project: string; identity: string; created: string; modified: string },
): object {
  const { pattern, project, identity, created, modified } = context;
  const isConfirmed = artifact.status === 'confirmed';
  const path = pathText(artifact.path);
  const description = [artifact.reason, path === '' ? '' : `Found by: ${path}`, artifact.notes]
    .filter((text) => text !== '')
    .join('\n');
  return {
    type: 'indicator',
    spec_version: '2.1',
    id: idOf('indicator', `${project} ${artifact.type} ${artifact.value}`),
    created_by_ref: identity,
    created: artifact.addedAt.toISOString() < created ? created : artifact.addedAt.toISOString(),
    modified,
    name: artifact.value,
    ...(description !== '' && { description }),
    indicator_types: [
      isConfirmed ? 'malicious-activity' : artifact.status === 'dismissed' ? 'benign' : 'anomalous-activity',
    ],
    pattern,
    pattern_type: 'stix',
    pattern_version: '2.1',
    valid_from: artifact.firstSeen ?? artifact.addedAt.toISOString(),
    labels: [artifact.status, ...artifact.tags],
    confidence: isConfirmed ? 85 : 40,
  };
}

/** The STIX pattern of an artifact; undefined for kinds that patterns have no object for. */
function patternOf({ type, value }: Artifact): string | undefined {
  const text = quote(value);
  switch (type) {
    case 'host':
    case 'domain':
      return `[domain-name:value = ${text}]`;
    case 'ip':
      return isIP(value) === 6 ? `[ipv6-addr:value = ${text}]` : `[ipv4-addr:value = ${text}]`;
    case 'url':
      return `[url:value = ${text}]`;
    case 'mail':
      return `[email-addr:value = ${text}]`;
    case 'hash':
      return `[file:hashes.'${value.length === 32 ? 'MD5' : value.length === 40 ? 'SHA-1' : 'SHA-256'}' = ${text}]`;
    case 'certificate':
      return `[x509-certificate:hashes.'SHA-256' = ${text}]`;
    case 'tracker':
    case 'component':
    case 'cookie':
    case 'text':
      return undefined;
  }
}

/** A string of the pattern language (STIX 2.1 §9.2.2): backslash and quote escaped. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function idOf(type: string, name: string): string {
  const namespace = Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex');
  const hash = createHash('sha1').update(namespace).update(`${type} ${name}`).digest().subarray(0, 16);
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return `${type}--${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
