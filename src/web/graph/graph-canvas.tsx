import {
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
} from 'react';
import { useTheme } from '../app/theme.ts';
import { Button } from '../design/controls.tsx';
import type { Graph, GraphNode } from './graph.ts';
import { GraphScene } from './graph-scene.ts';
import { readPalette } from './palette.ts';
import styles from './graph.module.css';

const STEP_PX = 60;
/** A press that moves less is a click. */
const CLICK_PX = 4;

export interface GraphHandle {
  fit(): void;
}

/** A graph that one looks around in: drag to pan, wheel to zoom, click to choose, double-click to expand. */
export function GraphCanvas(props: {
  readonly graph: Graph;
  readonly selected?: string | undefined;
  readonly onSelect: (node: GraphNode | undefined) => void;
  readonly onExpand: (node: GraphNode) => void;
  readonly handle?: Ref<GraphHandle>;
}): ReactNode {
  const { graph, selected, handle } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const scene = useRef<GraphScene>(undefined);
  const actions = useRef(props);
  const [isSettled, setSettled] = useState(false);
  const theme = useTheme();
  useEffect(() => {
    actions.current = props;
  });
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const made = new GraphScene(element, readPalette(element.parentElement ?? element), () =>
      setSettled(true),
    );
    scene.current = made;
    const repaint = (): void => made.setPalette(readPalette(element.parentElement ?? element));
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', repaint);
    const end = listen(element, made, actions);
    return () => {
      end();
      dark.removeEventListener('change', repaint);
      made[Symbol.dispose]();
      scene.current = undefined;
    };
  }, []);
  useEffect(() => {
    setSettled(false);
    scene.current?.show(graph);
  }, [graph]);
  useEffect(() => scene.current?.select(selected), [selected, graph]);
  useEffect(() => {
    if (canvas.current !== null)
      scene.current?.setPalette(readPalette(canvas.current.parentElement ?? canvas.current));
  }, [theme]);
  useImperativeHandle(handle, () => ({ fit: () => scene.current?.fit() }), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    const made = scene.current;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => made?.pan(STEP_PX, 0),
      ArrowRight: () => made?.pan(-STEP_PX, 0),
      ArrowUp: () => made?.pan(0, STEP_PX),
      ArrowDown: () => made?.pan(0, -STEP_PX),
      '+': () => made?.zoom(1.25),
      '=': () => made?.zoom(1.25),
      '-': () => made?.zoom(0.8),
      '0': () => made?.fit(),
    };
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  return (
    <div className={styles.stage}>
      <canvas
        ref={canvas}
        className={styles.canvas}
        role="img"
        tabIndex={0}
        aria-label={`Graph of ${graph.nodes.length} artifacts and ${graph.edges.length} pivots. Arrow keys move it, plus and minus zoom, 0 shows all. The table shows the same.`}
        data-settled={isSettled}
        onKeyDown={onKeyDown}
      />
      <div className={styles.zoom}>
        <Button label="Zoom in (+)" onPress={() => scene.current?.zoom(1.4)}>
          +
        </Button>
        <Button label="Zoom out (−)" onPress={() => scene.current?.zoom(1 / 1.4)}>
          −
        </Button>
        <Button label="Show all (0)" onPress={() => scene.current?.fit()}>
          ⤢
        </Button>
      </div>
    </div>
  );
}

/** Pointer and wheel, outside React: a pan makes no component render. */
function listen(
  canvas: HTMLCanvasElement,
  scene: GraphScene,
  actions: {
    readonly current: {
      readonly onSelect: (node: GraphNode | undefined) => void;
      readonly onExpand: (node: GraphNode) => void;
    };
  },
): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  let press: { x: number; y: number; moved: number; node: number } | undefined;
  const place = (event: MouseEvent): readonly [number, number] => {
    const { left, top } = canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  canvas.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      press = { x: event.clientX, y: event.clientY, moved: 0, node: scene.nodeAt(...place(event)) };
    },
    { signal },
  );
  canvas.addEventListener(
    'pointermove',
    (event) => {
      if (press === undefined) {
        const node = scene.nodeAt(...place(event));
        scene.hover(node);
        canvas.classList.toggle(styles.pointing!, node >= 0);
        return;
      }
      const [byX, byY] = [event.clientX - press.x, event.clientY - press.y];
      press.moved += Math.abs(byX) + Math.abs(byY);
      press.x = event.clientX;
      press.y = event.clientY;
      if (press.moved < CLICK_PX) return;
      if (press.node >= 0) scene.move(press.node, ...place(event));
      else scene.pan(byX, byY);
    },
    { signal },
  );
  canvas.addEventListener(
    'pointerup',
    () => {
      if (press !== undefined && press.moved < CLICK_PX)
        actions.current.onSelect(scene.graph.nodes[press.node]);
      press = undefined;
    },
    { signal },
  );
  canvas.addEventListener('pointercancel', () => (press = undefined), { signal });
  canvas.addEventListener('pointerleave', () => scene.hover(-1), { signal });
  canvas.addEventListener(
    'dblclick',
    (event) => {
      const node = scene.graph.nodes[scene.nodeAt(...place(event))];
      if (node !== undefined) actions.current.onExpand(node);
    },
    { signal },
  );
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      scene.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0018)), ...place(event));
    },
    { signal, passive: false },
  );
  return () => controller.abort();
}
