import type { ReactNode } from 'react';
import { Badge } from '../../design/controls.tsx';

/** What became of a visit, for people. */
const WORDS: Readonly<Record<string, string>> = {
  ok: 'The page came',
  httpError: 'The server answered with an error',
  dnsFailure: 'The name does not resolve',
  connectionFailure: 'The host does not answer',
  tlsFault: 'The TLS handshake broke',
  refused: 'Refused: the address lies where Adit does not go',
  timeout: 'The page did not come in time',
  blocked: 'A bot wall stands instead of the page',
  tooLarge: 'The page is larger than the limit',
  redirectLoop: 'Redirects without end',
  protocolFault: 'What answered speaks no HTTP',
  notAPage: 'A file, not a page',
  crashed: 'The page brought the browser down',
  aborted: 'The visit was stopped',
  failed: 'The visit failed',
};

const SHORT: Readonly<Record<string, string>> = {
  ok: 'page',
  httpError: 'error page',
  dnsFailure: 'no such name',
  connectionFailure: 'no answer',
  tlsFault: 'TLS fault',
  refused: 'refused',
  timeout: 'timeout',
  blocked: 'bot wall',
  tooLarge: 'too large',
  redirectLoop: 'redirect loop',
  protocolFault: 'no HTTP',
  notAPage: 'file',
  crashed: 'crashed',
  aborted: 'stopped',
  failed: 'failed',
};

const PARTLY = new Set(['httpError', 'blocked', 'tooLarge', 'notAPage', 'aborted', 'timeout']);

export const outcomeShort = (kind: string): string => SHORT[kind] ?? kind;

export const outcomeWords = (kind: string): string => WORDS[kind] ?? kind;

/** The outcome as a mark in a list. */
export function OutcomeBadge({ kind }: { readonly kind: string }): ReactNode {
  const tone = kind === 'ok' ? 'good' : PARTLY.has(kind) ? 'plain' : 'suspected';
  return (
    <span title={outcomeWords(kind)}>
      <Badge kind={tone}>{outcomeShort(kind)}</Badge>
    </span>
  );
}

/** Names of limits as sentences; others are shown by their name. */
const LIMITS: Readonly<Record<string, string>> = {
  totalMs: 'The visit took as long as it may',
  loadMs: 'The page took longer to load than is waited for',
  settleMs: 'The page did not become quiet',
  interactMs: 'Pressing controls took as long as it may',
  clicks: 'As many controls were pressed as are pressed on one page',
  dialogs: 'The page opened more dialogs than are answered',
  popups: 'The page opened more windows than are followed',
  requests: 'The page made more requests than are kept',
  navigations: 'The page moved on more often than is followed',
  console: 'The page wrote more to the console than is kept',
  bytesDown: 'The page sent more bytes than are kept',
  bytesUp: 'The page uploaded more bytes than are let out',
  connections: 'The page opened more connections than are allowed',
  bodyBytes: 'A response is larger than is kept',
  decodedBodyBytes: 'A response unpacks to more than is kept',
  downloads: 'The page gave more files than are kept',
  downloadBytes: 'A file is larger than is kept',
  documentLength: 'A document is larger than is kept',
  documents: 'There are more documents than are kept',
  screenshotHeight: 'The page is taller than its screenshot',
  webSocketMessages: 'There are more WebSocket messages than are kept',
  storageLength: 'The page stored more than is kept',
  cookies: 'The page set more cookies than are kept',
  decoderFailures: 'A connection could not be decoded',
  maxHeapMb: 'A connection took more memory to decode than is allowed',
};

export const limitWords = (limit: string): string =>
  LIMITS[limit] ?? `A limit was reached: ${limit.replace(/([A-Z])/g, ' $1').toLowerCase()}`;
