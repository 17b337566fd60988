import type { Protocol } from 'devtools-protocol';
import type { Navigation } from '#model';
import type { Session } from '../devtools/connection.ts';
import type { LimitLog } from '../limits.ts';
import type { StepLog } from './steps.ts';
import type { Target, Watcher } from './targets.ts';

/** A document that some frame showed. */
export interface SeenDocument {
  readonly id: number;
  readonly url: string;
  readonly frame: string;
  readonly parentFrame: string | undefined;
  readonly openerFrame: string | undefined;
  readonly isMainFrame: boolean;
  readonly loaderId: string;
  /** Target that the frame lives in. */
  readonly targetId: string;
  readonly session: Session;
  title: string | undefined;
  loaded: string | undefined;
  final: string | undefined;
  text: string | undefined;
  /** Another document, or nothing, is in its frame now. */
  isReplaced: boolean;
}

/** A popup that a page asked for. */
export interface SeenPopup {
  url: string;
  readonly openerFrame: string | undefined;
  frame: string | undefined;
  readonly step: number | undefined;
  wasBlocked: boolean;
}

/** Navigations that are the visit's own doing, or no navigation to another page. */
const OWN_REASONS = new Set([
  'initialFrameNavigation',
  'anchorClick',
  'formSubmissionGet',
  'formSubmissionPost',
]);
const MAX_NAVIGATIONS = 1_000;
const MAX_POPUPS = 50;

/** Frames and the documents in them, why they were navigated, and windows that pages opened. */
export class FrameLog {
  readonly documents: SeenDocument[] = [];
  readonly navigations: Navigation[] = [];
  readonly popups: SeenPopup[] = [];
  /** Called when a main frame has committed another document. */
  onMainNavigation: ((document: SeenDocument) => void) | undefined;
  readonly #limits: LimitLog;
  readonly #steps: StepLog;
  readonly #onFlood: () => void;
  readonly #parents = new Map<string, string>();
  readonly #frames = new Set<string>();
  readonly #current = new Map<string, SeenDocument>();
  #forcedNavigations = 0;

  constructor(limits: LimitLog, steps: StepLog, onFlood: () => void) {
    this.#limits = limits;
    this.#steps = steps;
    this.#onFlood = onFlood;
  }

  /** Whether the frame belongs to this visit. */
  has(frame: string): boolean {
    return this.#frames.has(frame);
  }

  /** Documents on show now, main frames first. */
  get current(): SeenDocument[] {
    return [...this.#current.values()].sort(
      (a, b) => Number(b.isMainFrame) - Number(a.isMainFrame) || a.id - b.id,
    );
  }

  documentIn(frame: string): SeenDocument | undefined {
    return this.#current.get(frame);
  }

  readonly watch: Watcher = (target) => {
    const { session, type } = target;
    if (type === 'page') this.#addWindow(target);
    if (type !== 'page' && type !== 'iframe') return [];
    if (type === 'iframe') this.#frames.add(target.id);
    session.on('Page.frameAttached', ({ frameId, parentFrameId }) => {
      this.#frames.add(frameId);
      this.#parents.set(frameId, parentFrameId);
    });
    session.on('Page.frameDetached', ({ frameId, reason }) => {
      if (reason === 'remove') this.#replace(frameId);
    });
    session.on('Page.frameNavigated', ({ frame }) => this.#commit(frame, target));
    session.on('Page.frameRequestedNavigation', (event) => this.#note(event));
    session.on('Page.windowOpen', ({ url }) => {
      this.#limits.admits('popups', this.popups.length, 'further ones are not all listed');
      if (this.popups.length >= MAX_POPUPS) return;
      const step = this.#steps.current;
      this.popups.push({ url, openerFrame: target.id, frame: undefined, step, wasBlocked: true });
    });
    return [session.attempt('Page.enable')];
  };

  #addWindow(target: Omit<Target, 'ready'>): void {
    this.#frames.add(target.id);
    if (target.opener === undefined) return;
    const asked = this.popups.find((popup) => popup.wasBlocked && popup.frame === undefined);
    if (asked !== undefined) {
      asked.wasBlocked = false;
      asked.frame = target.id;
      return;
    }
    this.popups.push({
      url: target.url,
      openerFrame: target.openerFrame ?? target.opener,
      frame: target.id,
      step: this.#steps.current,
      wasBlocked: false,
    });
  }

  #commit(frame: Protocol.Page.Frame, target: Omit<Target, 'ready'>): void {
    this.#replace(frame.id);
    const parent = frame.parentId ?? this.#parents.get(frame.id);
    const isMainFrame = target.type === 'page' && parent === undefined;
    // The empty page that every window starts with is nobody's doing.
    if (isMainFrame && frame.url === 'about:blank') return;
    // What Chromium shows instead of a page that did not come.
    if (frame.url.startsWith('chrome-error:')) return;
    if (!this.#limits.admits('documents', this.documents.length)) return;
    const document: SeenDocument = {
      id: this.documents.length,
      url: frame.url + (frame.urlFragment ?? ''),
      frame: frame.id,
      parentFrame: parent,
      openerFrame: isMainFrame ? (target.openerFrame ?? target.opener) : undefined,
      isMainFrame,
      loaderId: frame.loaderId,
      targetId: target.id,
      session: target.session,
      title: undefined,
      loaded: undefined,
      final: undefined,
      text: undefined,
      isReplaced: false,
    };
    this.documents.push(document);
    this.#current.set(frame.id, document);
    this.#frames.add(frame.id);
    const popup = this.popups.find((each) => each.frame === frame.id);
    if (popup !== undefined && (popup.url === '' || popup.url === 'about:blank')) popup.url = frame.url;
    if (isMainFrame) this.onMainNavigation?.(document);
  }

  #replace(frame: string): void {
    const document = this.#current.get(frame);
    if (document !== undefined) document.isReplaced = true;
    this.#current.delete(frame);
  }

  #note({ frameId, reason, url, disposition }: Protocol.Page.FrameRequestedNavigationEvent): void {
    if (this.navigations.length < MAX_NAVIGATIONS) {
      const step = this.#steps.current;
      this.navigations.push({
        frame: frameId,
        fromUrl: this.#current.get(frameId)?.url ?? '',
        url,
        reason,
        disposition,
        at: new Date().toISOString(),
        ...(step !== undefined && { step }),
      });
    }
    const isForced = this.#current.get(frameId)?.isMainFrame === true && !OWN_REASONS.has(reason);
    if (
      isForced &&
      !this.#limits.admits('navigations', this.#forcedNavigations++, 'scripts of the page were stopped')
    )
      this.#onFlood();
  }
}
