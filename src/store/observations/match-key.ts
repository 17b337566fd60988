import { hostArtifact, isIpHost, parseHost, reverseLabels, type Artifact, type ArtifactType } from '#model';

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

/** What the keys of one kind begin with: nothing, of hosts, or `~type~`. Keys of one kind lie together. */
export type KeySpace = '' | `~${ArtifactType}~`;
export const HOST_KEYS = '';

export function keySpaceOf(key: MatchKey): KeySpace {
  return (/^~[a-z]+~/.exec(key)?.[0] ?? HOST_KEYS) as KeySpace; // written by matchKeyOf and the store
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
