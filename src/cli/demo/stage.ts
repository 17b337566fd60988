import type { CaptureSource } from '#archive';
import type { KeptCapture } from '#pipeline';

/** What every act of the demo needs. */
export interface Scene {
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly columns: number | undefined;
  readonly print: (text: string) => void;
  readonly progress: (text: string) => void;
  readonly keep: (source: CaptureSource) => Promise<KeptCapture>;
}

/** Where the demo plays by itself: in a folder of its own. */
export interface Stage extends Omit<Scene, 'keep'> {
  readonly folder: string;
}
