import { DATASETS, type DatasetId } from '#model';
import type { EdgeFacets, EdgeFilter, FacetField, ObservationStore } from '#store';

/** Fields of the detail that are worth counting: few values, each of which says something. */
const DETAILS: Partial<Record<DatasetId, readonly string[]>> = {
  components: ['version'],
  cookies: ['secure', 'httpOnly', 'sameSite'],
  certificates: ['issuer'],
  files: ['mediaType', 'magic'],
  'mirror-stamps': ['isEdited'],
};

/** Edges whose details are read to be counted. */
const MAX_DETAILED = 50_000;

export interface Facets extends EdgeFacets {
  /** Fields that were left out, since there are too many edges to look into. */
  readonly leftOut: readonly FacetField[];
}

/** The edges that meet the filter, counted by what is worth it in their dataset. */
export async function facets(store: ObservationStore, filter: EdgeFilter): Promise<Facets> {
  const { dataset, direction } = filter;
  const type = DATASETS[dataset][direction === 'forward' ? 'targetType' : 'sourceType'];
  const details = (DETAILS[dataset] ?? []).map((field): FacetField => `detail.${field}`);
  // A version is part of its edge: counting it reads no details.
  const [light, heavy] = dataset === 'components' ? [details, []] : [[], details];
  const first: FacetField[] = [
    'label',
    ...(type === 'host' || type === 'domain' ? (['domain'] as const) : []),
    ...(dataset === 'host-pairs' ? (['isObserved'] as const) : []),
    ...light,
  ];
  const counted = await store.facets(filter, first);
  if (heavy.length === 0) return { ...counted, leftOut: [] };
  if (counted.total > MAX_DETAILED) return { ...counted, leftOut: heavy };
  const detailed = await store.facets(filter, heavy);
  return { total: counted.total, facets: [...counted.facets, ...detailed.facets], leftOut: [] };
}
