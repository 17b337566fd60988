import { registrableDomain } from '#model';
import { BANDINGS, BAND_COUNT, bandKeys, NO_KEY } from './bands.ts';
import { PACKED_BYTES, packSketch, roomForSets, unpackSketch } from './pack.ts';
import { signPage, type PageProfile, type PageSignature } from './page.ts';

/** A signature as a store keeps it. */
export interface KeptSignature {
  /** Hash of the registrable domain: the pages of one lie together. */
  readonly domain: number;
  /** Hash of the host and the sketch: the same page seen again is the same. */
  readonly page: number;
  /** Band keys. */
  readonly keys: readonly number[];
  /** `packSketch`, Base64. */
  readonly sketch: string;
  /** The rest of the profile, JSON. */
  readonly profile: string;
}

/**
 * Of each banding, how many bands are kept: a row each. What is found later may be found a little less surely than in the
 * stream: of the pages that share a fifth of their text 80 % instead of 93 %.
 */
const KEPT_BANDS: Readonly<Record<string, number>> = {
  text: 40,
  words: 28,
  paths: 16,
  files: 20,
  classes: 12,
};
const MAX_LISTED = 50;
const MAX_PROFILE = 16 * 1024;

const KEPT = BANDINGS.reduce<{ at: number; kept: number[] }>(
  ({ at, kept }, { kind, bands }) => ({
    at: at + bands,
    kept: [...kept, ...Array.from({ length: KEPT_BANDS[kind] ?? 0 }, (_, band) => at + band)],
  }),
  { at: 0, kept: [] },
).kept;

/** The keys by which a page is looked up, and those of them of which one alone is worth a look: those of its text. */
export function keptKeys({ keys }: Pick<PageSignature, 'keys'>): { keys: number[]; tellingKeys: number[] } {
  return { keys: keysAmong(keys, KEPT.length), tellingKeys: keysAmong(keys, KEPT_BANDS['text']!) };
}

/** The first of the kept keys, those that the page has. */
function keysAmong(keys: Uint32Array, count: number): number[] {
  const found: number[] = [];
  for (let at = 0; at < count; at++) {
    const key = keys[KEPT[at]!]!;
    if (key !== NO_KEY) found.push(key);
  }
  return found;
}

// Room for the page at hand: a page is kept without any of its own, which would take longer than all else.
const packed = Buffer.alloc(PACKED_BYTES);
const sets = roomForSets();
const allKeys = new Uint32Array(BAND_COUNT);

/** What is kept of a page, signed or not. */
export function keepSignature({
  url,
  host,
  sketch,
  loads,
  claims,
  stamps,
  ids,
  favicon,
}: PageProfile): KeptSignature {
  const keys = bandKeys(packSketch(sketch, packed, sets), allKeys);
  const rest = {
    url,
    host,
    loads: loads.slice(0, MAX_LISTED),
    claims: claims.slice(0, MAX_LISTED),
    stamps: stamps.slice(0, MAX_LISTED),
    ids: ids.slice(0, MAX_LISTED),
    favicon,
  };
  const profile = JSON.stringify(rest);
  return {
    domain: domainHash(host),
    page: hashEnd(hashBytes(hashText(`${host}\0`), packed)),
    keys: keysAmong(keys, KEPT.length),
    sketch: packed.toString('base64'),
    profile:
      profile.length > MAX_PROFILE ? JSON.stringify({ ...rest, claims: [], stamps: [], ids: [] }) : profile,
  };
}

/** A kept signature, opened again without its keys: enough for `judge`. Undefined where it is of another version. */
export function openProfile({
  sketch,
  profile,
}: Pick<KeptSignature, 'sketch' | 'profile'>): PageProfile | undefined {
  const unpacked = unpackSketch(Buffer.from(sketch, 'base64'));
  if (unpacked === undefined) return undefined;
  const rest = JSON.parse(profile) as Omit<PageProfile, 'sketch'>; // written by keepSignature alone
  return { ...rest, sketch: unpacked };
}

/** A kept signature, opened again; undefined where it is of another version. */
export function openSignature(kept: Pick<KeptSignature, 'sketch' | 'profile'>): PageSignature | undefined {
  const profile = openProfile(kept);
  return profile === undefined ? undefined : signPage(profile);
}

/** By what the pages of a host's registrable domain are kept together. */
export const domainHash = (host: PageProfile['host']): number =>
  hashEnd(hashText(registrableDomain(host) ?? host));

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return hash;
}

function hashBytes(before: number, bytes: Uint8Array): number {
  let hash = before;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 16777619);
  return hash;
}

function hashEnd(before: number): number {
  let hash = Math.imul(before ^ (before >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
