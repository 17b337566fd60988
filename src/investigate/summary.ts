import { isIpHost, parseHost, registrableDomain, toUnicodeHost, type Artifact, type Host } from '#model';
import type { DatasetCount, Edge, ObservationStore, StoredCapture } from '#store';

/** A statement on an artifact that is true or false, and what makes it so. */
export interface Insight {
  readonly id: string;
  readonly isTrue: boolean;
  readonly text: string;
}

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
export async function summarize(store: ObservationStore, artifact: Artifact): Promise<Summary> {
  const host = parseHost(artifact.value);
  const isHost = host !== undefined && ['host', 'domain', 'ip'].includes(artifact.type);
  const [counts, captures, imitations] = await Promise.all([
    store.counts(artifact.value),
    isHost ? store.captures({ host, limit: CAPTURES_SHOWN }) : [],
    isHost ? imitationsBy(store, host) : [],
  ]);
  const unicode = isHost ? toUnicodeHost(host) : artifact.value;
  return {
    artifact,
    ...(unicode !== artifact.value && { unicode }),
    counts,
    ...lifeSpan(counts),
    insights: isHost ? insightsOf(host, counts, captures, imitations) : [],
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

function imitationText({ source, target, label, detail }: Edge): string {
  const { level, characters, display } = detail;
  const letters = characters === undefined ? '' : `: ${characters}`;
  return `${display ?? source} imitates ${target} (${level}, ${label}${letters})`;
}

function insightsOf(
  host: Host,
  counts: readonly DatasetCount[],
  captures: readonly StoredCapture[],
  imitations: readonly Edge[],
): Insight[] {
  const edges = (dataset: DatasetCount['dataset'], direction: DatasetCount['direction']): number =>
    counts.find((count) => count.dataset === dataset && count.direction === direction)?.edges ?? 0;
  const isIdn = host.split('.').some((label) => label.startsWith('xn--'));
  const stamps = edges('mirror-stamps', 'forward');
  const copied = edges('mirror-stamps', 'reverse');
  const blocked = captures.filter(({ outcome }) => outcome === 'blocked').length;
  const domain = registrableDomain(host);
  return [
    {
      id: 'captured',
      isTrue: captures.length > 0,
      text:
        captures.length > 0 ? `Captured, last on ${captures[0]!.startedAt.slice(0, 10)}` : 'Never captured',
    },
    {
      id: 'idn',
      isTrue: isIdn,
      text: isIdn ? `Internationalised name: ${toUnicodeHost(host)}` : 'Plain ASCII name',
    },
    { id: 'address', isTrue: isIpHost(host), text: isIpHost(host) ? 'An IP address' : 'A name' },
    {
      id: 'subdomain',
      isTrue: domain !== undefined && domain !== host,
      text: domain === undefined || domain === host ? 'Not below another domain' : `Below ${domain}`,
    },
    {
      id: 'look-alike',
      isTrue: imitations.length > 0,
      text:
        imitations.length > 0
          ? imitations.map(imitationText).join('; ')
          : 'Imitates the name of no protected brand',
    },
    {
      id: 'imitated',
      isTrue: edges('look-alikes', 'reverse') > 0,
      text:
        edges('look-alikes', 'reverse') > 0
          ? `${edges('look-alikes', 'reverse')} names seen imitate it`
          : 'Not imitated by any name seen',
    },
    {
      id: 'mirror',
      isTrue: stamps > 0,
      text: stamps > 0 ? 'A page carries the stamp of a copying tool' : 'No stamp of a copying tool',
    },
    {
      id: 'mirrored',
      isTrue: copied > 0,
      text:
        copied > 0
          ? `${copied} hosts carry a stamp naming it as their source`
          : 'Not named as a source by any stamp',
    },
    {
      id: 'blocked',
      isTrue: blocked > 0,
      text: blocked > 0 ? `${blocked} of the last captures met a bot wall` : 'No bot wall met',
    },
  ];
}
