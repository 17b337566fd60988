/**
 * Fingerprints: values that pages of one origin, kit or operator share. Of main-frame pages: title, digest of the body
 * as delivered and of the visible text, shape of the markup, order of the response headers; and the icon's hashes.
 */
import { hostOfUrl, sha256, type Evidence, type Host, type Observation } from '#model';
import type { ExtractContext, Page } from '../context.ts';
import { iconHash } from './murmur3.ts';

export { domShape } from './dom-shape.ts';
export { iconHash, murmur3 } from './murmur3.ts';

const MAX_TITLE = 500;
const MAX_ICON = 1_000_000;
const MAX_ORDER = 2_048;

/** Observations of the dataset `fingerprints`. */
export function fingerprints(context: ExtractContext): Observation[] {
  const observations: Observation[] = [];
  const add = (
    source: Host,
    label: string,
    target: string | undefined,
    url: string,
    evidence: Evidence,
  ): void => {
    if (target === undefined || target === '') return;
    observations.push(context.observe('fingerprints', { source, label, target, detail: { url }, evidence }));
  };
  for (const page of context.pages()) {
    if (!page.isMainFrame) continue;
    for (const { label, target, evidence } of ofPage(context, page))
      add(page.host, label, target, page.url, evidence);
  }
  for (const { exchange, url } of iconsOf(context)) {
    const icon = context.reader.responseBody(context.capture.exchanges[exchange]!);
    const host = hostOfUrl(context.capture.finalUrl ?? context.capture.url) ?? hostOfUrl(url);
    if (icon === undefined || icon.length === 0 || icon.length > MAX_ICON || host === undefined) continue;
    add(host, 'favicon.mmh3', String(iconHash(icon)), url, { exchange });
    add(host, 'favicon.sha256', sha256(icon), url, { exchange });
  }
  return observations;
}

interface Fingerprint {
  readonly label: string;
  readonly target: string | undefined;
  readonly evidence: Evidence;
}

function ofPage(context: ExtractContext, page: Page): Fingerprint[] {
  const [text] = page.texts();
  const found: Fingerprint[] = [];
  if (text !== undefined) {
    const title = text.reading.title();
    const titleEvidence: Evidence = {
      ...text.evidence,
      ...(title !== undefined && {
        ...text.reading.positionOf(title.offset),
        length: title.length,
        element: 'title',
      }),
    };
    found.push({
      label: 'title',
      target: titleOf(title?.text ?? page.document?.title),
      evidence: titleEvidence,
    });
    found.push({ label: 'dom.shape', target: text.reading.shape(), evidence: text.evidence });
  }
  const response = page.exchange?.response;
  if (page.exchange !== undefined && response !== undefined) {
    const evidence = { exchange: page.exchange.id };
    const isWhole = response.body?.truncated === undefined && response.body?.sizeBytes !== 0;
    found.push({ label: 'body.sha256', target: isWhole ? response.body?.sha256 : undefined, evidence });
    found.push({ label: 'headers.order', target: headerOrder(response.headers), evidence });
  }
  const { document } = page;
  const visible = document?.text === undefined ? undefined : context.reader.attachment(document.text);
  if (document !== undefined && visible !== undefined) {
    found.push({
      label: 'text.sha256',
      target: textDigest(visible),
      evidence: { document: document.id, phase: 'final' },
    });
  }
  return found;
}

/** Words of letters that are their own normal form, one space between: most titles. */
const FOLDED_TITLE = /^[!-~\u00a1-\u02ff]+(?: [!-~\u00a1-\u02ff]+)*$/;

function titleOf(title: string | undefined): string | undefined {
  const folded =
    title === undefined || FOLDED_TITLE.test(title)
      ? title
      : title.normalize('NFC').replace(/\s+/g, ' ').trim();
  return folded?.slice(0, MAX_TITLE);
}

/** Header names in the order and case in which they were sent, neighbouring repetitions once. */
function headerOrder(headers: readonly (readonly [string, string])[]): string {
  let order = '';
  let before: string | undefined;
  for (const [name] of headers) {
    if (name !== before) order += before === undefined ? name : `,${name}`;
    before = name;
  }
  return order.slice(0, MAX_ORDER);
}

/** Of the visible text with white space folded; texts under 64 characters say nothing. */
function textDigest(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes).normalize('NFC').replace(/\s+/g, ' ').trim();
  return text.length < 64 ? undefined : sha256(text);
}

/** The capture's icon; where the browser told of none, images that were asked for at `/favicon.ico`. */
function iconsOf(context: ExtractContext): readonly { readonly exchange: number; readonly url: string }[] {
  const { favicon } = context.capture;
  if (favicon !== undefined) return [favicon];
  for (const { exchange, response, url, mediaType } of context.responses()) {
    const isImage = mediaType === undefined || mediaType.startsWith('image/');
    if (response.status === 200 && isImage && URL.parse(url)?.pathname === '/favicon.ico')
      return [{ exchange: exchange.id, url }];
  }
  return [];
}
