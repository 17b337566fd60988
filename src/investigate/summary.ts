import { parseHost, toUnicodeHost, type Artifact, type Host } from '#model';
import type { DatasetCount, Edge, ObservationStore, StoredCapture } from '#store';
import { insightsOf, type Insight } from './insights.ts';

export interface Summary {
  readonly artifact: Artifact;
  /** Unicode form of a host, where it differs. */
  readonly unicode?: string;
  readonly counts: readonly DatasetCount[];
  readonly firstSeen?: string;
  readonly lastSeen?: string;
  readonly insights: readonly Insight[];
  /** Newest first, a few. */
  readonly captures: readonly StoredCapture[];
}

const CAPTURES_SHOWN = 10;

/** What is known of an artifact: how much in each dataset and direction, since when, and what stands out. */
export async function summarize(
  store: ObservationStore,
  artifact: Artifact,
  now = Date.now(),
): Promise<Summary> {
  const host = parseHost(artifact.value);
  const isHost = host !== undefined && ['host', 'domain', 'ip'].includes(artifact.type);
  const [counts, captures, imitations] = await Promise.all([
    store.counts(artifact.value),
    isHost
      ? store.captures({ host, limit: CAPTURES_SHOWN })
      : artifact.type === 'url'
        ? store.captures({ url: artifact.value, limit: CAPTURES_SHOWN })
        : [],
    isHost ? imitationsBy(store, host) : [],
  ]);
  const unicode = isHost ? toUnicodeHost(host) : artifact.value;
  return {
    artifact,
    ...(unicode !== artifact.value && { unicode }),
    counts,
    ...lifeSpan(counts),
    insights: isHost ? insightsOf({ host, counts, captures, imitations, now }) : [],
    captures,
  };
}

/** From the first to the last observation in any dataset and direction; empty where there is none. */
export function lifeSpan(counts: readonly DatasetCount[]): {
  readonly firstSeen?: string;
  readonly lastSeen?: string;
} {
  if (counts.length === 0) return {};
  return {
    firstSeen: counts.map(({ firstSeen }) => firstSeen).sort()[0]!,
    lastSeen: counts
      .map(({ lastSeen }) => lastSeen)
      .sort()
      .at(-1)!,
  };
}

const IMITATIONS_SHOWN = 3;

/** Brands that the name, or one below it, imitates: not those that are LOW. */
async function imitationsBy(store: ObservationStore, host: Host): Promise<readonly Edge[]> {
  const { edges } = await store.edges({
    dataset: 'look-alikes',
    direction: 'forward',
    value: host,
    limit: 100,
  });
  const sure = edges.filter(({ detail }) => detail['level'] !== 'LOW');
  const scoreOf = ({ detail }: Edge): number => Number(detail['score'] ?? 0);
  const byBrand = new Map(sure.sort((a, b) => scoreOf(a) - scoreOf(b)).map((edge) => [edge.target, edge]));
  return [...byBrand.values()].sort((a, b) => scoreOf(b) - scoreOf(a)).slice(0, IMITATIONS_SHOWN);
}
