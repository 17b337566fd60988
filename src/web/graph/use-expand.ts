import { useCallback, useState } from 'react';
import { call, type Input, type Reply } from '../client/call.ts';
import { sayFault } from '../design/toasts.tsx';
import { EMPTY_GRAPH, joinGraphs, nodeId, type Graph, type GraphNode } from './graph.ts';

/** Neighbours that are fetched of each dataset and direction. */
const NEIGHBOURS = 60;
/** What more share is fetched, too: the slider hides it, so that nothing is left out unseen. */
const HIDE_ABOVE = 1_000_000;

/** Neighbours of nodes, added to what is known already. */
export function useExpand(): {
  readonly found: Graph;
  readonly isBusy: boolean;
  readonly expand: (node: GraphNode) => void;
} {
  const [found, setFound] = useState<Graph>(EMPTY_GRAPH);
  const [running, setRunning] = useState(0);
  const expand = useCallback(({ artifact }: GraphNode) => {
    setRunning((count) => count + 1);
    void fetchGraph({ values: [artifact.value], each: NEIGHBOURS, hideAbove: HIDE_ABOVE, limit: 2_000 })
      .then((more) => setFound((before) => joinGraphs(before, more)), sayFault)
      .finally(() => setRunning((count) => count - 1));
  }, []);
  return { found, isBusy: running > 0, expand };
}

/** A part of the graph of everything, as the server finds it. */
async function fetchGraph(body: Input<'getGraph'>['body']): Promise<Graph> {
  return toGraph(await call('getGraph', { body }));
}

/** `shared` of the edges tells how common the value on their side is that a host has; the node keeps the most. */
function toGraph({ nodes, edges }: Reply<'getGraph'>): Graph {
  const ids = new Map(nodes.map(({ id, artifact }) => [id, nodeId(artifact)]));
  const isSeed = new Set(nodes.filter((node) => node.isSeed).map(({ artifact }) => nodeId(artifact)));
  const shared = new Map<string, number>();
  const steps = edges.map(({ from, to, ...edge }) => {
    const ends = { from: ids.get(from) ?? from, to: ids.get(to) ?? to };
    const found = isSeed.has(ends.from) ? ends.to : ends.from;
    shared.set(found, Math.max(shared.get(found) ?? 0, edge.shared));
    return { ...ends, dataset: edge.dataset, label: edge.label, shared: edge.shared };
  });
  return {
    nodes: nodes.map(({ artifact, status }) => {
      const id = nodeId(artifact);
      const count = isSeed.has(id) ? undefined : shared.get(id);
      return {
        id,
        artifact,
        ...(status !== undefined && { status }),
        ...(count !== undefined && { shared: count }),
      };
    }),
    edges: steps,
  };
}
