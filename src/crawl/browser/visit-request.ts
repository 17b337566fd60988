import type { Capture } from '#model';
import type { Network } from '../egress/index.ts';
import type { CaptureLimits } from './limits.ts';
import type { BrowserMode } from './process/flags.ts';

/** One visit to make. */
export interface VisitRequest {
  readonly url: string;
  /** Press what looks like a download or a way on; default true. */
  readonly interact?: boolean;
  /**
   * Whether the visit may follow a plain link to an address, and stay on a page there. Default: the registrable
   * domains of the address asked for and of where it leads, and links that look like files.
   */
  readonly scope?: (url: string) => boolean;
  readonly limits?: Partial<CaptureLimits>;
  /** Ends the visit early; what there is by then is kept, with outcome `aborted`. */
  readonly signal?: AbortSignal;
  readonly crawl?: Capture['crawl'];
  readonly onProgress?: (what: string) => void;
}

/** What the visits of one set of virtual users share. */
export interface VisitEnvironment {
  readonly network: Network;
  readonly allowNetworks: readonly string[] | undefined;
  readonly mode: BrowserMode;
  /** Go on where a certificate is not trusted (the capture says so): many pages worth a visit have such. */
  readonly ignoreCertificateErrors: boolean;
  /** Folder for the visits' own folders. */
  readonly spoolRoot: string;
}
