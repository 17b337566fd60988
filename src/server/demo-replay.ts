import { AditError } from '#model';
import type { Workbench } from '#pipeline';

/** How far a replay is. */
interface DemoProgress {
  readonly line: string;
  readonly done: number;
  readonly total: number;
}

/** Replays the demonstration into the server's stores; resolves with the project that it made. */
export type PlayDemo = (
  onProgress: (progress: DemoProgress) => void,
) => Promise<{ readonly project: string }>;

interface DemoState extends DemoProgress {
  readonly state: 'unavailable' | 'idle' | 'running' | 'done' | 'failed';
  readonly project?: string;
}

/** The demonstration, at most once at a time, and only where it mixes with nobody's data. */
export class DemoReplay {
  readonly #workbench: Workbench;
  readonly #play: PlayDemo | undefined;
  readonly #onFault: (error: unknown) => void;
  #state: DemoState = { state: 'idle', line: '', done: 0, total: 0 };

  constructor(workbench: Workbench, play: PlayDemo | undefined, onFault: (error: unknown) => void) {
    this.#workbench = workbench;
    this.#play = play;
    this.#onFault = onFault;
  }

  async state(): Promise<DemoState> {
    if (this.#state.state !== 'idle') return this.#state;
    const isOpen = this.#play !== undefined && (await this.#isEmpty());
    return isOpen ? this.#state : { ...this.#state, state: 'unavailable' };
  }

  /** Begins it; progress is told as events. Throws `demo-unavailable`, `demo-running` or `store-not-empty`. */
  async start(): Promise<DemoState> {
    const play = this.#play;
    if (play === undefined)
      throw new AditError('demo-unavailable', 'This server cannot replay the demonstration.', {
        advice: 'npm run demo replays it into a folder of its own.',
      });
    if (this.#state.state === 'running')
      throw new AditError('demo-running', 'The demonstration is being replayed already.');
    const before = this.#state;
    this.#tell({ state: 'running', line: 'starting the test internet', done: 0, total: 0 }); // before anything is awaited
    if (!(await this.#isEmpty())) {
      this.#state = before;
      throw new AditError('store-not-empty', 'The demonstration is only replayed into an empty store.', {
        advice: 'npm run demo replays it into a folder of its own.',
      });
    }
    void this.#run(play);
    return this.#state;
  }

  async #run(play: PlayDemo): Promise<void> {
    try {
      const { project } = await play((progress) => this.#tell({ state: 'running', ...progress }));
      this.#tell({ ...this.#state, state: 'done', line: 'done', project });
    } catch (error) {
      this.#onFault(error);
      const line = error instanceof AditError ? error.message : 'It failed; the server’s log says more.';
      this.#tell({ ...this.#state, state: 'failed', line });
    }
  }

  #tell(state: DemoState & { readonly state: 'running' | 'done' | 'failed' }): void {
    this.#state = state;
    this.#workbench.live.publish({ kind: 'demo-progress', ...state });
  }

  async #isEmpty(): Promise<boolean> {
    const { captures } = await this.#workbench.store.status();
    return captures === 0 && (await this.#workbench.workspace.projects.list()).length === 0;
  }
}
