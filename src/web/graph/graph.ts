import type { Artifact, DatasetId } from '#model';

/** A node: an artifact, with what a project says of it. */
export interface GraphNode {
  readonly id: string;
  readonly artifact: Artifact;
  readonly status?: 'confirmed' | 'suspected' | 'dismissed';
  /** How many share it, where that is known; 1: nobody else. */
  readonly shared?: number;
}

/** A pivot: one step through a dataset. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly dataset: DatasetId;
  readonly label: string;
  readonly shared?: number;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export const nodeId = ({ type, value }: Artifact): string =>
  // A host is the same node whether it was seen as a host or as a domain.
  `${type === 'domain' ? 'host' : type} ${value}`;

export const EMPTY_GRAPH: Graph = { nodes: [], edges: [] };

/** Two graphs as one: what is in both stands once, and keeps what either knows of it. */
export function joinGraphs(one: Graph, other: Graph): Graph {
  const nodes = new Map<string, GraphNode>();
  for (const node of [...one.nodes, ...other.nodes]) nodes.set(node.id, { ...node, ...nodes.get(node.id) });
  const edges = new Map<string, GraphEdge>();
  for (const edge of [...one.edges, ...other.edges])
    if (!edges.has(edgeId(edge))) edges.set(edgeId(edge), edge);
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

export const edgeId = ({ from, to, dataset, label }: GraphEdge): string =>
  JSON.stringify([from, to, dataset, label]);

/** Without nodes that more than `commonAbove` share, without the datasets left out, and without what then hangs alone. */
export function filterGraph(
  graph: Graph,
  filter: { readonly commonAbove: number; readonly without: ReadonlySet<DatasetId> },
): Graph {
  const isCommon = new Set(
    graph.nodes
      .filter(
        ({ shared, status }) => status === undefined && shared !== undefined && shared > filter.commonAbove,
      )
      .map(({ id }) => id),
  );
  const edges = graph.edges.filter(
    ({ from, to, dataset }) => !isCommon.has(from) && !isCommon.has(to) && !filter.without.has(dataset),
  );
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const nodes = graph.nodes.filter(
    ({ id, status }) =>
      !isCommon.has(id) && (status !== undefined || linked.has(id) || graph.edges.length === 0),
  );
  return { nodes, edges };
}
