import { useMemo, type ReactNode } from 'react';
import { Empty } from '../../design/states.tsx';
import {
  EMPTY_GRAPH,
  joinGraphs,
  nodeId,
  type Graph,
  type GraphEdge,
  type GraphNode,
} from '../../graph/graph.ts';
import { GraphView } from '../../graph/graph-view.tsx';
import { useExpand } from '../../graph/use-expand.ts';
import type { OpenProject } from './project-screen.tsx';

/** The artifacts of a project with the pivots that led to each. */
export function ProjectGraph({ project }: { readonly project: OpenProject }): ReactNode {
  const own = useMemo(() => graphOf(project), [project]);
  const { found, isBusy, expand } = useExpand();
  const graph = useMemo(() => joinGraphs(own, found), [own, found]);
  if (project.artifacts.length === 0)
    return (
      <Empty title="Nothing to draw yet">
        Artifacts of the project and the pivots between them will be drawn here.
      </Empty>
    );
  return <GraphView graph={graph} onExpand={expand} isBusy={isBusy} />;
}

function graphOf({ artifacts }: OpenProject): Graph {
  const nodes: GraphNode[] = artifacts.map(({ type, value, status }) => ({
    id: nodeId({ type, value }),
    artifact: { type, value },
    status,
  }));
  const edges: GraphEdge[] = [];
  for (const { path } of artifacts)
    for (const { from, to, dataset, label, direction, shared } of path) {
      const isHost = ({ type }: { readonly type: string }): boolean => type === 'host' || type === 'domain';
      const [source, target] = direction === 'forward' ? [from, to] : [to, from];
      for (const artifact of [from, to])
        nodes.push({
          id: nodeId(artifact),
          artifact,
          ...(shared !== undefined && !isHost(artifact) && { shared }),
        });
      edges.push({
        from: nodeId(source),
        to: nodeId(target),
        dataset,
        label,
        ...(shared !== undefined && { shared }),
      });
    }
  return joinGraphs(EMPTY_GRAPH, { nodes, edges });
}
