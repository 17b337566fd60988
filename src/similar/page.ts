import type { Host, PageSketch } from '#model';
import { bandKeys } from './bands.ts';
import { rounded } from './pack.ts';

/** What a page says of where it comes from, or takes things from. */
export interface PageProfile {
  readonly url: string;
  readonly host: Host;
  readonly sketch: PageSketch;
  /** Hosts from which the page loads stylesheets, scripts, images and the rest, each once a kind. */
  readonly loads: readonly HostLoads[];
  /** Other hosts that the page calls its own address: canonical, og:url, JSON-LD, base, where its forms lead. */
  readonly claims: readonly HostClaim[];
  /** What copying tools left. */
  readonly stamps: readonly PageStamp[];
  /** Identifiers of an operator: analytics ids, pixels, keys. */
  readonly ids: readonly string[];
  /** SHA-256 of the icon. */
  readonly favicon?: string | undefined;
  readonly picture?: Picture | undefined;
}

export interface HostLoads {
  readonly host: Host;
  readonly kind: 'style' | 'script' | 'image' | 'other';
  readonly count: number;
}

export interface HostClaim {
  readonly kind: 'canonical' | 'og:url' | 'json-ld' | 'base' | 'form';
  readonly host: Host;
}

export interface PageStamp {
  readonly tool: string;
  readonly sourceHost: Host;
  readonly sourceUrl?: string | undefined;
  /** RFC 3339. */
  readonly copiedAt?: string | undefined;
}

/** What a screenshot looks like: 64-bit hashes of the whole, and of strips from the top. See `pictureOf`. */
export interface Picture {
  readonly gradient: bigint;
  readonly spectrum: bigint;
  readonly strips: readonly bigint[];
}

/** A page with its band keys: what the percolator and the store work with. */
export interface PageSignature extends PageProfile {
  readonly keys: Uint32Array;
}

/** Signs a page. Its sketch is rounded as keeping it would, so that pages from everywhere compare alike. */
export function signPage<Profile extends PageProfile>(profile: Profile): Profile & PageSignature {
  const sketch = rounded(profile.sketch);
  return { ...profile, sketch, keys: bandKeys(sketch) };
}
