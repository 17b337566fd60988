import { EMPTY_BUCKET, type Host, type PageSketch } from '#model';

/** Smallest hashes lie from 0 to here. */
const RANGE = 2 ** 25;

/** Tells how many hosts' pages hold a member, by its bucket and hash: 1 for most. */
export type HostCount = (kind: SetKind, bucket: number, hash: number) => number;

export type SetKind = 'text' | 'words' | 'paths' | 'tags' | 'classes' | 'files';

/** Share of members that two sets have in common (Jaccard), estimated from their buckets; 0 where one is empty. */
export function resemblance(left: Int32Array, right: Int32Array): number {
  let equal = 0;
  let used = 0;
  for (let bucket = 0; bucket < left.length; bucket++) {
    const a = left[bucket]!;
    const b = right[bucket]!;
    if (a !== EMPTY_BUCKET || b !== EMPTY_BUCKET) used++;
    if (a === b && a !== EMPTY_BUCKET) equal++;
  }
  return used === 0 ? 0 : equal / used;
}

/** The same where members count the less the more hosts have them: 1 / (1 + log₂ hosts). */
export function weightedResemblance(
  kind: SetKind,
  left: Int32Array,
  right: Int32Array,
  hosts: HostCount,
): number {
  let equal = 0;
  let used = 0;
  for (let bucket = 0; bucket < left.length; bucket++) {
    const a = left[bucket]!;
    const b = right[bucket]!;
    if (a === b && a !== EMPTY_BUCKET) {
      const weight = weightOf(hosts(kind, bucket, a));
      equal += weight;
      used += weight;
    } else {
      // Of two different smallest hashes, the smaller is the one that the union would keep.
      const least = Math.min(a, b);
      if (least !== EMPTY_BUCKET) used += weightOf(hosts(kind, bucket, least));
    }
  }
  return used === 0 ? 0 : equal / used;
}

/**
 * On how many hosts class and file names stand, among pages: what is a template's or a framework's stands on many. Of other kinds of
 * content it tells 1.
 */
export function hostsAmong(
  pages: readonly { readonly host: Host; readonly sketch: PageSketch }[],
): HostCount {
  const hosts = { classes: new Map<number, Set<Host>>(), files: new Map<number, Set<Host>>() };
  const keyOf = (bucket: number, hash: number): number => bucket * RANGE + hash;
  for (const { host, sketch } of pages) {
    for (const kind of ['classes', 'files'] as const) {
      for (const [bucket, hash] of sketch[kind].entries()) {
        if (hash === EMPTY_BUCKET) continue;
        const key = keyOf(bucket, hash);
        const own = hosts[kind].get(key);
        if (own === undefined) hosts[kind].set(key, new Set([host]));
        else own.add(host);
      }
    }
  }
  return (kind, bucket, hash) =>
    kind === 'classes' || kind === 'files' ? (hosts[kind].get(keyOf(bucket, hash))?.size ?? 1) : 1;
}

const weightOf = (hosts: number): number => 1 / (1 + Math.log2(Math.max(1, hosts)));

/** How many different members went into the buckets: linear counting while some are empty, else by how small the smallest are. */
export function cardinality(set: Int32Array): number {
  let empty = 0;
  let sum = 0;
  for (const value of set) {
    if (value === EMPTY_BUCKET) empty++;
    else sum += value;
  }
  const buckets = set.length;
  if (empty > buckets / 20) return Math.round(buckets * Math.log(buckets / empty));
  const mean = sum / (buckets - empty) / RANGE;
  return Math.round(buckets * (1 / Math.max(mean, 1e-9) - 1));
}

/** Share of the smaller set that the larger holds, from what they have in common and how many members each has. */
export function containment(jaccard: number, left: number, right: number): number {
  const smaller = Math.min(left, right);
  return smaller === 0 ? 0 : Math.min(1, (jaccard * (left + right)) / (1 + jaccard) / smaller);
}
