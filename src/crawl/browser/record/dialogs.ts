import type { Capture } from '#model';
import type { Session } from '../devtools/connection.ts';
import type { LimitLog } from '../limits.ts';
import type { StepLog } from './steps.ts';
import type { Watcher } from './targets.ts';

export interface SeenDialog {
  readonly dialog: Capture['dialogs'][number];
  readonly step: number | undefined;
}

const MAX_MESSAGE = 4_000;
const ORDER_EVERY = 100;

/** Answers dialogs as a person in a hurry does: yes, and what the prompt proposes. After too many, scripts are stopped. */
export class DialogLog {
  readonly seen: SeenDialog[] = [];
  readonly #limits: LimitLog;
  readonly #steps: StepLog;
  #refusals = 0;

  constructor(limits: LimitLog, steps: StepLog) {
    this.#limits = limits;
    this.#steps = steps;
  }

  readonly watch: Watcher = ({ session, type }) => {
    if (type !== 'page' && type !== 'iframe') return [];
    session.on('Page.javascriptDialogOpening', ({ url, message, type: kind, defaultPrompt = '' }) => {
      if (this.#limits.admits('dialogs', this.seen.length, 'scripts of the page were stopped')) {
        const dialog = {
          id: this.seen.length,
          kind,
          message: message.slice(0, MAX_MESSAGE),
          url,
          answer: kind === 'prompt' ? `accepted: ${defaultPrompt}` : 'accepted',
          at: new Date().toISOString(),
        };
        this.seen.push({ dialog, step: this.#steps.current });
        void session.attempt('Page.handleJavaScriptDialog', { accept: true, promptText: defaultPrompt });
      } else this.#refuse(session);
    });
    return [];
  };

  /**
   * Ends the script that keeps asking. V8 looks for such an order only every few hundred rounds of a loop: the dialogs
   * until then are answered as fast as can be.
   */
  #refuse(session: Session): void {
    if (this.#refusals++ % ORDER_EVERY === 0) {
      void session.attempt('Emulation.setScriptExecutionDisabled', { value: true });
      void session.attempt('Runtime.terminateExecution');
    }
    void session.attempt('Page.handleJavaScriptDialog', { accept: true });
  }
}
