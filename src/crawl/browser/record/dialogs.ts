import type { Capture } from '#model';
import type { LimitLog } from '../limits.ts';
import type { StepLog } from './steps.ts';
import type { Watcher } from './targets.ts';

export interface SeenDialog {
  readonly dialog: Capture['dialogs'][number];
  readonly step: number | undefined;
}

const MAX_MESSAGE = 4_000;

/** Answers dialogs as a person in a hurry does: yes, and what the prompt proposes. After too many, scripts are stopped. */
export class DialogLog {
  readonly seen: SeenDialog[] = [];
  readonly #limits: LimitLog;
  readonly #steps: StepLog;

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
      } else {
        void session.attempt('Emulation.setScriptExecutionDisabled', { value: true });
        void session.attempt('Runtime.terminateExecution');
      }
      void session.attempt('Page.handleJavaScriptDialog', { accept: true, promptText: defaultPrompt });
      if (this.#limits.has('dialogs')) void session.attempt('Runtime.terminateExecution');
    });
    return [];
  };
}
