import { publicSuffix, parseHost, type DatasetId } from '#model';
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

/** One pass over the edges, counted by each field. */
async function countBy(
  connection: Connection,
  filter: EdgeFilter,
  fields: readonly FacetField[],
): Promise<{ readonly total: number; readonly groups: Map<FacetField, Group[]> }> {
  const { inner, selection } = edgesOf(filter, fields);
  const columns = fields.map((_, index) => `f${index}`);
  const sets = [...columns.map((column) => `(${column})`), '()'].join(', ');
  const rows = await connection.rows<Record<string, string>>(
    fields.length === 0
      ? `SELECT count() AS n, 0 AS field FROM (${inner})`
      : `SELECT ${columns.join(', ')}, ${fieldNumber(columns)} AS field, count() AS n
         FROM (${inner}) GROUP BY GROUPING SETS (${sets})
         ORDER BY n DESC, ${columns.join(', ')} LIMIT ${MAX_GROUPS} BY field`,
    selection.parameters,
  );
  const groups = new Map<FacetField, Group[]>(fields.map((field) => [field, []]));
  let total = 0;
  for (const row of rows) {
    const number = Number(row['field']);
    if (number === 0) total = Number(row['n']);
    else groups.get(fields[number - 1]!)!.push({ value: row[`f${number - 1}`]!, count: Number(row['n']) });
  }
  return { total, groups };
}

/** Which of the sets a row is of: 1 for the first column, …; 0 for the total. */
function fieldNumber(columns: readonly string[]): string {
  const cases = columns.map((column, index) => `grouping(${column}) = 0, ${index + 1}`);
  return `multiIf(${cases.join(', ')}, 0)`;
}

function edgesOf(
  filter: EdgeFilter,
  fields: readonly FacetField[],
  labels = 2,
): { readonly inner: string; readonly selection: EdgeSelection } {
  const [own, other]: readonly [Side, Side] =
    filter.direction === 'forward' ? ['source', 'target'] : ['target', 'source'];
  const selection = new EdgeSelection({});
  selection.select(filter, own, other);
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
  const { inner, selection } = edgesOf(filter, ['domain'], labels);
  const rows = await connection.rows<{ f0: string; n: string }>(
    `SELECT f0, count() AS n FROM (${inner})
     WHERE arrayStringConcat(arraySlice(splitByChar('.', f0), 1, ${labels - 1}), '.') IN ${selection.bind(prefixes, 'Array(String)')}
     GROUP BY f0 ORDER BY n DESC, f0 LIMIT ${MAX_GROUPS}`,
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
