import type { Exchange, Outcome } from '#model';
import type { Denial, EgressFailure } from '../../egress/index.ts';
import { looksLikeBotWall } from '../../outcome/bot-wall.ts';
import { classifyNetworkError } from '../../outcome/network-error.ts';
import type { LimitLog } from '../limits.ts';

/** What is known of the visit's main page when it is over. */
export interface PageFate {
  readonly url: string;
  /** Network error of the navigation, as the browser says it. */
  readonly errorText: string | undefined;
  readonly isDownload: boolean;
  readonly isAborted: boolean;
  readonly isBrowserGone: boolean;
  readonly isRendererGone: boolean;
  /** Some document was shown. */
  readonly isShown: boolean;
  /** The exchange that delivered the document on show before anything was pressed. */
  readonly exchange: Exchange | undefined;
  /** The last exchange of the main frame's first navigation, whether or not it delivered. */
  readonly lastHop: Exchange | undefined;
  /** Why nothing of the document could be shown although it arrived. */
  readonly unreadable: string | undefined;
  /** The document's DOM after it settled. */
  readonly html: string;
  readonly denied: readonly Denial[];
  readonly failures: readonly EgressFailure[];
  readonly limits: LimitLog;
}

/** What became of the visit's main page. */
export function judge(fate: PageFate): Outcome {
  if (fate.isAborted) return { kind: 'aborted', detail: 'The visit was stopped.' };
  if (fate.isBrowserGone) return { kind: 'crashed', detail: 'The browser ended during the visit.' };
  if (fate.isRendererGone) return { kind: 'crashed', detail: whyCrashed(fate.limits) };
  if (fate.isDownload && fate.lastHop?.source === 'wire' && fate.lastHop.response === undefined)
    return { kind: 'protocolFault', detail: 'The server’s answer is no HTTP.' };
  if (fate.isDownload) return { kind: 'notAPage', detail: 'The address is a file; it was downloaded.' };
  if (!fate.isShown || (fate.errorText !== undefined && fate.exchange?.response === undefined))
    return judgeFailure(fate);
  const { exchange, unreadable } = fate;
  if (unreadable !== undefined) return { kind: classifyNetworkError(unreadable), reason: unreadable };
  if (exchange?.response === undefined) return { kind: 'ok' };
  const { status, headers } = exchange.response;
  const wall = looksLikeBotWall({ status, headers, html: fate.html });
  if (wall !== undefined)
    return {
      kind: 'blocked',
      detail: `A bot wall of ${wall} stands before the page.`,
      reason: String(status),
    };
  if (status >= 400)
    return { kind: 'httpError', reason: String(status), detail: `The server answered ${status}.` };
  return { kind: 'ok' };
}

function judgeFailure({ url, errorText, lastHop, denied, failures, limits }: PageFate): Outcome {
  const failedUrl = URL.parse(lastHop?.url ?? url);
  const isThere = ({ host, port }: { readonly host: string; readonly port: number }) =>
    host === failedUrl?.hostname.replace(/^\[|\]$/g, '') && port === portOf(failedUrl);
  const reason = errorText;
  const denial = denied.find(isThere);
  if (denial !== undefined)
    return {
      kind: 'refused',
      reason: denial.reason,
      detail: `The egress guard does not go to ${denial.host}:${denial.port}.`,
    };
  const failure = failures.find(isThere);
  if (failure !== undefined) return { kind: failure.kind, reason: failure.reason };
  if (limits.has('bytesDown') || limits.has('bodyBytes')) return { kind: 'tooLarge', reason: 'bytesDown' };
  if (limits.has('totalMs') || limits.has('loadMs'))
    return {
      kind: 'timeout',
      ...(reason !== undefined && { reason }),
      detail: 'The page did not come within the time allowed.',
    };
  if (errorText === undefined) return { kind: 'failed', detail: 'No page was shown.' };
  const status = lastHop?.response?.status;
  if (status !== undefined && /ABORTED/.test(errorText) && status < 400)
    return { kind: 'notAPage', reason: String(status), detail: `The server answered ${status} and no page.` };
  return { kind: classifyNetworkError(errorText), reason: errorText };
}

function whyCrashed(limits: LimitLog): string {
  if (limits.has('rendererBytes')) return 'The page took more memory than allowed and was ended.';
  if (limits.has('rendererCpuMs')) return 'The page took more processor time than allowed and was ended.';
  return 'The page’s renderer ended.';
}

function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}
