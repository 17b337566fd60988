import { randomBytes } from 'node:crypto';
import type { Protocol } from 'devtools-protocol';
import type { Persona } from '#model';
import type { Connection } from '../devtools/connection.ts';
import type { LimitLog } from '../limits.ts';
import { emulate } from '../persona/emulation.ts';
import { ConsoleLog, cookieWatch } from './console.ts';
import { DialogLog } from './dialogs.ts';
import { DownloadLog } from './downloads.ts';
import { FrameLog } from './frames.ts';
import { PageWorlds } from './page-world.ts';
import { RequestLog, type DevToolsResponse } from './requests.ts';
import { StepLog } from './steps.ts';
import { Targets, type Watcher } from './targets.ts';
import { WebSocketLog } from './web-sockets.ts';

export interface RecorderOptions {
  readonly connection: Connection;
  readonly contextId: string;
  readonly persona: Persona;
  readonly limits: LimitLog;
  readonly ignoreCertificateErrors: boolean;
  needsBody(response: DevToolsResponse): boolean;
  /** A renderer of the context died. */
  onCrash(): void;
}

/** Everything that DevTools tells of one browser context: what the page did, and why. */
export class Recorder {
  readonly limits: LimitLog;
  readonly steps = new StepLog();
  readonly requests: RequestLog;
  readonly frames: FrameLog;
  readonly console: ConsoleLog;
  readonly dialogs: DialogLog;
  readonly sockets: WebSocketLog;
  readonly downloads: DownloadLog;
  readonly worlds: PageWorlds;
  readonly targets: Targets;
  /** Targets whose renderer died. */
  readonly crashed = new Set<string>();
  readonly workers: { readonly type: string; readonly url: string }[] = [];
  readonly #onCrash: () => void;
  readonly #stopped = Promise.withResolvers<void>();
  #popups = 0;

  constructor(options: RecorderOptions) {
    const { connection, contextId, limits, persona } = options;
    const cookieToken = randomBytes(12).toString('base64url');
    let isStopping = false;
    const onFlood = () => {
      if (isStopping) return;
      isStopping = true;
      this.#stopped.resolve();
      void this.stopScripts();
    };
    this.limits = limits;
    this.#onCrash = options.onCrash;
    this.requests = new RequestLog({ limits, steps: this.steps, needsBody: options.needsBody, onFlood });
    this.frames = new FrameLog(limits, this.steps, onFlood);
    this.console = new ConsoleLog(limits, cookieToken);
    this.dialogs = new DialogLog(limits, this.steps);
    this.sockets = new WebSocketLog(limits);
    this.worlds = new PageWorlds(limits);
    this.downloads = new DownloadLog({
      browser: connection.browser,
      contextId,
      limits,
      steps: this.steps,
      isOurs: (frame) => this.frames.has(frame),
    });
    const asPersona: Watcher = ({ session, type }) => emulate(session, type, persona);
    const pageSettings: Watcher = ({ session, type }) => {
      if (type !== 'page' && type !== 'iframe') return [];
      return [
        session.attempt('Page.addScriptToEvaluateOnNewDocument', { source: cookieWatch(cookieToken) }),
        session.attempt('Page.setInterceptFileChooserDialog', { enabled: true }),
        ...(options.ignoreCertificateErrors
          ? [session.attempt('Security.setIgnoreCertificateErrors', { ignore: true })]
          : []),
      ];
    };
    this.targets = new Targets(
      connection,
      [
        this.#watchLife,
        this.requests.watch,
        this.sockets.watch,
        this.frames.watch,
        this.console.watch,
        this.dialogs.watch,
        this.worlds.watch,
        pageSettings,
        asPersona,
      ],
      (info) => this.#admits(info),
    );
  }

  /** Resolves when the page has done so much of something that it was stopped. */
  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  /** No page of the visit runs scripts any more, and nothing is loaded any more. */
  async stopScripts(): Promise<void> {
    const live = this.targets.all.filter(
      ({ isGone, type }) => !isGone && (type === 'page' || type === 'iframe'),
    );
    await Promise.all(
      live.flatMap(({ session }) => [
        session.attempt('Emulation.setScriptExecutionDisabled', { value: true }, 2_000),
        session.attempt('Runtime.terminateExecution', undefined, 2_000),
        session.attempt('Page.stopLoading', undefined, 2_000),
      ]),
    );
  }

  stop(): void {
    this.downloads.stop();
    this.targets.forget();
  }

  #admits(info: Protocol.Target.TargetInfo): boolean {
    return (
      info.type !== 'page' || info.openerId === undefined || this.limits.admits('popups', this.#popups++)
    );
  }

  readonly #watchLife: Watcher = (target) => {
    target.session.on('Inspector.targetCrashed', () => {
      this.crashed.add(target.id);
      this.#onCrash();
    });
    if (target.type !== 'page' && target.type !== 'iframe')
      this.workers.push({ type: target.type, url: target.url });
    return [];
  };
}
