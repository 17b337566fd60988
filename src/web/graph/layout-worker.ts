import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type Simulation,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from 'd3-force';
import type { LayoutOrder, LayoutReport } from './layout-messages.ts';

/** Positions go out this often while the layout cools down; one frame in between stays free for the page. */
const REPORT_MS = 60;

type Point = SimulationNodeDatum & { readonly index: number };
type Link = SimulationLinkDatum<Point>;

let simulation: Simulation<Point, Link> | undefined;
let points: Point[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let run = 0;

addEventListener('message', ({ data }: MessageEvent<LayoutOrder>) => {
  if (data.kind === 'graph') begin(data);
  else pin(data);
});

function begin({ run: id, positions, ends }: Extract<LayoutOrder, { kind: 'graph' }>): void {
  run = id;
  simulation?.stop();
  const count = positions.length / 2;
  points = Array.from({ length: count }, (_, index) => ({
    index,
    x: positions[index * 2]!,
    y: positions[index * 2 + 1]!,
  }));
  const links: Link[] = Array.from({ length: ends.length / 2 }, (_, index) => ({
    source: ends[index * 2]!,
    target: ends[index * 2 + 1]!,
  }));
  simulation = forceSimulation(points)
    .force('link', forceLink<Point, Link>(links).distance(46))
    .force('repel', forceManyBody<Point>().strength(-90).theta(1.1).distanceMax(900))
    .force('apart', count <= 1_500 ? forceCollide<Point>(11) : null)
    .force('x', forceX<Point>().strength(0.035))
    .force('y', forceY<Point>().strength(0.05))
    .alphaDecay(count > 2_000 ? 0.035 : 0.025)
    .stop();
  schedule();
}

function pin({ index, x, y }: Extract<LayoutOrder, { kind: 'pin' }>): void {
  const point = points[index];
  if (point === undefined || simulation === undefined) return;
  point.fx = x;
  point.fy = y;
  simulation.alpha(Math.max(simulation.alpha(), 0.15));
  schedule();
}

function schedule(): void {
  clearTimeout(timer);
  timer = setTimeout(cool, 0);
}

function cool(): void {
  if (simulation === undefined) return;
  const until = performance.now() + REPORT_MS;
  do simulation.tick();
  while (performance.now() < until && simulation.alpha() > simulation.alphaMin());
  const isDone = simulation.alpha() <= simulation.alphaMin();
  const positions = new Float32Array(points.length * 2);
  for (const { index, x, y } of points) {
    positions[index * 2] = x!;
    positions[index * 2 + 1] = y!;
  }
  const report: LayoutReport = { run, positions, isDone };
  postMessage(report, { transfer: [positions.buffer] });
  if (!isDone) schedule();
}
