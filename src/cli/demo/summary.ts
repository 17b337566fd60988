import { relative } from 'node:path';
import { openBundle } from '#archive';
import { downloadChains, type ChainLink } from '#extract';
import { hostOfUrl, isWithin, parseHost, type Host, type Observation } from '#model';
import type { KeptCapture } from '#pipeline';
import type { NamedCopy } from './copies.ts';
import type { Investigation } from './investigation.ts';
import type { NamedLookalike } from './lookalikes.ts';

/** What `adit demo --json` prints. */
export interface DemoSummary extends Sightings, Investigation {
  /** Found by name alone once the brands were protected, which was after the visits. */
  readonly lookalikes: readonly NamedLookalike[];
  /** Pages found to copy the brands', by their contents. */
  readonly copies: readonly NamedCopy[];
  readonly seconds: number;
}

/** What the captures show by themselves. */
export interface Sightings {
  readonly captures: readonly {
    readonly url: string;
    readonly host: string;
    readonly outcome: string;
    readonly bundle: string;
  }[];
  /** Genuine host → hosts that lead to it, its own domain left out. */
  readonly parents: Readonly<Record<string, readonly string[]>>;
  readonly downloads: readonly {
    readonly host: string;
    readonly url: string;
    readonly sha256: string;
    readonly steps: readonly ChainLink[];
  }[];
  readonly mirrorStamps: readonly {
    readonly host: string;
    readonly tool: string;
    readonly source: string;
    readonly copiedAt: string | undefined;
  }[];
}

/** The pairs in which another host leads to `child` (or below it). */
export function foreignParents(observations: readonly Observation[], child: Host): Observation[] {
  return observations.filter(({ dataset, source, target }) => {
    const [from, to] = [parseHost(source), parseHost(target)];
    return (
      dataset === 'host-pairs' &&
      from !== undefined &&
      to !== undefined &&
      isWithin(to, child) &&
      !isWithin(from, child)
    );
  });
}

/** Reads from the bundles on disk what the captures show; bundle paths are relative to the working directory. */
export async function summarise(kept: readonly KeptCapture[], genuine: readonly Host[]): Promise<Sightings> {
  const observations = kept.flatMap((each) => each.observations);
  const parentsOf = (host: Host): string[] =>
    [...new Set(foreignParents(observations, host).map(({ source }) => source))].sort();
  return {
    captures: kept.map(({ capture, bundle }) => ({
      url: capture.url,
      host: hostOfUrl(capture.url) ?? '',
      outcome: capture.outcome.kind,
      bundle: relative(process.cwd(), bundle),
    })),
    parents: Object.fromEntries(genuine.map((host) => [host, parentsOf(host)])),
    downloads: firstOfEach(
      (await Promise.all(kept.map(downloadsOf))).flat(),
      ({ host, url, sha256 }) => `${host} ${url} ${sha256}`,
    ),
    mirrorStamps: firstOfEach(
      observations
        .filter(({ dataset }) => dataset === 'mirror-stamps')
        .map(({ source, label, target, detail }) => ({
          host: source,
          tool: label,
          source: target,
          copiedAt: typeof detail['copiedAt'] === 'string' ? detail['copiedAt'] : undefined,
        })),
      ({ host, tool, source, copiedAt }) => `${host} ${tool} ${source} ${copiedAt}`,
    ),
  };
}

/** What several captures show alike is told once, as the first shows it. */
function firstOfEach<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...Map.groupBy(items, keyOf).values()].map(([first]) => first!);
}

async function downloadsOf({ bundle }: KeptCapture): Promise<Sightings['downloads'][number][]> {
  await using reader = await openBundle(bundle);
  return downloadChains(reader).flatMap(({ download, host, links }) =>
    download.file === undefined
      ? []
      : [{ host, url: download.url, sha256: download.file.sha256, steps: links }],
  );
}
