import { sha256 } from '#model';
import type { Host } from '#model';
import type { Site } from '../../site.ts';
import { hostNamed } from '../names.ts';
import type { Fake } from '../story.ts';
import type { Payload } from './operator.ts';

/** A fake with the site that plays it. */
export interface FakeSite extends Fake {
  readonly site: Site;
}

interface FakeParts {
  readonly site: Site;
  readonly brand: Host;
  readonly hotlinks: boolean;
  readonly inMail: Fake['inMail'];
  readonly functionName: string;
  /** Paths on the fake itself, or whole URLs. */
  readonly hops: readonly string[];
  readonly payload: Payload;
}

export function fake({ site, functionName, hops, payload, ...rest }: FakeParts): FakeSite {
  const url = `https://${site.host}/`;
  return {
    ...rest,
    site,
    host: hostNamed(site.host),
    url,
    download: {
      functionName,
      hops: hops.map((hop) => new URL(hop, url).href),
      fileName: payload.name,
      sha256: sha256(payload.bytes),
      sizeBytes: payload.bytes.length,
    },
  };
}
