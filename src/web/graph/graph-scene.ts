import { DATASET_IDS } from '#model';
import { quadtree, type Quadtree } from 'd3-quadtree';
import { hostInUnicode } from '../value/host-name.ts';
import { inertText } from '../value/inert.ts';
import type { Graph, GraphNode } from './graph.ts';
import type { Palette } from './palette.ts';
import type { LayoutOrder, LayoutReport } from './layout-messages.ts';

/** The bitmap reaches this share of the view beyond each of its sides, so that panning rarely needs a new one. */
const MARGIN = 0.5;
const MIN_SCALE = 0.03;
const MAX_SCALE = 4;
/** A zoomed bitmap is blurred; it is drawn anew when the wheel rests. */
const REST_MS = 90;
const LABEL_LENGTH = 34;

/**
 * Draws a graph on a canvas without WebGL: the scene is drawn once into a bitmap that is larger than the view, and each frame
 * of a pan only moves that bitmap, so that its cost does not depend on the number of nodes. Nodes are laid out in a worker.
 */
export class GraphScene implements Disposable {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #bitmap = document.createElement('canvas');
  readonly #worker: Worker;
  readonly #resize: ResizeObserver;
  #graph: Graph = { nodes: [], edges: [] };
  #positions: Float32Array = new Float32Array();
  #ends = new Uint32Array();
  #degrees = new Uint32Array();
  #palette: Palette;
  #run = 0;
  #tree: Quadtree<number> | undefined;
  #scale = 1;
  #x = 0;
  #y = 0;
  /** Camera of the bitmap. */
  #drawn = { scale: 1, x: 0, y: 0, width: 0, height: 0, isStale: true };
  #frame = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #isFitting = true;
  #selected = -1;
  #hovered = -1;
  #isSettled = false;
  /** The layout has come to rest. */
  readonly onSettled: () => void;

  constructor(canvas: HTMLCanvasElement, palette: Palette, onSettled: () => void = () => {}) {
    this.#canvas = canvas;
    this.#palette = palette;
    this.onSettled = onSettled;
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('this browser has no 2D canvas');
    this.#context = context;
    this.#worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<LayoutReport>) => this.#arrive(data));
    this.#resize = new ResizeObserver(() => this.#fitCanvas());
    this.#resize.observe(canvas);
    this.#fitCanvas();
  }

  get graph(): Graph {
    return this.#graph;
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Shows another graph; nodes that were there keep their places. */
  show(graph: Graph): void {
    const before = new Map(this.#graph.nodes.map(({ id }, index) => [id, index]));
    const selected = this.#graph.nodes[this.#selected]?.id;
    const old = this.#positions;
    const index = new Map(graph.nodes.map(({ id }, at) => [id, at]));
    const positions = new Float32Array(graph.nodes.length * 2);
    const ends = new Uint32Array(graph.edges.length * 2);
    const degrees = new Uint32Array(graph.nodes.length);
    graph.edges.forEach(({ from, to }, at) => {
      ends[at * 2] = index.get(from) ?? 0;
      ends[at * 2 + 1] = index.get(to) ?? 0;
      degrees[ends[at * 2]!]!++;
      degrees[ends[at * 2 + 1]!]!++;
    });
    graph.nodes.forEach(({ id }, at) => {
      const was = before.get(id);
      // New ones begin on a spiral: the same graph is laid out the same way each time.
      const radius = 9 * Math.sqrt(at + 0.5);
      const angle = at * 2.399_963;
      positions[at * 2] = was === undefined ? radius * Math.cos(angle) : old[was * 2]!;
      positions[at * 2 + 1] = was === undefined ? radius * Math.sin(angle) : old[was * 2 + 1]!;
    });
    this.#nearNeighbours(graph, before, positions, ends);
    this.#isFitting ||= before.size === 0;
    this.#graph = graph;
    this.#positions = positions;
    this.#ends = ends;
    this.#degrees = degrees;
    this.#selected = selected === undefined ? -1 : (index.get(selected) ?? -1);
    this.#hovered = -1;
    this.#tree = undefined;
    this.#isSettled = false;
    const order: LayoutOrder = { kind: 'graph', run: ++this.#run, positions: positions.slice(), ends };
    this.#worker.postMessage(order, { transfer: [] });
    this.#redraw();
  }

  /** What is new beside a node that was there begins next to it. */
  #nearNeighbours(
    graph: Graph,
    before: ReadonlyMap<string, number>,
    positions: Float32Array,
    ends: Uint32Array,
  ): void {
    if (before.size === 0) return;
    for (let at = 0; at < ends.length; at += 2) {
      const [one, two] = [ends[at]!, ends[at + 1]!];
      const isOld = (node: number): boolean => before.has(graph.nodes[node]!.id);
      const [fresh, known] = isOld(one) ? [two, one] : [one, two];
      if (isOld(fresh) || !isOld(known)) continue;
      const angle = fresh * 2.399_963;
      positions[fresh * 2] = positions[known * 2]! + 40 * Math.cos(angle);
      positions[fresh * 2 + 1] = positions[known * 2 + 1]! + 40 * Math.sin(angle);
    }
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    this.#redraw();
  }

  select(id: string | undefined): void {
    this.#selected = id === undefined ? -1 : this.#graph.nodes.findIndex((node) => node.id === id);
    this.#redraw();
  }

  hover(index: number): void {
    if (index === this.#hovered) return;
    this.#hovered = index;
    this.#schedule();
  }

  pan(byX: number, byY: number): void {
    this.#isFitting = false;
    this.#x += byX;
    this.#y += byY;
    this.#schedule();
  }

  /** Zooms around a place of the view. */
  zoom(factor: number, atX = this.#width / 2, atY = this.#height / 2): void {
    this.#isFitting = false;
    const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, this.#scale * factor));
    this.#x = atX - ((atX - this.#x) * scale) / this.#scale;
    this.#y = atY - ((atY - this.#y) * scale) / this.#scale;
    this.#scale = scale;
    this.#schedule();
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#redraw(), REST_MS);
  }

  /** Shows all of it. */
  fit(): void {
    this.#isFitting = true;
    this.#fitView();
    this.#redraw();
  }

  /** The node at a place of the view. */
  nodeAt(viewX: number, viewY: number): number {
    this.#tree ??= quadtree<number>(
      Array.from({ length: this.#graph.nodes.length }, (_, index) => index),
      (index) => this.#positions[index * 2]!,
      (index) => this.#positions[index * 2 + 1]!,
    );
    const reach = Math.max(14, 12 / this.#scale);
    return this.#tree.find((viewX - this.#x) / this.#scale, (viewY - this.#y) / this.#scale, reach) ?? -1;
  }

  /** Puts a node to a place of the view and keeps it there. */
  move(index: number, viewX: number, viewY: number): void {
    const x = (viewX - this.#x) / this.#scale;
    const y = (viewY - this.#y) / this.#scale;
    this.#positions[index * 2] = x;
    this.#positions[index * 2 + 1] = y;
    this.#tree = undefined;
    this.#isFitting = false;
    this.#isSettled = false;
    const order: LayoutOrder = { kind: 'pin', index, x, y };
    this.#worker.postMessage(order, { transfer: [] });
    this.#redraw();
  }

  /** Where a node stands in the view. */
  placeOf(index: number): { readonly x: number; readonly y: number } {
    return {
      x: this.#positions[index * 2]! * this.#scale + this.#x,
      y: this.#positions[index * 2 + 1]! * this.#scale + this.#y,
    };
  }

  [Symbol.dispose](): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#rest);
    this.#resize.disconnect();
    this.#worker.terminate();
  }

  get #width(): number {
    return this.#canvas.clientWidth;
  }

  get #height(): number {
    return this.#canvas.clientHeight;
  }

  #arrive({ run, positions, isDone }: LayoutReport): void {
    if (run !== this.#run) return;
    this.#positions = positions;
    this.#tree = undefined;
    this.#isSettled = isDone;
    if (this.#isFitting) this.#fitView();
    this.#redraw();
    if (isDone) this.onSettled();
  }

  #fitCanvas(): void {
    const ratio = Math.min(2, devicePixelRatio || 1);
    this.#canvas.width = Math.max(1, Math.round(this.#width * ratio));
    this.#canvas.height = Math.max(1, Math.round(this.#height * ratio));
    if (this.#isFitting) this.#fitView();
    this.#redraw();
  }

  #fitView(): void {
    const count = this.#graph.nodes.length;
    if (count === 0 || this.#width === 0) return;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let index = 0; index < count; index++) {
      left = Math.min(left, this.#positions[index * 2]!);
      right = Math.max(right, this.#positions[index * 2]!);
      top = Math.min(top, this.#positions[index * 2 + 1]!);
      bottom = Math.max(bottom, this.#positions[index * 2 + 1]!);
    }
    const margin = Math.min(count > 400 ? 120 : 300, this.#width * 0.4);
    const scale = Math.min(
      (this.#width - margin) / Math.max(1, right - left),
      (this.#height - 90) / Math.max(1, bottom - top),
      1.6,
    );
    this.#scale = Math.max(MIN_SCALE, scale);
    // Names stand at the right of their nodes: room for them there.
    const room = count > 400 ? 0 : Math.min(80, margin / 2 - 16);
    this.#x = this.#width / 2 - room - ((left + right) / 2) * this.#scale;
    this.#y = this.#height / 2 - ((top + bottom) / 2) * this.#scale;
  }

  #redraw(): void {
    this.#drawn.isStale = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  /** One frame: the bitmap where the camera is, and on top what follows the pointer. */
  #paint(): void {
    const [width, height] = [this.#width, this.#height];
    if (width === 0 || height === 0) return;
    const { scale, x, y } = this.#drawn;
    const grown = this.#scale / scale;
    const left = this.#x - x * grown - width * MARGIN * grown;
    const top = this.#y - y * grown - height * MARGIN * grown;
    const isCovered =
      left <= 0 &&
      top <= 0 &&
      left + this.#drawn.width * grown >= width &&
      top + this.#drawn.height * grown >= height;
    if (this.#drawn.isStale || (!isCovered && this.#scale === scale)) this.#drawBitmap();
    const ratio = this.#canvas.width / width;
    const factor = this.#scale / this.#drawn.scale;
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#context.fillStyle = this.#palette.ground;
    this.#context.fillRect(0, 0, width, height);
    this.#context.drawImage(
      this.#bitmap,
      this.#x - this.#drawn.x * factor - width * MARGIN * factor,
      this.#y - this.#drawn.y * factor - height * MARGIN * factor,
      this.#drawn.width * factor,
      this.#drawn.height * factor,
    );
    this.#context.translate(this.#x, this.#y);
    for (const index of [this.#selected, this.#hovered]) if (index >= 0) this.#drawEmphasis(index);
  }

  #drawBitmap(): void {
    const [width, height] = [this.#width, this.#height];
    const ratio = this.#canvas.width / width;
    const outer = { width: width * (1 + 2 * MARGIN), height: height * (1 + 2 * MARGIN) };
    const bitmap = this.#bitmap;
    const pixels = [Math.ceil(outer.width * ratio), Math.ceil(outer.height * ratio)] as const;
    if (bitmap.width !== pixels[0] || bitmap.height !== pixels[1]) [bitmap.width, bitmap.height] = pixels;
    const context = bitmap.getContext('2d', { alpha: false });
    if (context === null) return;
    this.#drawn = { scale: this.#scale, x: this.#x, y: this.#y, ...outer, isStale: false };
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.#palette.ground;
    context.fillRect(0, 0, bitmap.width, bitmap.height);
    context.setTransform(
      ratio,
      0,
      0,
      ratio,
      (this.#x + width * MARGIN) * ratio,
      (this.#y + height * MARGIN) * ratio,
    );
    const view = {
      left: -this.#x - width * MARGIN,
      top: -this.#y - height * MARGIN,
      right: -this.#x + width * (1 + MARGIN),
      bottom: -this.#y + height * (1 + MARGIN),
    };
    this.#drawEdges(context, view);
    this.#drawNodes(context, view);
    this.#drawLabels(context, view);
  }

  /** One path a dataset and weight, so that thousands of edges are a few strokes. */
  #drawEdges(context: CanvasRenderingContext2D, view: View): void {
    const paths = new Map<string, Path2D>();
    const { edges } = this.#graph;
    for (let at = 0; at < edges.length; at++) {
      const edge = edges[at]!;
      const [one, two] = [this.#ends[at * 2]!, this.#ends[at * 2 + 1]!];
      const x1 = this.#positions[one * 2]! * this.#scale;
      const y1 = this.#positions[one * 2 + 1]! * this.#scale;
      const x2 = this.#positions[two * 2]! * this.#scale;
      const y2 = this.#positions[two * 2 + 1]! * this.#scale;
      if (Math.max(x1, x2) < view.left || Math.min(x1, x2) > view.right) continue;
      if (Math.max(y1, y2) < view.top || Math.min(y1, y2) > view.bottom) continue;
      const weight = edge.shared === undefined ? 1 : edge.shared <= 3 ? 2 : edge.shared <= 20 ? 1 : 0;
      const key = `${DATASET_IDS.indexOf(edge.dataset)} ${weight}`;
      let path = paths.get(key);
      if (path === undefined) paths.set(key, (path = new Path2D()));
      path.moveTo(x1, y1);
      path.lineTo(x2, y2);
    }
    const isCrowded = edges.length > 1_500;
    for (const [key, path] of paths) {
      const [dataset, weight] = key.split(' ').map(Number);
      context.strokeStyle = this.#palette.datasets[DATASET_IDS[dataset!]!];
      context.lineWidth = isCrowded ? 0.7 : [0.6, 1.1, 2][weight!]!;
      context.globalAlpha = isCrowded ? 0.35 : [0.35, 0.6, 0.85][weight!]!;
      context.stroke(path);
    }
    context.globalAlpha = 1;
  }

  #radius(index: number): number {
    const node = this.#graph.nodes[index]!;
    const base = node.status === undefined ? 3.5 : 5.5;
    const grown = base + Math.min(6, Math.sqrt(this.#degrees[index]!));
    return Math.max(1.6, grown * Math.min(1, 0.45 + this.#scale * 0.55));
  }

  #drawNodes(context: CanvasRenderingContext2D, view: View): void {
    const paths = new Map<string, Path2D>();
    const holes = new Path2D(); // what is only suspected is a ring: told apart without colour
    const { nodes } = this.#graph;
    for (let index = 0; index < nodes.length; index++) {
      const x = this.#positions[index * 2]! * this.#scale;
      const y = this.#positions[index * 2 + 1]! * this.#scale;
      if (x < view.left || x > view.right || y < view.top || y > view.bottom) continue;
      const key = kindOf(nodes[index]!);
      let path = paths.get(key);
      if (path === undefined) paths.set(key, (path = new Path2D()));
      addShape(path, nodes[index]!, x, y, this.#radius(index));
      if (key === 'suspected') {
        const radius = this.#radius(index) * 0.45;
        holes.moveTo(x + radius, y);
        holes.arc(x, y, radius, 0, 2 * Math.PI);
      }
    }
    paths.set(HOLE, holes); // last, over the others
    for (const [kind, path] of paths) {
      context.fillStyle = kind === HOLE ? this.#palette.ground : this.#palette.nodes[kind as NodeKind]; // made by kindOf
      context.fill(path);
      context.lineWidth = 1;
      context.strokeStyle = kind === 'dismissed' ? this.#palette.soft : this.#palette.ground;
      context.stroke(path);
    }
  }

  /** Names where there is room: those of the project and of what many share first. */
  #drawLabels(context: CanvasRenderingContext2D, view: View): void {
    const { nodes } = this.#graph;
    const most = Math.round(30 + 120 * Math.min(1, this.#scale));
    const order = Array.from({ length: nodes.length }, (_, index) => index)
      .filter((index) => {
        const x = this.#positions[index * 2]! * this.#scale;
        const y = this.#positions[index * 2 + 1]! * this.#scale;
        return x >= view.left && x <= view.right && y >= view.top && y <= view.bottom;
      })
      .sort((a, b) => this.#importance(b) - this.#importance(a))
      .slice(0, most * 3);
    // Nothing is written over a node, as far as nodes are few enough to be told apart.
    const taken: Box[] = order.length > MOST_APART ? [] : order.map((index) => this.#boxOf(index));
    const seen = { left: -this.#x, right: -this.#x + this.#width };
    let written = 0;
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    for (const index of order) {
      if (written >= most) break;
      const x = this.#positions[index * 2]! * this.#scale;
      const y = this.#positions[index * 2 + 1]! * this.#scale;
      const text = labelOf(nodes[index]!);
      const reach = this.#radius(index) + 4;
      const width = text.length * LABEL_LETTER_PX;
      const sides = [
        { align: 'left', left: x + reach },
        { align: 'right', left: x - reach - width },
      ] as const;
      const free = sides.find(
        ({ left }) => !isCut(seen, left, width) && !taken.some((box) => isOver(box, { left, width, y })),
      );
      if (free === undefined) continue;
      written++;
      taken.push({ left: free.left, width, y });
      this.#drawLabel(context, index, x, y, text, free.align);
    }
  }

  #boxOf(index: number): Box {
    const radius = this.#radius(index);
    const x = this.#positions[index * 2]! * this.#scale;
    return { left: x - radius, width: 2 * radius, y: this.#positions[index * 2 + 1]! * this.#scale };
  }

  #importance(index: number): number {
    const { status, artifact } = this.#graph.nodes[index]!;
    const isHost = artifact.type === 'host' || artifact.type === 'domain';
    return (
      (status === undefined ? 0 : status === 'dismissed' ? 500 : 1_000) +
      (isHost ? 20 : 0) +
      this.#degrees[index]!
    );
  }

  /** Beside the node: what is left-aligned stands on its right. */
  #drawLabel(
    context: CanvasRenderingContext2D,
    index: number,
    x: number,
    y: number,
    text: string,
    align: 'left' | 'right' = 'left',
  ): void {
    const isKept = this.#graph.nodes[index]!.status !== undefined;
    context.font = `${isKept ? '600 ' : ''}11.5px ${this.#palette.font}`;
    context.textAlign = align;
    const at = x + (this.#radius(index) + 4) * (align === 'left' ? 1 : -1);
    context.lineWidth = 3;
    context.strokeStyle = this.#palette.ground;
    context.strokeText(text, at, y);
    context.fillStyle = isKept ? this.#palette.text : this.#palette.soft;
    context.fillText(text, at, y);
  }

  /** A node under the pointer, or the chosen one: its edges, a ring, its name. */
  #drawEmphasis(index: number): void {
    const context = this.#context;
    const at = (node: number): readonly [number, number] => [
      this.#positions[node * 2]! * this.#scale,
      this.#positions[node * 2 + 1]! * this.#scale,
    ];
    const [x, y] = at(index);
    context.strokeStyle = this.#palette.accent;
    context.lineWidth = 1.4;
    context.beginPath();
    for (let edge = 0; edge < this.#ends.length; edge += 2) {
      if (this.#ends[edge] !== index && this.#ends[edge + 1] !== index) continue;
      context.moveTo(...at(this.#ends[edge]!));
      context.lineTo(...at(this.#ends[edge + 1]!));
    }
    context.stroke();
    context.lineWidth = 2.5;
    context.beginPath();
    context.arc(x, y, this.#radius(index) + 4, 0, 2 * Math.PI);
    context.stroke();
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    this.#drawLabel(context, index, x, y, labelOf(this.#graph.nodes[index]!));
  }
}

/** Where a label stands; its middle is at `y`. */
interface Box {
  readonly left: number;
  readonly width: number;
  readonly y: number;
}

const LABEL_LETTER_PX = 6.8;
const LABEL_LINE_PX = 14;
const MOST_APART = 400;
const HOLE = 'hole';

/** Whether the edge of the view goes through it. */
const isCut = (view: Pick<View, 'left' | 'right'>, left: number, width: number): boolean =>
  (left < view.left && left + width > view.left) || (left < view.right && left + width > view.right);

function isOver(a: Box, b: Box): boolean {
  return Math.abs(a.y - b.y) < LABEL_LINE_PX && a.left < b.left + b.width && b.left < a.left + a.width;
}

interface View {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export type NodeKind = 'confirmed' | 'suspected' | 'dismissed' | 'host' | 'value';

function kindOf({ status, artifact: { type } }: GraphNode): NodeKind {
  if (status !== undefined) return status;
  return type === 'host' || type === 'domain' || type === 'ip' ? 'host' : 'value';
}

/** Hosts are round, addresses square, values that hosts share are diamonds: told apart without colour. */
function addShape(
  path: Path2D,
  { artifact: { type } }: GraphNode,
  x: number,
  y: number,
  radius: number,
): void {
  if (type === 'host' || type === 'domain') {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
  } else if (type === 'ip') path.rect(x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
  else {
    path.moveTo(x, y - radius * 1.15);
    path.lineTo(x + radius * 1.15, y);
    path.lineTo(x, y + radius * 1.15);
    path.lineTo(x - radius * 1.15, y);
    path.closePath();
  }
}

function labelOf({ artifact: { type, value } }: GraphNode): string {
  const text = type === 'host' || type === 'domain' ? (hostInUnicode(value) ?? value) : value;
  const shown = inertText(text);
  return shown.length > LABEL_LENGTH ? `${shown.slice(0, LABEL_LENGTH - 1)}…` : shown;
}
