import { sideArtifact, type Artifact, type DatasetId } from '#model';
import { matchKeyOf, type Neighbour, type ObservationStore } from '#store';
import { unicodeOf } from './search.ts';

export interface GraphOptions {
  /** What the graph begins with; at most `MAX_SEEDS`. */
  readonly seeds: readonly Artifact[];
  readonly datasets?: readonly DatasetId[] | undefined;
  readonly direction?: 'forward' | 'reverse' | 'both' | undefined;
  /** Values shared by more than this are named instead of drawn; default 100. */
  readonly hideAbove?: number | undefined;
  /** 1: what the seeds have and who reaches them; 2: and who shares it. Default 1. */
  readonly steps?: 1 | 2 | undefined;
  /** Edges of one node, dataset and direction; default 50. */
  readonly each?: number | undefined;
  /** Nodes; default 500, at most `MAX_NODES`. */
  readonly limit?: number | undefined;
}

interface GraphNode {
  /** Of edges: names the node in this answer. */
  readonly id: string;
  readonly artifact: Artifact;
  readonly unicode?: string;
  readonly isSeed: boolean;
  /** Edges in this answer. */
  readonly degree: number;
}

/** A pivot: from a source to a target of the dataset. */
interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly dataset: DatasetId;
  readonly label: string;
  /** How many share what was found from the node that it was found from. */
  readonly shared: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly count: number;
}

/** A value that is too common to be drawn, or a node that has more than was read. */
interface HiddenValue {
  readonly artifact: Artifact;
  readonly dataset: DatasetId;
  readonly shared: number;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Most common first. */
  readonly hidden: readonly HiddenValue[];
  /** Nodes of which a dataset has more edges than were read: expand them alone, or pivot. */
  readonly more: readonly {
    readonly id: string;
    readonly dataset: DatasetId;
    readonly direction: 'forward' | 'reverse';
  }[];
  /** The limit of nodes left others out. */
  readonly isCut: boolean;
}

const MAX_SEEDS = 1_000;
const MAX_NODES = 5_000;
const MAX_EACH = 500;
const DEFAULT_NODES = 500;
const DEFAULT_EACH = 50;
const DEFAULT_HIDE_ABOVE = 100;
const MAX_HIDDEN = 500;

/** Nodes and edges around artifacts; a value that everybody shares is named, not drawn. */
export async function graph(store: ObservationStore, options: GraphOptions): Promise<Graph> {
  const run = new GraphRun(store, options);
  await run.spread(options.seeds.slice(0, MAX_SEEDS));
  if (options.steps === 2) await run.spread(run.leaves());
  return run.graph(options.seeds.length > MAX_SEEDS);
}

class GraphRun {
  readonly #store: ObservationStore;
  readonly #options: GraphOptions;
  readonly #limit: number;
  readonly #each: number;
  readonly #hideAbove: number;
  readonly #nodes = new Map<string, Artifact>();
  readonly #seeds: ReadonlySet<string>;
  readonly #spread = new Set<string>();
  readonly #edges = new Map<string, GraphEdge>();
  readonly #hidden = new Map<string, HiddenValue>();
  readonly #more: Graph['more'][number][] = [];
  #isCut = false;

  constructor(store: ObservationStore, options: GraphOptions) {
    this.#store = store;
    this.#options = options;
    this.#limit = Math.max(1, Math.min(options.limit ?? DEFAULT_NODES, MAX_NODES));
    this.#each = Math.max(1, Math.min(options.each ?? DEFAULT_EACH, MAX_EACH));
    this.#hideAbove = options.hideAbove ?? DEFAULT_HIDE_ABOVE;
    this.#seeds = new Set(options.seeds.map(matchKeyOf));
    for (const seed of options.seeds.slice(0, this.#limit)) this.#nodes.set(matchKeyOf(seed), seed);
  }

  /** What was drawn and not looked at from its own side. */
  leaves(): Artifact[] {
    return [...this.#nodes].filter(([id]) => !this.#spread.has(id)).map(([, artifact]) => artifact);
  }

  async spread(artifacts: readonly Artifact[]): Promise<void> {
    for (const artifact of artifacts) this.#spread.add(matchKeyOf(artifact));
    const { direction = 'both', datasets } = this.#options;
    for (const way of ['forward', 'reverse'] as const) {
      if (direction !== 'both' && direction !== way) continue;
      const found = await this.#store.neighbours({
        artifacts,
        direction: way,
        datasets,
        each: this.#each + 1,
        limit: this.#limit * 4,
      });
      await this.#draw(this.#withinEach(found, way), way);
    }
  }

  /** One more than allowed was asked for, to know where there is more. */
  #withinEach(found: readonly Neighbour[], way: 'forward' | 'reverse'): Neighbour[] {
    const own = way === 'forward' ? 'source' : 'target';
    const groups = Map.groupBy(found, (edge) => `${edge.dataset} ${edge[own]}`);
    return [...groups.values()].flatMap((edges) => {
      if (edges.length <= this.#each) return edges;
      const [{ dataset }] = edges as [Neighbour]; // a group is not empty
      this.#more.push({
        id: matchKeyOf(sideArtifact(dataset, own, edges[0]![own])),
        dataset,
        direction: way,
      });
      return edges.slice(0, this.#each);
    });
  }

  async #draw(found: readonly Neighbour[], way: 'forward' | 'reverse'): Promise<void> {
    const side = way === 'forward' ? 'target' : 'source';
    const values = [...new Map(found.map((edge) => [`${edge.dataset} ${edge[side]}`, edge])).entries()];
    const counts = await this.#store.countOthers(
      values.map(([, edge]) => ({ dataset: edge.dataset, side, value: edge[side] })),
    );
    const shared = new Map(values.map(([id], index) => [id, counts[index]!]));
    // The rarest say most: they come first where not all can.
    const sharedOf = (edge: Neighbour): number => shared.get(`${edge.dataset} ${edge[side]}`)!;
    for (const edge of [...found].sort((a, b) => sharedOf(a) - sharedOf(b)))
      this.#add(edge, side, sharedOf(edge));
  }

  #add(edge: Neighbour, side: 'source' | 'target', shared: number): void {
    const { dataset, label, firstSeen, lastSeen, count } = edge;
    const artifact = sideArtifact(dataset, side, edge[side]);
    const id = matchKeyOf(artifact);
    if (!this.#nodes.has(id)) {
      if (shared > this.#hideAbove) {
        this.#hidden.set(`${dataset} ${id}`, { artifact, dataset, shared });
        return;
      }
      if (this.#nodes.size >= this.#limit) {
        this.#isCut = true;
        return;
      }
      this.#nodes.set(id, artifact);
    }
    const from = matchKeyOf(sideArtifact(dataset, 'source', edge.source));
    const to = matchKeyOf(sideArtifact(dataset, 'target', edge.target));
    const name = JSON.stringify([dataset, from, label, to]);
    const before = this.#edges.get(name);
    if (before === undefined || before.shared > shared)
      this.#edges.set(name, { from, to, dataset, label, shared, firstSeen, lastSeen, count });
  }

  graph(isCut: boolean): Graph {
    const edges = [...this.#edges.values()].filter(
      ({ from, to }) => this.#nodes.has(from) && this.#nodes.has(to),
    );
    const degrees = new Map<string, number>();
    for (const { from, to } of edges)
      for (const id of [from, to]) degrees.set(id, (degrees.get(id) ?? 0) + 1);
    return {
      nodes: [...this.#nodes].map(([id, artifact]) => {
        const unicode = unicodeOf(artifact);
        return {
          id,
          artifact,
          ...(unicode !== undefined && { unicode }),
          isSeed: this.#seeds.has(id),
          degree: degrees.get(id) ?? 0,
        };
      }),
      edges,
      hidden: [...this.#hidden.values()].sort((a, b) => b.shared - a.shared).slice(0, MAX_HIDDEN),
      more: this.#more,
      isCut: isCut || this.#isCut,
    };
  }
}
