import type { Protocol } from 'devtools-protocol';
import type { Download } from '#model';
import type { Session } from '../devtools/connection.ts';
import type { LimitLog } from '../limits.ts';
import type { StepLog } from './steps.ts';

export interface SeenDownload {
  readonly id: number;
  readonly guid: string;
  readonly url: string;
  readonly frame: string;
  readonly suggestedName: string;
  readonly step: number | undefined;
  state: Download['state'] | 'inProgress';
  receivedBytes: number;
}

/** Files that the browser saves. Their events come to the browser's own session: the frame tells whose they are. */
export class DownloadLog {
  readonly downloads: SeenDownload[] = [];
  readonly #browser: Session;
  readonly #contextId: string;
  readonly #limits: LimitLog;
  readonly #steps: StepLog;
  readonly #isOurs: (frame: string) => boolean;
  readonly #begun = Promise.withResolvers<void>();

  constructor(given: {
    readonly browser: Session;
    readonly contextId: string;
    readonly limits: LimitLog;
    readonly steps: StepLog;
    readonly isOurs: (frame: string) => boolean;
  }) {
    this.#browser = given.browser;
    this.#contextId = given.contextId;
    this.#limits = given.limits;
    this.#steps = given.steps;
    this.#isOurs = given.isOurs;
    this.#browser.on('Browser.downloadWillBegin', this.#begin);
    this.#browser.on('Browser.downloadProgress', this.#progress);
  }

  /** Resolves when the first one begins. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  get runningCount(): number {
    return this.downloads.filter(({ state }) => state === 'inProgress').length;
  }

  stop(): void {
    this.#browser.off('Browser.downloadWillBegin', this.#begin);
    this.#browser.off('Browser.downloadProgress', this.#progress);
  }

  /** Ends the ones under way. */
  cancelRunning(): void {
    for (const { guid, state } of this.downloads) if (state === 'inProgress') this.#cancel(guid);
  }

  readonly #begin = (event: Protocol.Browser.DownloadWillBeginEvent): void => {
    if (!this.#isOurs(event.frameId)) return;
    this.#begun.resolve();
    if (!this.#limits.admits('downloads', this.downloads.length)) return this.#cancel(event.guid);
    this.downloads.push({
      id: this.downloads.length,
      guid: event.guid,
      url: event.url,
      frame: event.frameId,
      suggestedName: event.suggestedFilename,
      step: this.#steps.current,
      state: 'inProgress',
      receivedBytes: 0,
    });
  };

  readonly #progress = (event: Protocol.Browser.DownloadProgressEvent): void => {
    const download = this.downloads.find(({ guid }) => guid === event.guid);
    if (download === undefined || download.state === 'limit') return;
    download.receivedBytes = event.receivedBytes;
    if (event.state === 'completed') download.state = 'completed';
    else if (event.state === 'canceled') download.state = 'cancelled';
    else if (!this.#limits.admits('downloadBytes', event.receivedBytes - 1, event.guid)) {
      download.state = 'limit';
      this.#cancel(event.guid);
    }
  };

  #cancel(guid: string): void {
    void this.#browser.attempt('Browser.cancelDownload', { guid, browserContextId: this.#contextId });
  }
}
