import { toCaptureReader, type CaptureSource } from '#archive';
import { decodePage, sketchPage } from '../outcome/page-sketch.ts';

/**
 * Whether a plain-HTTP capture may have missed something that a browser would see: the page has scripts, inline
 * handlers or frames, or a bot wall wants one. Pages that could not be reached, files and script-less pages need none.
 */
export function needsBrowser(source: CaptureSource): boolean {
  const { capture } = source;
  if (capture.outcome.kind === 'blocked') return true;
  const reader = toCaptureReader(source);
  return capture.documents.some(({ exchange }) => {
    const delivered = exchange === undefined ? undefined : capture.exchanges[exchange];
    const type = delivered?.response?.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
    const body =
      delivered === undefined || !/html/i.test(type ?? 'html') ? undefined : reader.responseBody(delivered);
    return body !== undefined && isActive(decodePage(body, type));
  });
}

function isActive(html: string): boolean {
  return sketchPage(html).elements.some(
    ({ name, attributes }) =>
      /^(?:script|iframe|frame|object|embed)$/.test(name) ||
      [...attributes].some(([key, value]) => key.startsWith('on') || /^\s*javascript:/i.test(value)),
  );
}
