import {
  hostOfUrl,
  type Capture,
  type CaptureReader,
  type Download,
  type Exchange,
  type StackFrame,
  type Step,
} from '#model';
import { openContext, type ExtractContext } from './context.ts';

/** One link of the chain from what the virtual user did to the file it got. Lines and columns are 1-based. */
export type ChainLink =
  | {
      readonly kind: 'control';
      readonly tag: string;
      readonly text: string;
      readonly onclick?: string;
      readonly href?: string;
      readonly page: string;
    }
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly script: string;
      readonly line: number;
      readonly column: number;
      readonly code?: string;
    }
  | { readonly kind: 'redirect'; readonly url: string; readonly status: number; readonly location: string }
  | {
      readonly kind: 'download';
      readonly url: string;
      readonly name: string;
      readonly sha256?: string;
      readonly sizeBytes?: number;
    };

/** A download with the way that led to it. */
export interface DownloadChain {
  readonly download: Download;
  /** Host of the page where it began. */
  readonly host: string;
  /** In the order in which it happened: control, functions (outermost first), redirects, download. */
  readonly links: readonly ChainLink[];
}

const CODE_LENGTH = 200;
const MAX_HOPS = 50;

/** Every download of the capture with its chain: the control pressed, the functions that ran, each redirect, the file. */
export function downloadChains(reader: CaptureReader): DownloadChain[] {
  const context = openContext(reader);
  return reader.capture.downloads.map((download) => chainOf(download, context));
}

function chainOf(download: Download, context: ExtractContext): DownloadChain {
  const { capture } = context;
  const hops = hopsTo(download, capture);
  const first = hops[0];
  const step = capture.steps[download.step ?? first?.step ?? -1];
  const page = pageUrlOf(step, first, capture);
  const links: ChainLink[] = [
    ...controlOf(step, page),
    ...functionsOf(first, context),
    ...hops.flatMap((hop) => redirectOf(hop)),
    {
      kind: 'download',
      url: download.url,
      name: download.suggestedName,
      ...(download.file !== undefined && {
        sha256: download.file.sha256,
        sizeBytes: download.file.sizeBytes,
      }),
    },
  ];
  return { download, host: hostOfUrl(page) ?? hostOfUrl(capture.url) ?? '', links };
}

/** The exchanges that led to the download: redirects first, the one that carried it last. */
function hopsTo(download: Download, capture: Capture): Exchange[] {
  const hops: Exchange[] = [];
  let current = download.exchange === undefined ? undefined : capture.exchanges[download.exchange];
  while (current !== undefined && hops.length < MAX_HOPS) {
    hops.unshift(current);
    current = current.redirectedFrom === undefined ? undefined : capture.exchanges[current.redirectedFrom];
  }
  return hops;
}

function pageUrlOf(step: Step | undefined, first: Exchange | undefined, capture: Capture): string {
  const frame = step?.control?.frame;
  const document = capture.documents.find(
    (each) => each.frame === frame && hostOfUrl(each.url) !== undefined,
  );
  return document?.url ?? first?.documentUrl ?? capture.finalUrl ?? capture.url;
}

function controlOf(step: Step | undefined, page: string): ChainLink[] {
  if (step?.control === undefined) return [];
  const { tag, text, onclick, href } = step.control;
  return [
    {
      kind: 'control',
      tag,
      text,
      page,
      ...(onclick !== undefined && { onclick }),
      ...(href !== undefined && { href }),
    },
  ];
}

/** The named functions on the stack of the first request, outermost first, each with its line of code. */
function functionsOf(first: Exchange | undefined, context: ExtractContext): ChainLink[] {
  const stack = first?.initiator?.stack ?? [];
  const named = stack.filter(({ functionName }) => functionName !== '' && functionName !== 'onclick');
  return named.toReversed().map((frame) => ({
    kind: 'function',
    name: frame.functionName,
    script: frame.url,
    line: frame.lineNumber + 1,
    column: frame.columnNumber + 1,
    ...codeAt(frame, context),
  }));
}

function codeAt(frame: StackFrame, context: ExtractContext): { code?: string } {
  const exchange = context.capture.exchanges.find(
    ({ url, response }) => url === frame.url && response?.body !== undefined,
  );
  if (exchange === undefined) return {};
  const isPage = context.response(exchange)?.mediaType?.includes('html') === true;
  const line = context.text(exchange, isPage ? 'html' : 'script')?.line(frame.lineNumber + 1);
  if (!line) return {};
  const from = Math.max(0, Math.min(frame.columnNumber - CODE_LENGTH / 2, line.length - CODE_LENGTH));
  return { code: line.slice(from, from + CODE_LENGTH).trim() };
}

function redirectOf({ url, response }: Exchange): ChainLink[] {
  if (response === undefined || response.status < 300 || response.status >= 400) return [];
  const location = response.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  return location === undefined ? [] : [{ kind: 'redirect', url, status: response.status, location }];
}
