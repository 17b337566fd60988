import type { Protocol } from 'devtools-protocol';
import type { Connection, Session } from '../devtools/connection.ts';

export type TargetType = 'page' | 'iframe' | 'worker' | 'shared_worker' | 'service_worker';

/** Something in the browser that runs on its own: a page, a frame in a process of its own, a worker. */
export interface Target {
  readonly id: string;
  readonly type: TargetType;
  readonly session: Session;
  readonly openerFrame: string | undefined;
  /** For pages: target that opened it. */
  readonly opener: string | undefined;
  url: string;
  isGone: boolean;
  /** Resolves once everything is switched on in it; never rejects. */
  readonly ready: Promise<unknown>;
}

/** Switches on what it needs in a new target; what it returns is awaited before the target counts as ready. */
export type Watcher = (target: Omit<Target, 'ready'>) => readonly Promise<unknown>[];

const TYPES: ReadonlySet<string> = new Set(['page', 'iframe', 'worker', 'shared_worker', 'service_worker']);
/** Service workers are attached to at the browser; pages would attach to them a second time. */
const BELOW_PAGES = [{ type: 'service_worker', exclude: true }, { type: 'shared_worker', exclude: true }, {}];

function isTargetType(type: string): type is TargetType {
  return TYPES.has(type);
}

/**
 * The targets of one browser context. A new one waits until all watchers have sent their commands, so nothing that it
 * does goes unseen; its own children are attached to in the same way.
 */
export class Targets {
  readonly #connection: Connection;
  readonly #watchers: readonly Watcher[];
  /** Whether the target may live: asked before it runs. */
  readonly #admits: (info: Protocol.Target.TargetInfo) => boolean;
  readonly #byId = new Map<string, Target>();

  constructor(
    connection: Connection,
    watchers: readonly Watcher[],
    admits: (info: Protocol.Target.TargetInfo) => boolean,
  ) {
    this.#connection = connection;
    this.#watchers = watchers;
    this.#admits = admits;
  }

  get all(): readonly Target[] {
    return [...this.#byId.values()];
  }

  get pages(): Target[] {
    return this.all.filter(({ type, isGone }) => type === 'page' && !isGone);
  }

  get(id: string): Target | undefined {
    return this.#byId.get(id);
  }

  /** Takes a target that DevTools has just attached to. */
  attach({ sessionId, targetInfo }: Protocol.Target.AttachedToTargetEvent): void {
    const session = this.#connection.session(sessionId);
    const { type, targetId } = targetInfo;
    if (!isTargetType(type) || (this.#byId.has(targetId) && !this.#byId.get(targetId)!.isGone)) {
      void session.attempt('Runtime.runIfWaitingForDebugger');
      return;
    }
    if (!this.#admits(targetInfo)) {
      void this.#connection.browser.attempt('Target.closeTarget', { targetId });
      return;
    }
    const target = {
      id: targetId,
      type,
      session,
      openerFrame: targetInfo.openerFrameId,
      opener: targetInfo.openerId,
      url: targetInfo.url,
      isGone: false,
    };
    session.on('Target.attachedToTarget', (event) => this.attach(event));
    session.on('Target.detachedFromTarget', (event) => this.detach(event));
    // Nothing is awaited in between: a popup may be gone by the time that an answer comes.
    const enabled = [
      ...this.#watchers.flatMap((watch) => watch(target)),
      session.attempt('Target.setAutoAttach', {
        autoAttach: true,
        waitForDebuggerOnStart: true,
        flatten: true,
        filter: BELOW_PAGES,
      }),
      session.attempt('Runtime.runIfWaitingForDebugger'),
    ];
    this.#byId.set(targetId, Object.assign(target, { ready: Promise.all(enabled) }));
  }

  detach({ sessionId }: { readonly sessionId: string }): void {
    const target = this.all.find(({ session }) => session.id === sessionId);
    if (target === undefined) return;
    target.isGone = true;
    this.#connection.forget(target.session);
  }

  /** Nothing more is heard of any of them. */
  forget(): void {
    for (const { session } of this.all) this.#connection.forget(session);
  }
}
