import { DATASET_IDS, DATASETS, type DatasetId } from '#model';
import { useMemo, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import { openDialog } from '../app/dialogs.ts';
import { useQueryParam } from '../app/location.ts';
import { useShortcuts } from '../app/shortcuts.ts';
import { Badge, Button, Check, Choices, Panel } from '../design/controls.tsx';
import { Empty } from '../design/states.tsx';
import { DataTable, type Column } from '../table/data-table.tsx';
import { Rarity } from '../value/rarity.tsx';
import { counted, figure } from '../value/time.tsx';
import { Inert, Value } from '../value/value.tsx';
import { edgeId, filterGraph, type Graph, type GraphEdge, type GraphNode } from './graph.ts';
import { GraphCanvas, type GraphHandle } from './graph-canvas.tsx';
import { datasetToken } from './palette.ts';
import styles from './graph.module.css';

/** Steps of "hide what more than … share". */
const COMMON = [2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, Infinity] as const;

const SHAPES: readonly (readonly [shape: string, token: string, name: string])[] = [
  ['●', '--confirmed', 'confirmed'],
  ['◎', '--suspected-mark', 'suspected'],
  ['○', '--text-soft', 'dismissed'],
  ['●', '--accent', 'other host'],
  ['◆', '--line-control', 'shared value'],
  ['■', '--accent', 'address'],
];

/** Pivots as a graph, and the same as a table. Choose a node to see what leads to it; expand it to see what more does. */
export function GraphView(props: {
  readonly graph: Graph;
  readonly onExpand: (node: GraphNode) => void;
  /** Nodes that are being expanded. */
  readonly isBusy: boolean;
}): ReactNode {
  const { graph, onExpand, isBusy } = props;
  const [as, setAs] = useQueryParam('as');
  const [selected, setSelected] = useState<string>();
  const [common, setCommon] = useState<number>(COMMON.length - 1);
  const [without, setWithout] = useState<ReadonlySet<DatasetId>>(new Set());
  const handle = useRef<GraphHandle>(null);
  const shown = useMemo(
    () => filterGraph(graph, { commonAbove: COMMON[common] ?? Infinity, without }),
    [graph, common, without],
  );
  const chosen = shown.nodes.find(({ id }) => id === selected);
  useShortcuts([
    { keys: 'v', title: 'Graph or table', run: () => setAs(as === 'table' ? undefined : 'table') },
    ...(chosen === undefined
      ? []
      : [{ keys: 'e', title: 'Expand the chosen node', run: () => onExpand(chosen) }]),
  ]);
  const counts = new Map<DatasetId, number>();
  for (const { dataset } of graph.edges) counts.set(dataset, (counts.get(dataset) ?? 0) + 1);
  const limit = COMMON[common] ?? Infinity;
  return (
    <>
      <div className={styles.bar}>
        <Choices
          label="Shown as"
          showLabel={false}
          choices={[
            { id: 'graph', name: 'Graph' },
            { id: 'table', name: 'Table' },
          ]}
          value={as === 'table' ? 'table' : 'graph'}
          onChange={(id) => setAs(id === 'graph' ? undefined : id)}
        />
        <label className={styles.range}>
          Hide what more than
          <input
            type="range"
            min={0}
            max={COMMON.length - 1}
            value={common}
            aria-valuetext={limit === Infinity ? 'hide nothing' : `more than ${limit}`}
            onChange={(event) => setCommon(Number(event.target.value))}
          />
          <span className="figure">{limit === Infinity ? 'any number' : figure(limit)} share</span>
        </label>
        <span className="soft" role="status">
          {counted(shown.nodes.length, 'artifact')}, {counted(shown.edges.length, 'pivot')}
          {isBusy && ' · expanding…'}
        </span>
      </div>
      <div className={styles.view}>
        {shown.nodes.length === 0 ? (
          <Empty title="Nothing to draw">
            What is left out hides all of it. Show more at the right or above.
          </Empty>
        ) : as === 'table' ? (
          <EdgeTable graph={shown} />
        ) : (
          <GraphCanvas
            graph={shown}
            selected={selected}
            onSelect={(node) => setSelected(node?.id)}
            onExpand={(node) => {
              setSelected(node.id);
              onExpand(node);
            }}
            handle={handle}
          />
        )}
        <div className={styles.side}>
          {chosen !== undefined && (
            <Panel title="Chosen">
              <Chosen node={chosen} graph={shown} onExpand={() => onExpand(chosen)} />
            </Panel>
          )}
          <Panel title="Pivots by dataset">
            <ul className={styles.legend}>
              {DATASET_IDS.filter((id) => counts.has(id)).map((id) => (
                <li key={id}>
                  <Check
                    isSelected={!without.has(id)}
                    onChange={(is) => {
                      const next = new Set(without);
                      if (is) next.delete(id);
                      else next.add(id);
                      setWithout(next);
                    }}
                  >
                    <Swatch token={datasetToken(id)} />
                    {DATASETS[id].title}
                  </Check>
                  <span className={styles.count}>{figure(counts.get(id) ?? 0)}</span>
                </li>
              ))}
            </ul>
          </Panel>
          <Panel title="Marks">
            <ul className={styles.legend}>
              {SHAPES.map(([shape, token, name]) => (
                <li key={name}>
                  <span className={styles.shape} style={swatch(token)} aria-hidden="true">
                    {shape}
                  </span>
                  {name}
                </li>
              ))}
            </ul>
          </Panel>
        </div>
      </div>
    </>
  );
}

const swatch = (token: string): CSSProperties => ({ '--swatch': `var(${token})` }) as CSSProperties; // own properties are not in the type
const Swatch = ({ token }: { readonly token: string }): ReactNode => (
  <span className={styles.swatch} style={swatch(token)} aria-hidden="true" />
);

function Chosen({
  node,
  graph,
  onExpand,
}: {
  readonly node: GraphNode;
  readonly graph: Graph;
  readonly onExpand: () => void;
}): ReactNode {
  const pivots = graph.edges.filter(({ from, to }) => from === node.id || to === node.id).length;
  return (
    <div className={styles.chosen}>
      <Value {...node.artifact} />
      <span>
        {node.status !== undefined && <Badge kind={node.status}>{node.status}</Badge>}{' '}
        {node.shared !== undefined && <Rarity shared={node.shared} what="host" />}{' '}
        <span className="soft">{counted(pivots, 'pivot')} here</span>
      </span>
      <Button onPress={onExpand}>Expand</Button>
      <Button onPress={() => openDialog({ kind: 'add-to-project', artifacts: [node.artifact] })}>
        Add to project…
      </Button>
    </div>
  );
}

function EdgeTable({ graph }: { readonly graph: Graph }): ReactNode {
  const columns = useMemo<Column<GraphEdge>[]>(() => {
    const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    const cell = (id: string): ReactNode => {
      const node = nodes.get(id);
      return node === undefined ? null : <Value {...node.artifact} showAscii={false} />;
    };
    return [
      { id: 'from', title: 'From', width: 'minmax(120px, 2fr)', cell: ({ from }) => cell(from) },
      {
        id: 'dataset',
        title: 'Pivot',
        width: 'minmax(90px, 1fr)',
        cell: ({ dataset, label }) => (
          <>
            {DATASETS[dataset].title} <Inert text={label} clamp={40} />
          </>
        ),
      },
      { id: 'to', title: 'To', width: 'minmax(120px, 2fr)', cell: ({ to }) => cell(to) },
      {
        id: 'shared',
        title: 'Shared by',
        width: '92px',
        cell: ({ shared }) => (shared === undefined ? '' : <Rarity shared={shared} what="host" />),
      },
    ];
  }, [graph]);
  return (
    <DataTable
      label="Pivots"
      columns={columns}
      rows={graph.edges}
      rowKey={edgeId}
      footer={counted(graph.edges.length, 'pivot')}
    />
  );
}
