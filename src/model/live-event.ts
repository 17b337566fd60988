/** Something that happened just now, for whoever watches. Only facts that a route gives as well. */
export type LiveEvent =
  | { readonly kind: 'capture-queued'; readonly job: number; readonly url: string }
  | { readonly kind: 'capture-started'; readonly job: number; readonly url: string }
  | {
      readonly kind: 'capture-done';
      readonly job: number;
      readonly url: string;
      readonly captureId: string;
      readonly outcome: string;
    }
  | { readonly kind: 'capture-failed'; readonly job: number; readonly url: string; readonly reason: string }
  | {
      readonly kind: 'import-progress';
      readonly import: string;
      readonly state: 'running' | 'done' | 'stopped' | 'failed';
      readonly doneBytes: number;
      readonly totalBytes: number;
      readonly doneFiles: number;
      readonly totalFiles: number;
    }
  | { readonly kind: 'alert'; readonly search: string; readonly owner: string; readonly count: number }
  | {
      readonly kind: 'project-changed';
      readonly project: string;
      readonly change: string;
      /** Who did it; guests are not told. */
      readonly actor: string;
    }
  | {
      readonly kind: 'demo-progress';
      readonly state: 'running' | 'done' | 'failed';
      readonly line: string;
      readonly done: number;
      readonly total: number;
      readonly project?: string | undefined;
    };

export const LIVE_EVENT_KINDS = [
  'capture-queued',
  'capture-started',
  'capture-done',
  'capture-failed',
  'import-progress',
  'alert',
  'project-changed',
  'demo-progress',
] as const satisfies readonly LiveEvent['kind'][];
