import type { UrlElement } from '#model';
import type { Session } from '../devtools/connection.ts';
import type { LimitLog } from '../limits.ts';
import { OBSERVER } from './observer-script.ts';
import type { Watcher } from './targets.ts';

const WORLD = 'adit';
const BINDING = 'aditReport';

/** Where our own scripts run beside a frame's: they see its DOM, its scripts do not see them. */
export interface World {
  readonly session: Session;
  readonly context: number;
}

/** Our own JavaScript world in every frame, and what the observer in it reports: elements that name a URL. */
export class PageWorlds {
  readonly elements: UrlElement[] = [];
  readonly #limits: LimitLog;
  readonly #worlds = new Map<string, World>();

  constructor(limits: LimitLog) {
    this.#limits = limits;
  }

  of(frame: string): World | undefined {
    return this.#worlds.get(frame);
  }

  readonly watch: Watcher = ({ session, type }) => {
    if (type !== 'page' && type !== 'iframe') return [];
    const frameOf = new Map<number, string>();
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name !== WORLD) return;
      const frame = String(context.auxData?.['frameId']);
      frameOf.set(context.id, frame);
      this.#worlds.set(frame, { session, context: context.id });
    });
    session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      const frame = frameOf.get(executionContextId);
      frameOf.delete(executionContextId);
      if (frame !== undefined && this.#worlds.get(frame)?.context === executionContextId)
        this.#worlds.delete(frame);
    });
    session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      const frame = frameOf.get(executionContextId);
      if (name === BINDING && frame !== undefined) this.#receive(frame, payload);
    });
    return [
      session.attempt('Runtime.addBinding', { name: BINDING, executionContextName: WORLD }),
      session.attempt('Page.addScriptToEvaluateOnNewDocument', {
        source: `(${OBSERVER})(${BINDING}, ${this.#limits.limits.urlElements})`,
        worldName: WORLD,
        runImmediately: true,
      }),
    ];
  };

  /** Evaluates an expression, or what it promises, in our world of the frame; undefined where that fails or takes too long. */
  async evaluate(frame: string, expression: string, timeoutMs: number): Promise<unknown> {
    const world = this.#worlds.get(frame);
    const answer = await world?.session.attempt(
      'Runtime.evaluate',
      { expression, contextId: world.context, returnByValue: true, awaitPromise: true, timeout: timeoutMs },
      timeoutMs + 500,
    );
    return answer?.exceptionDetails === undefined ? answer?.result.value : undefined;
  }

  /** The observer's own JSON; the page cannot reach the binding. */
  #receive(frame: string, payload: string): void {
    for (const seen of JSON.parse(payload) as Omit<UrlElement, 'frame'>[]) {
      if (!this.#limits.admits('urlElements', this.elements.length)) return;
      this.elements.push({ frame, ...seen });
    }
  }
}
