import type { Capture, CapturedDocument } from '#model';
import { targetUri } from './warc-record.ts';

/** Text of a page that goes into the page list, for the players' full-text search. */
const MAX_TEXT_LENGTH = 64 * 1024;

/** An entry of the page list (WACZ 1.1.1 §5.2.3). */
export interface Page {
  readonly id: string;
  readonly url: string;
  readonly ts: string;
  readonly title?: string;
  readonly text?: string;
  readonly size?: number;
}

/** The pages of a capture: the one at its end first, then every other document that filled a window. There is always one. */
export function pagesOf(
  capture: Capture,
  textOf: (path: string) => string | undefined,
): readonly [Page, ...Page[]] {
  const shown = capture.documents.filter(
    (document) => document.isMainFrame && /^https?:/.test(document.url) && document.exchange !== undefined,
  );
  const finalUrl = withoutFragment(capture.finalUrl ?? capture.url);
  const main = shown.findLast((document) => withoutFragment(document.url) === finalUrl) ?? shown[0];
  const size = capture.exchanges.reduce((sum, { response }) => sum + (response?.body?.sizeBytes ?? 0), 0);
  return [
    {
      ...(main === undefined ? pageWithoutDocument(capture, finalUrl) : pageOf(capture, main, textOf)),
      ...(capture.title === undefined ? {} : { title: capture.title }),
      size,
    },
    ...shown.filter((document) => document !== main).map((document) => pageOf(capture, document, textOf)),
  ];
}

function pageOf(
  capture: Capture,
  document: CapturedDocument,
  textOf: (path: string) => string | undefined,
): Page {
  const text = document.text === undefined ? undefined : textOf(document.text);
  return {
    id: `page-${document.id}`,
    url: targetUri(document.url, capture.url),
    ts: capture.exchanges[document.exchange!]?.startedAt ?? capture.startedAt,
    ...(document.title === undefined ? {} : { title: document.title }),
    ...(text === undefined ? {} : { text: text.slice(0, MAX_TEXT_LENGTH) }),
  };
}

/** No document was shown, or the lane has no browser: the last exchange that answered under that address, else the address itself. */
function pageWithoutDocument(capture: Capture, finalUrl: string): Page {
  const exchange = capture.exchanges.findLast(({ url }) => withoutFragment(url) === finalUrl);
  return {
    id: 'page-main',
    url: targetUri(finalUrl, capture.url),
    ts: exchange?.startedAt ?? capture.startedAt,
  };
}

const withoutFragment = (url: string): string => url.replace(/#.*$/s, '');

/** `pages/pages.jsonl`: a header line and a line a page. */
export function toPagesJsonl(pages: readonly Page[]): string {
  const header = { format: 'json-pages-1.0', id: 'pages', title: 'All Pages' };
  return [header, ...pages].map((line) => `${JSON.stringify(line)}\n`).join('');
}
