import { sideArtifact, type Artifact } from '#model';
import { useState } from 'react';
import { call } from '../client/call.ts';
import { sayFault } from '../design/toasts.tsx';
import { EMPTY_GRAPH, joinGraphs, nodeId, type Graph, type GraphEdge, type GraphNode } from './graph.ts';

/** Neighbours that are fetched of each dataset and direction: those last seen. */
const NEIGHBOURS = 60;

/** Neighbours of nodes, added to what is known already. */
export function useExpand(): {
  readonly found: Graph;
  readonly isBusy: boolean;
  readonly expand: (node: GraphNode) => void;
} {
  const [found, setFound] = useState<Graph>(EMPTY_GRAPH);
  const [running, setRunning] = useState(0);
  const expand = async ({ artifact }: GraphNode): Promise<void> => {
    setRunning((count) => count + 1);
    try {
      const more = await neighbours(artifact);
      setFound((before) => joinGraphs(before, more));
    } catch (error) {
      sayFault(error);
    } finally {
      setRunning((count) => count - 1);
    }
  };
  return { found, isBusy: running > 0, expand: (node) => void expand(node) };
}

/** One step from an artifact through every dataset that knows it. */
async function neighbours(artifact: Artifact): Promise<Graph> {
  const { counts } = await call('getArtifact', { query: { value: artifact.value } });
  const pages = await Promise.all(
    counts.map(({ dataset, direction }) =>
      call('pivot', { query: { dataset, direction, value: artifact.value, limit: NEIGHBOURS } }),
    ),
  );
  const nodes: GraphNode[] = [{ id: nodeId(artifact), artifact }];
  const edges: GraphEdge[] = [];
  pages.forEach((page, index) => {
    const isForward = counts[index]!.direction === 'forward';
    for (const { dataset, source, label, target, shared } of page.edges) {
      const from = sideArtifact(dataset, 'source', source);
      const to = sideArtifact(dataset, 'target', target);
      const other = isForward ? to : from;
      nodes.push({ id: nodeId(other), artifact: other, shared });
      edges.push({ from: nodeId(from), to: nodeId(to), dataset, label, shared });
    }
  });
  return joinGraphs(EMPTY_GRAPH, { nodes, edges });
}
