import { hostArtifact, isIpHost, parseHost, reverseLabels, type Artifact } from '#model';

/**
 * Values as answers are ordered: a host with its labels reversed, anything else as `~type~value`, so that hosts come
 * first.
 */
export type MatchKey = string;

/** The key of an artifact among the answers of a match. */
export function matchKeyOf({ type, value }: Artifact): MatchKey {
  const host = type === 'host' || type === 'domain' || type === 'ip' ? parseHost(value) : undefined;
  return host === undefined ? `~${type}~${value}` : reverseLabels(host);
}

/** The artifact behind a key. */
export function artifactOfKey(key: MatchKey): Artifact {
  const [, type, value] = /^~([a-z]+)~([^]*)$/.exec(key) ?? [];
  if (value !== undefined) return { type: type as Artifact['type'], value }; // written by matchKeyOf and the store
  const host = parseHost(key);
  return hostArtifact(host !== undefined && isIpHost(host) ? host : key.split('.').reverse().join('.'));
}

/** The order of keys, which is that of their bytes. */
export function compareKeys(a: MatchKey, b: MatchKey): number {
  if (a === b) return 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
