import { DATASETS, type DatasetId } from '#model';

/**
 * How much sharing a value of the dataset says of a common operator, from 0 (nothing) to 1, before its rarity is counted.
 * Identifiers that an operator must hold weigh most; software that anybody installs weighs next to nothing.
 */
const BY_DATASET: Readonly<Record<DatasetId, number>> = {
  'host-pairs': 0.6,
  resolutions: 0.6,
  trackers: 1,
  components: 0.05,
  cookies: 0.1,
  certificates: 1,
  files: 0.8,
  'mirror-stamps': 1,
  'look-alikes': 1,
  copies: 1,
  registration: 0.8,
  fingerprints: 0.5,
  mentions: 0.8,
};

/** Labels that say more or less than their dataset. */
const BY_LABEL: Readonly<Record<string, number>> = {
  'host-pairs a.href': 0.15,
  'host-pairs form.action': 0.5,
  'host-pairs parentPage': 0.1,
  'host-pairs preconnect': 0.1,
  'host-pairs unknown': 0.1,
  'host-pairs download': 0.9,
  'host-pairs redirect': 0.7,
  'host-pairs topLevelRedirect': 0.9,
  'host-pairs finalRedirect': 0.9,
  'fingerprints title': 0.4,
  'fingerprints headers.order': 0.15,
  'fingerprints dom.shape': 0.5,
  'fingerprints favicon.mmh3': 0.7,
  'fingerprints favicon.sha256': 0.7,
  'fingerprints body.sha256': 0.9,
  'fingerprints text.sha256': 0.9,
  'files response': 0.4,
  'files download': 1,
};

/** The weight of an edge of that dataset and label. */
export function evidenceWeight(dataset: DatasetId, label: string): number {
  return BY_LABEL[`${dataset} ${label}`] ?? BY_DATASET[dataset];
}

/** Datasets whose sources are hosts, so that a shared target joins two of them. */
export const HOST_DATASETS: readonly DatasetId[] = (Object.keys(DATASETS) as DatasetId[]).filter(
  (id) => DATASETS[id].sourceType === 'host' && BY_DATASET[id] > 0,
); // keys of the registry
