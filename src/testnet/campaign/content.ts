import type { Reply } from '../site.ts';

/** Replies of the usual media types, as a site's files before its server adds fields of its own. */
export const content = {
  html: (body: string): Reply => typed('text/html; charset=utf-8', body),
  css: (body: string): Reply => typed('text/css', body),
  script: (body: string): Reply => typed('application/javascript', body),
  json: (value: unknown): Reply => typed('application/json', JSON.stringify(value)),
  text: (body: string): Reply => typed('text/plain; charset=utf-8', body),
  svg: (body: string): Reply => typed('image/svg+xml', body),
  png: (body: Uint8Array): Reply => typed('image/png', body),
  icon: (body: Uint8Array): Reply => typed('image/x-icon', body),
  /** A file to be saved, never shown. */
  attachment: (body: Uint8Array, name: string, mediaType = 'application/octet-stream'): Reply => ({
    headers: { 'Content-Type': mediaType, 'Content-Disposition': `attachment; filename="${name}"` },
    body,
  }),
  redirect: (status: 301 | 302 | 303 | 307, location: string): Reply => ({
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', Location: location },
    body: `<html><head><title>${status} Moved</title></head><body><a href="${escapeHtml(location)}">here</a></body></html>\n`,
  }),
} as const;

function typed(mediaType: string, body: string | Uint8Array): Reply {
  return { headers: { 'Content-Type': mediaType }, body };
}

/** Text as it may stand in HTML text and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** The text with each `find` replaced, in order; throws where one does not occur exactly once. */
export function replaceEach(
  text: string,
  edits: readonly (readonly [find: string, replacement: string])[],
): string {
  return edits.reduce((edited, [find, replacement]) => {
    const parts = edited.split(find);
    if (parts.length !== 2) throw new TypeError(`${parts.length - 1} occurrences of ${find}`);
    return parts.join(replacement);
  }, text);
}
