/** What the page tells the layout. Positions are x, y of each node after each other; ends are two node indexes an edge. */
export type LayoutOrder =
  | {
      readonly kind: 'graph';
      readonly run: number;
      readonly positions: Float32Array;
      readonly ends: Uint32Array;
    }
  | { readonly kind: 'pin'; readonly index: number; readonly x: number; readonly y: number };

/** Where the nodes are now; of which graph, as a slow answer may come after the next question. */
export interface LayoutReport {
  readonly run: number;
  readonly positions: Float32Array;
  readonly isDone: boolean;
}
