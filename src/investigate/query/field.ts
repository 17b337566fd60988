import { DATASET_IDS, DATASETS, type DatasetId } from '#model';
import { z } from 'zod';

/** What stands before the colon, and what it asks. */
export type Field = { readonly name: string; readonly text: string; readonly values?: readonly string[] } & (
  | {
      readonly kind: 'edge';
      readonly dataset: DatasetId;
      /** The side that answers. */
      readonly own: 'source' | 'target';
      /** What the value is compared with: the other side, the label, or a field of the detail. */
      readonly part: 'other' | 'label' | { readonly detail: string; readonly type: DetailType };
      /** A label that is meant besides. */
      readonly label?: string;
    }
  | { readonly kind: 'host' | 'domain' | 'hash' }
  | { readonly kind: 'tag' | 'class' | 'project' | 'status' }
  | { readonly kind: 'seen' | 'first' | 'last' | 'asof' | 'count' | 'observed' }
);

export type DetailType = 'text' | 'number' | 'flag' | 'instant';

/** Words for a dataset in queries. What is left out is derived from its id. */
interface Words {
  readonly name: string;
  readonly label: string;
  /** Another word for what stands on the other side. */
  readonly forward?: string;
  /** For the way back: hosts that stand as target, by their source. */
  readonly reverse?: string;
}

const WORDS: Partial<Record<DatasetId, Words>> = {
  'host-pairs': { name: 'pair', label: 'cause', forward: 'child', reverse: 'parent' },
  resolutions: { name: 'dns', label: 'record', forward: 'ip', reverse: 'resolved-from' },
  trackers: { name: 'tracker', label: 'type' },
  components: { name: 'component', label: 'category' },
  cookies: { name: 'cookie', label: 'domain' },
  certificates: { name: 'cert', label: 'role' },
  files: { name: 'file', label: 'how' },
  'mirror-stamps': { name: 'stamp', label: 'tool', forward: 'mirror-of', reverse: 'mirrored-by' },
  'look-alikes': {
    name: 'lookalike',
    label: 'technique',
    forward: 'imitates',
    reverse: 'imitated-by',
  },
  copies: { name: 'copy', label: 'evidence', forward: 'copy-of', reverse: 'copied-by' },
  registration: { name: 'registration', label: 'field' },
  fingerprints: { name: 'fingerprint', label: 'kind' },
  mentions: { name: 'mention', label: 'where', reverse: 'mentioned-in' },
};

export function wordsOf(dataset: DatasetId): Words {
  return WORDS[dataset] ?? { name: dataset, label: 'label' };
}

/** What the registry says of fields that are times. */
const INSTANT = 'RFC 3339 UTC';

function detailType(schema: z.ZodType): DetailType {
  let inner: unknown = schema;
  while (inner instanceof z.ZodOptional) inner = inner.unwrap();
  if (inner instanceof z.ZodNumber) return 'number';
  if (inner instanceof z.ZodBoolean) return 'flag';
  return inner instanceof z.ZodString && inner.description === INSTANT ? 'instant' : 'text';
}

/** Fields of the datasets: the other side, the label, each field of the detail, and the way back. */
function datasetFields(dataset: DatasetId): Field[] {
  const { title, description, labels, detail, sourceType, targetType } = DATASETS[dataset];
  const { name, label, forward, reverse } = wordsOf(dataset);
  const edge = { kind: 'edge', dataset, own: 'source' } as const;
  const fields: Field[] = [
    { ...edge, name, part: 'other', text: `${title}: ${targetType} found. ${description}` },
  ];
  if (forward !== undefined)
    fields.push({ ...edge, name: forward, part: 'other', text: `${title}: by the ${targetType} reached` });
  fields.push({
    ...edge,
    name: `${name}.${label}`,
    part: 'label',
    text: `${title}: by ${label}`,
    ...(labels !== undefined && { values: labels }),
  });
  for (const [key, schema] of Object.entries<z.ZodType>(detail.shape)) {
    if (key === label) continue;
    const type = detailType(schema);
    fields.push({
      ...edge,
      name: `${name}.${key}`,
      part: { detail: key, type },
      text: `${title}: ${schema.description ?? key}`,
      ...(type === 'flag' && { values: ['true', 'false'] }),
    });
  }
  if (reverse !== undefined)
    fields.push({
      ...edge,
      name: reverse,
      own: 'target',
      part: 'other',
      text: `${title}, the other way: by the ${sourceType} that leads there`,
    });
  return fields;
}

const GENERAL: readonly Field[] = [
  { kind: 'host', name: 'host', text: 'A host name; * and ? stand for any characters' },
  { kind: 'domain', name: 'domain', text: 'A domain and all hosts below it' },
  { kind: 'hash', name: 'hash', text: 'A file, body, icon or certificate by its hash' },
  {
    kind: 'edge',
    dataset: 'fingerprints',
    own: 'source',
    part: 'other',
    label: 'title',
    name: 'title',
    text: 'Title of a page',
  },
  {
    kind: 'edge',
    dataset: 'fingerprints',
    own: 'source',
    part: 'other',
    label: 'favicon.*',
    name: 'favicon',
    text: 'Icon of a site, by its hash',
  },
  { kind: 'tag', name: 'tag', text: 'A tag given to the artifact' },
  {
    kind: 'class',
    name: 'class',
    text: 'Its classification',
    values: ['malicious', 'suspicious', 'benign', 'unknown'],
  },
  { kind: 'project', name: 'project', text: 'Artifacts of a project, by its name' },
  {
    kind: 'status',
    name: 'status',
    text: 'Its status in any project',
    values: ['confirmed', 'suspected', 'dismissed'],
  },
  { kind: 'last', name: 'last', text: 'Last seen: 90d, 2017-11, 2017-11-01..2017-11-30, >2017' },
  { kind: 'first', name: 'first', text: 'First seen: 7d, 2017-11, 2017-11-01..' },
  { kind: 'seen', name: 'seen', text: 'Seen at some time within: 2017-11..2017-12' },
  { kind: 'asof', name: 'asof', text: 'As it was at a time: 2017-11-17' },
  { kind: 'count', name: 'count', text: 'How often observed: >10, 2..5' },
  {
    kind: 'observed',
    name: 'observed',
    text: 'true: the browser did it; false: a page only names it',
    values: ['true', 'false'],
  },
];

/** Every field there is, in the order in which help shows them. */
export const FIELDS: readonly Field[] = [
  ...GENERAL.slice(0, 3),
  ...DATASET_IDS.flatMap(datasetFields),
  ...GENERAL.slice(3),
];

const BY_NAME = new Map(FIELDS.map((field) => [field.name.toLowerCase(), field]));
/** Other spellings. */
const ALIASES = new Map([
  ['hostname', 'host'],
  ['children', 'child'],
  ['parents', 'parent'],
  ['trackers', 'tracker'],
  ['components', 'component'],
  ['cookies', 'cookie'],
  ['certificate', 'cert'],
  ['files', 'file'],
  ['address', 'ip'],
  ['sha256', 'hash'],
  ['tags', 'tag'],
  ['classification', 'class'],
  ['as-of', 'asof'],
]);

export function fieldNamed(name: string): Field | undefined {
  const plain = name.toLowerCase();
  return BY_NAME.get(plain) ?? BY_NAME.get(ALIASES.get(plain) ?? '');
}

/** A field inside `name(…)`: by its short name there, or in full. */
export function fieldInside(name: string, inside: string): Field | undefined {
  const group = fieldNamed(name);
  if (group?.kind !== 'edge' || group.part !== 'other') return undefined;
  const short = inside.toLowerCase();
  if (short === 'value') return group;
  const { name: dataset } = wordsOf(group.dataset);
  const field =
    BY_NAME.get(`${dataset}.${short}`.toLowerCase()) ??
    (short === 'label' ? BY_NAME.get(`${dataset}.${wordsOf(group.dataset).label}`) : undefined) ??
    fieldNamed(inside);
  if (field === undefined || field.kind !== 'edge') return field;
  if (field.dataset !== group.dataset) return undefined;
  // Inside parent(…), "parent" is the value and the labels are the same ones, seen from the other side.
  return field.part === 'other' ? group : { ...field, own: group.own };
}

/** Fields whose names are closest to one that does not exist, best first. */
export function similarFields(name: string): string[] {
  const plain = name.toLowerCase();
  return FIELDS.map((field) => ({ name: field.name, distance: distance(plain, field.name.toLowerCase()) }))
    .filter(
      ({ name: other, distance: edits }) => edits <= 2 || other.startsWith(plain) || plain.startsWith(other),
    )
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map((field) => field.name);
}

/** Levenshtein; names are short. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
