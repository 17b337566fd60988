import { createHash } from 'node:crypto';
import type { Reply } from '../../site.ts';
import { escapeHtml } from '../content.ts';
import type { Files } from '../server.ts';

export interface MirrorOptions {
  /** Host copied from. */
  readonly source: string;
  /** When each page was parsed; what the stamp says. */
  readonly copiedAt: (path: string) => Date;
}

/**
 * The files as HTTrack 3.49 leaves them on disk: pages stamped twice, files with a query renamed, links between copied
 * files relative, links to what was not copied absolute to the source.
 */
export function mirror(files: Files, options: MirrorOptions): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, reply]) => {
      const isPage = path.endsWith('.html');
      return [mirrorName(path), isPage ? mirrorPage(path, reply, files, options) : reply];
    }),
  );
}

/** `css/main.css?v=2` → `css/main5e1f.css`: four digits of the query's MD5 (without `?`) before the extension. */
export function mirrorName(path: string): string {
  const [file = '', query] = path.split('?');
  if (query === undefined) return file;
  const digits = createHash('md5').update(query).digest('hex').slice(0, 4);
  return file.replace(/(\.[^./]*)?$/, (extension) => digits + extension);
}

function mirrorPage(path: string, reply: Reply, files: Files, { source, copiedAt }: MirrorOptions): Reply {
  const base = `https://${source}${path}`;
  const html = String(reply.body).replaceAll(
    /\b(href|src|action)="([^"]*)"/g,
    (_all, name: string, value: string) =>
      `${name}="${mirrorLink(value, { base, files, isForm: name === 'action' })}"`,
  );
  return { ...reply, body: stamped(html, source + path, copiedAt(path)) };
}

function mirrorLink(
  value: string,
  { base, files, isForm }: { base: string; files: Files; isForm: boolean },
): string {
  if (value.startsWith('#') || URL.canParse(value)) return value;
  const url = new URL(value.replaceAll('&amp;', '&'), base);
  const key = url.pathname + url.search;
  if (isForm || files[key] === undefined) return escapeHtml(url.href);
  return escapeHtml(relativePath(new URL(base).pathname, mirrorName(key)) + url.search + url.hash);
}

/** From a page to a file of the same site. */
function relativePath(from: string, to: string): string {
  const up = from.split('/').length - 2;
  return '../'.repeat(up) + to.slice(1);
}

function stamped(html: string, source: string, copiedAt: Date): string {
  const stamp = `\n<!-- Mirrored from ${source} by HTTrack Website Copier/3.x [XR&CO'2014], ${copiedAt.toUTCString()} -->\n`;
  const added =
    '<!-- Added by HTTrack --><meta http-equiv="content-type" content="text/html;charset=utf-8" /><!-- /Added by HTTrack -->\n';
  const head = html.search(/<(?:head|body|meta)\b/i);
  const end = html.search(/<\/html/i);
  return html.slice(0, head) + stamp + added + html.slice(head, end) + stamp + html.slice(end);
}
