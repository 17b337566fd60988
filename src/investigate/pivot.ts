import { DATASETS, parseHost, refang, hostOfUrl, type DatasetId } from '#model';
import type { Edge, EdgeQuery, ObservationStore } from '#store';

/** An edge with the number of values on this side that share the one on the other. */
export interface PivotedEdge extends Edge {
  /** Hosts (or other sources) that share the target, going forward; targets of the source, in reverse. 1: nobody else. */
  readonly shared: number;
}

export interface PivotPage {
  readonly edges: readonly PivotedEdge[];
  readonly cursor?: string;
}

/** Pages read for one, where most values are too common. */
const MAX_PAGES = 10;

/** One step from a value through a dataset; each value found says how many share it, and more than `sharedAtMost` hide it. */
export async function pivot(
  store: ObservationStore,
  query: EdgeQuery & { readonly sharedAtMost?: number | undefined },
): Promise<PivotPage> {
  const { sharedAtMost, ...rest } = query;
  if (sharedAtMost === undefined) return countedPage(store, rest);
  const edges: PivotedEdge[] = [];
  let { cursor } = rest;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await countedPage(store, { ...rest, cursor });
    edges.push(...page.edges.filter(({ shared }) => shared <= sharedAtMost));
    cursor = page.cursor;
    // A page is read whole, so that the next one begins where it ends.
    if (cursor === undefined || edges.length > 0) break;
  }
  return cursor === undefined ? { edges } : { edges, cursor };
}

async function countedPage(store: ObservationStore, query: EdgeQuery): Promise<PivotPage> {
  const { edges, cursor } = await store.edges(query);
  const side = query.direction === 'forward' ? 'target' : 'source';
  const counts = await store.countOthers(
    edges.map((edge) => ({ dataset: edge.dataset, side, value: edge[side] })),
  );
  const pivoted = edges.map((edge, index) => ({ ...edge, shared: counts[index]! }));
  return cursor === undefined ? { edges: pivoted } : { edges: pivoted, cursor };
}

/**
 * Text as people type it → the value that the dataset holds on the side that the pivot starts from: a host is made
 * canonical (a URL stands for its host there), everything else is looked up letter by letter.
 */
export function pivotValue(dataset: DatasetId, direction: EdgeQuery['direction'], text: string): string {
  const type = DATASETS[dataset][direction === 'forward' ? 'sourceType' : 'targetType'];
  if (type !== 'host' && type !== 'domain' && type !== 'ip') return text;
  const plain = refang(text.trim());
  return parseHost(plain) ?? hostOfUrl(plain) ?? plain;
}
