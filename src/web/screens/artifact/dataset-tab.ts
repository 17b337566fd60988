import { DATASETS, type ArtifactType, type DatasetId } from '#model';

type Direction = 'forward' | 'reverse';

/** One tab of an artifact: a dataset, read from one side. */
export interface DatasetTab {
  readonly dataset: DatasetId;
  readonly direction: Direction;
}

export const tabKey = ({ dataset, direction }: DatasetTab): string =>
  direction === 'forward' ? dataset : `${dataset}.reverse`;

export function parseTab(key: string | undefined): DatasetTab | undefined {
  const [dataset = '', direction] = (key ?? '').split('.');
  if (!Object.hasOwn(DATASETS, dataset)) return undefined;
  return { dataset: dataset as DatasetId, direction: direction === 'reverse' ? 'reverse' : 'forward' }; // a key of DATASETS
}

/** What stands behind a dataset when it is read from its target: titles as analysts know them. */
const REVERSE_TITLES: Partial<Record<DatasetId, string>> = {
  'host-pairs': 'Parents',
  resolutions: 'Names that resolve here',
  trackers: 'Hosts with this tracker',
  components: 'Hosts with this component',
  cookies: 'Hosts with this cookie',
  certificates: 'Hosts with this certificate',
  files: 'Hosts that served this file',
  'mirror-stamps': 'Copied by',
  'look-alikes': 'Look-alikes',
  copies: 'Copies',
  registration: 'Domains registered so',
  fingerprints: 'Hosts with this fingerprint',
  mentions: 'Mentioned in',
};
const FORWARD_TITLES: Partial<Record<DatasetId, string>> = {
  'host-pairs': 'Children',
  'mirror-stamps': 'Mirror stamps',
  'look-alikes': 'Looks like',
  copies: 'Copy of',
};

export const tabTitle = ({ dataset, direction }: DatasetTab): string =>
  (direction === 'forward' ? FORWARD_TITLES[dataset] : REVERSE_TITLES[dataset]) ?? DATASETS[dataset].title;

/** What one row of the tab is, for screen readers and the empty state. */
export function tabHint({ dataset, direction }: DatasetTab): string {
  if (dataset === 'host-pairs')
    return direction === 'forward'
      ? 'Hosts that its pages make the browser reach.'
      : 'Hosts whose pages make the browser reach it.';
  return DATASETS[dataset].description;
}

/** What the label of an observation is called there. */
const LABEL_TITLES: Partial<Record<DatasetId, string>> = {
  'host-pairs': 'Cause',
  resolutions: 'Record',
  trackers: 'Kind',
  components: 'Category',
  cookies: 'Cookie domain',
  certificates: 'Role',
  files: 'How obtained',
  'mirror-stamps': 'Tool',
  'look-alikes': 'Technique',
  copies: 'Evidence',
  registration: 'Field',
  fingerprints: 'Kind',
  mentions: 'Where',
};
export const labelTitle = (dataset: DatasetId): string => LABEL_TITLES[dataset] ?? 'Label';

/** The kind of value on the other side. */
export const otherType = ({ dataset, direction }: DatasetTab): ArtifactType =>
  direction === 'forward' ? DATASETS[dataset].targetType : DATASETS[dataset].sourceType;

/** What shares a value found there, in words: `3 hosts`. */
export const sharers = ({ dataset, direction }: DatasetTab): string => {
  const type = direction === 'forward' ? DATASETS[dataset].sourceType : DATASETS[dataset].targetType;
  return type === 'host' || type === 'domain' ? 'host' : type === 'mail' ? 'mail' : 'value';
};

/** Columns of detail worth their room in the table; the drawer shows all. */
export const DETAIL_COLUMNS: Partial<
  Record<DatasetId, readonly (readonly [field: string, title: string])[]>
> = {
  components: [['version', 'Version']],
  certificates: [
    ['subject', 'Subject'],
    ['issuer', 'Issuer'],
  ],
  files: [
    ['name', 'Name'],
    ['magic', 'Bytes show'],
  ],
  'mirror-stamps': [['copiedAt', 'Copied at']],
  'look-alikes': [
    ['score', 'Score'],
    ['characters', 'Characters'],
  ],
  copies: [['score', 'Score']],
  cookies: [['setter', 'Set by']],
  mentions: [['shownText', 'Shown as']],
};
