import { useEffect, useMemo, type ReactNode } from 'react';
import type { Artifact } from '#model';
import { GraphView } from '../../graph/graph-view.tsx';
import { nodeId, type GraphNode } from '../../graph/graph.ts';
import { useExpand } from '../../graph/use-expand.ts';

/** What stands around an artifact, a pivot away; nodes expand. */
export function ArtifactGraph({ artifact }: { readonly artifact: Artifact }): ReactNode {
  const { found, isBusy, expand } = useExpand();
  const { type, value } = artifact;
  const seed = useMemo<GraphNode>(
    () => ({ id: nodeId({ type, value }), artifact: { type, value } }),
    [type, value],
  );
  useEffect(() => expand(seed), [expand, seed]);
  const graph = found.nodes.length === 0 ? { nodes: [seed], edges: [] } : found;
  return <GraphView graph={graph} onExpand={expand} isBusy={isBusy} />;
}
