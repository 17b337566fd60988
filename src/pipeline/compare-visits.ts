import { comparePersonas, type CloakingReport } from '#crawl';
import type { CaptureReader, DatasetId, Observation } from '#model';

/** What two visits of one address were shown. */
export interface VisitChanges extends Pick<CloakingReport, 'differences' | 'inconclusive'> {
  readonly datasets: readonly DatasetChange[];
}

/** Observations of one dataset that only one of two visits shows. */
export interface DatasetChange {
  readonly dataset: DatasetId;
  readonly appeared: readonly ObservedPair[];
  readonly vanished: readonly ObservedPair[];
  readonly isCut: boolean;
}

type ObservedPair = Pick<Observation, 'source' | 'label' | 'target'>;

interface Visit {
  readonly reader: CaptureReader;
  readonly observations: readonly Observation[];
}

const MAX_LISTED = 100;

/** Compares two visits of one address, by other personas or at other times. */
export function compareVisits(since: Visit, now: Visit): VisitChanges {
  const { differences, inconclusive } = comparePersonas([since.reader, now.reader]);
  const before = keyed(since.observations);
  const after = keyed(now.observations);
  const datasets = new Set([...since.observations, ...now.observations].map(({ dataset }) => dataset));
  return {
    differences,
    inconclusive,
    datasets: [...datasets].flatMap((dataset) => {
      const appeared = only(dataset, after, before);
      const vanished = only(dataset, before, after);
      if (appeared.length + vanished.length === 0) return [];
      return {
        dataset,
        appeared: appeared.slice(0, MAX_LISTED),
        vanished: vanished.slice(0, MAX_LISTED),
        isCut: Math.max(appeared.length, vanished.length) > MAX_LISTED,
      };
    }),
  };
}

function keyed(observations: readonly Observation[]): Map<string, Observation> {
  return new Map(
    observations.map((observation) => {
      const { dataset, source, label, target } = observation;
      return [JSON.stringify([dataset, source, label, target]), observation];
    }),
  );
}

function only(
  dataset: DatasetId,
  of: ReadonlyMap<string, Observation>,
  not: ReadonlyMap<string, Observation>,
): ObservedPair[] {
  const pairs: ObservedPair[] = [];
  for (const [key, { source, label, target, ...rest }] of of)
    if (rest.dataset === dataset && !not.has(key)) pairs.push({ source, label, target });
  return pairs;
}
