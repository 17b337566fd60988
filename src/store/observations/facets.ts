import { DATASETS, publicSuffix, parseHost, type DatasetId } from '#model';
import type { Connection } from './connection.ts';
import { detailColumn, isVariant } from './detail.ts';
import { EdgeSelection, type EdgeFilter } from './edge-selection.ts';
import { holdsHosts, type Side } from './key.ts';
import { DATABASE } from './schema.ts';

/** What edges are counted by: the label, the registrable domain on the other side, or a field of the detail. */
export type FacetField = 'label' | 'domain' | 'isObserved' | `detail.${string}`;

interface Facet {
  readonly field: FacetField;
  /** The most frequent first. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** There are more values than these. */
  readonly hasMore: boolean;
}

export interface EdgeFacets {
  /** Edges that meet all of the filters. */
  readonly total: number;
  readonly facets: readonly Facet[];
}

/** Values of a facet. */
const MAX_VALUES = 50;
/** Groups of a facet that are looked at, most frequent first. */
const MAX_GROUPS = 1_000;
/** Labels of the longest public suffixes, and one. */
const MOST_LABELS = 5;

/**
 * Edges counted by each of the fields. A field's own filter does not narrow its own values, so that another of them can
 * be chosen.
 */
export async function readFacets(
  connection: Connection,
  filter: EdgeFilter,
  fields: readonly FacetField[],
): Promise<EdgeFacets> {
  const sets = Map.groupBy(fields, (field) => (hasFilter(filter, field) ? field : 'all'));
  if (!sets.has('all')) sets.set('all', []);
  const counted = await Promise.all(
    [...sets].map(([set, some]) => countBy(connection, set === 'all' ? filter : without(filter, set), some)),
  );
  const total = counted[[...sets.keys()].indexOf('all')]!.total;
  const groups = new Map(counted.flatMap(({ groups: found }) => [...found]));
  const facets = await Promise.all(
    fields.map(async (field): Promise<Facet> => {
      const found = groups.get(field) ?? [];
      const values =
        field === 'domain' && holdsHosts(filter.dataset, otherSide(filter))
          ? await toDomains(connection, without(filter, 'domain'), found)
          : found;
      return { field, values: values.slice(0, MAX_VALUES), hasMore: values.length > MAX_VALUES };
    }),
  );
  return { total, facets };
}

interface Group {
  readonly value: string;
  readonly count: number;
}

const otherSide = ({ direction }: EdgeFilter): Side => (direction === 'forward' ? 'target' : 'source');

/** One pass over the edges, counted by each field: those of few values together, which costs one count of all edges less a field. */
async function countBy(
  connection: Connection,
  filter: EdgeFilter,
  fields: readonly FacetField[],
): Promise<{ readonly total: number; readonly groups: Map<FacetField, Group[]> }> {
  const { inner, selection } = edgesOf(filter, fields);
  const few = fields.filter((field) => hasFewValues(filter.dataset, field));
  const sets = [few, ...fields.filter((field) => !few.includes(field)).map((field) => [field])];
  const columnsOf = (set: readonly FacetField[]): string[] => set.map((field) => `f${fields.indexOf(field)}`);
  const columns = columnsOf(fields);
  const rows = await connection.rows<Record<string, string>>(
    fields.length === 0
      ? `SELECT count() AS n, 0 AS nth FROM (${inner})`
      : `SELECT ${columns.join(', ')}, ${setNumber(sets.map(columnsOf))} AS nth, count() AS n
         FROM (${inner}) GROUP BY GROUPING SETS (${sets.map((set) => `(${columnsOf(set).join(', ')})`).join(', ')})
         ORDER BY n DESC, ${columns.join(', ')} LIMIT ${MAX_GROUPS} BY nth`,
    selection.parameters,
  );
  const counts = new Map(fields.map((field) => [field, new Map<string, number>()]));
  let total = 0;
  for (const row of rows) {
    const [nth, count] = [Number(row['nth']), Number(row['n'])];
    if (nth === 0) total += count;
    for (const field of sets[nth]!) {
      const values = counts.get(field)!;
      const value = row[`f${fields.indexOf(field)}`]!;
      values.set(value, (values.get(value) ?? 0) + count);
    }
  }
  const groups = new Map(Array.from(counts, ([field, values]) => [field, toGroups(values)]));
  return { total, groups };
}

/** The most frequent first. */
function toGroups(values: ReadonlyMap<string, number>): Group[] {
  return Array.from(values, ([value, count]) => ({ value, count })).sort(
    (a, b) => b.count - a.count || (a.value < b.value ? -1 : 1),
  );
}

/** So few that all values of several such fields are counted together. */
function hasFewValues(dataset: DatasetId, field: FacetField): boolean {
  return field === 'isObserved' || (field === 'label' && DATASETS[dataset].labels !== undefined);
}

/** Which of the sets a row is of; the first may have no columns, and is then the total. */
function setNumber(sets: readonly (readonly string[])[]): string {
  const cases = sets.flatMap(([column], index) =>
    column === undefined ? [] : [`grouping(${column}) = 0, ${index}`],
  );
  return `multiIf(${cases.join(', ')}, 0)`;
}

function edgesOf(
  filter: EdgeFilter,
  fields: readonly FacetField[],
  labels = 2,
  prefixes: readonly string[] = [],
): { readonly inner: string; readonly selection: EdgeSelection } {
  const [own, other]: readonly [Side, Side] =
    filter.direction === 'forward' ? ['source', 'target'] : ['target', 'source'];
  const selection = new EdgeSelection({});
  selection.select(filter, own, other);
  if (prefixes.length > 0) selection.below(other, prefixes);
  const columns = fields.map(
    (field, index) => `${facetColumn(selection, filter.dataset, other, field, labels)} AS f${index}`,
  );
  const inner = `SELECT ${columns.length === 0 ? '1' : columns.join(', ')}
    FROM ${DATABASE}.edges_${filter.direction === 'forward' ? 'fwd' : 'rev'} ${selection.conditions('hash')}`;
  return { inner, selection };
}

function facetColumn(
  selection: EdgeSelection,
  dataset: DatasetId,
  other: Side,
  field: FacetField,
  labels: number,
): string {
  if (field === 'label') return 'any(label)';
  if (field === 'isObserved') return "if(max(is_observed) = 1, 'true', 'false')";
  if (field === 'domain') {
    const value = `any(${other})`;
    if (!holdsHosts(dataset, other)) return value;
    const start = `arrayStringConcat(arraySlice(splitByChar('.', ${value}), 1, ${labels}), '.')`;
    return `if(isIPv4String(${value}) OR isIPv6String(${value}), ${value}, ${start})`;
  }
  const name = field.slice('detail.'.length);
  return isVariant(dataset, name) ? 'any(variant)' : detailColumn(selection, 'max(latest)', name);
}

/**
 * Keys cut after two labels → registrable domains: where those are a public suffix of their own (`co.uk`), what lies
 * below is counted by one label more.
 */
async function toDomains(
  connection: Connection,
  filter: EdgeFilter,
  groups: readonly Group[],
): Promise<Group[]> {
  const domains: Group[] = [];
  let open = groups;
  for (let labels = 2; open.length > 0; labels++) {
    const suffixes: string[] = [];
    for (const { value, count } of open) {
      const name = readable(value);
      const host = parseHost(name);
      const isSuffix = host !== undefined && publicSuffix(host) === host && name.split('.').length === labels;
      if (isSuffix && labels < MOST_LABELS) suffixes.push(value);
      else domains.push({ value: name, count });
    }
    open =
      suffixes.length === 0 ? [] : await countBelow(connection, filter, suffixes.slice(0, 200), labels + 1);
  }
  return domains.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

async function countBelow(
  connection: Connection,
  filter: EdgeFilter,
  prefixes: readonly string[],
  labels: number,
): Promise<Group[]> {
  const { inner, selection } = edgesOf(filter, ['domain'], labels, prefixes);
  const rows = await connection.rows<{ f0: string; n: string }>(
    `SELECT f0, count() AS n FROM (${inner}) GROUP BY f0 ORDER BY n DESC, f0 LIMIT ${MAX_GROUPS}`,
    selection.parameters,
  );
  return rows.map(({ f0, n }) => ({ value: f0, count: Number(n) }));
}

/** Addresses stand as they are. */
function readable(key: string): string {
  const host = parseHost(key);
  const isAddress = host !== undefined && /^[\d.]+$|:/.test(host);
  return isAddress ? key : key.split('.').reverse().join('.');
}

function hasFilter(filter: EdgeFilter, field: FacetField): boolean {
  if (field === 'label') return (filter.labels ?? []).length > 0;
  if (field === 'domain') return (filter.within ?? []).length > 0;
  if (field === 'isObserved') return filter.isObserved !== undefined;
  return (filter.details ?? []).some((detail) => `detail.${detail.field}` === field);
}

function without(filter: EdgeFilter, field: FacetField): EdgeFilter {
  if (field === 'label') return { ...filter, labels: undefined };
  if (field === 'domain') return { ...filter, within: undefined };
  if (field === 'isObserved') return { ...filter, isObserved: undefined };
  return { ...filter, details: filter.details?.filter((detail) => `detail.${detail.field}` !== field) };
}
