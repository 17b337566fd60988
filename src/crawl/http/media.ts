import type { Body } from '#model';
import type { HeaderList } from './response-reader.ts';

/** What a browser does with a response that a navigation led to. */
export type Presentation = 'html' | 'shown' | 'download';

/** First value of a field, by name in any case. */
export function headerOf(headers: HeaderList, name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1];
}

const SHOWN =
  /^(?:text|image|audio|video)\/|^application\/(?:json|xml|(?:x-)?javascript|[\w.+-]+\+(?:json|xml))$/;
const HTML = /^(?:text\/html|application\/xhtml\+xml)$/;

/** How a browser would take the response: by Content-Disposition, then by type, and by its first bytes where the type says nothing (WHATWG MIME Sniffing §7). */
export function presentationOf(headers: HeaderList, body: Body | undefined): Presentation {
  if (/^\s*attachment\b/i.test(headerOf(headers, 'content-disposition') ?? '')) return 'download';
  const magic =
    body?.magic ?? (body === undefined || body.sizeBytes === 0 ? 'text/html' : 'application/octet-stream');
  const declared = headerOf(headers, 'content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (declared === '' || declared === '*/*' || !declared.includes('/')) return presentationOfType(magic);
  // A browser looks twice at plain text only: servers send it for want of a better type.
  if (declared === 'text/plain' && !SHOWN.test(magic)) return 'download';
  return presentationOfType(declared);
}

function presentationOfType(type: string): Presentation {
  if (HTML.test(type)) return 'html';
  return SHOWN.test(type) ? 'shown' : 'download';
}

/** The name that a browser would save the file under: from Content-Disposition (RFC 6266), else from the address. Never a path. */
export function fileNameOf(headers: HeaderList, url: string): string {
  const disposition = headerOf(headers, 'content-disposition') ?? '';
  const extended = /;\s*filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)/i.exec(disposition);
  const plain = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))/i.exec(disposition);
  const fromUrl = new URL(url).pathname.split('/').at(-1) ?? '';
  const name =
    (extended === null ? undefined : percentDecoded(extended[2]!)) ??
    plain?.[1]?.replace(/\\(.)/g, '$1') ??
    plain?.[2]?.trim() ??
    percentDecoded(fromUrl) ??
    fromUrl;
  const last = name
    .split(/[\\/]/)
    .at(-1)!
    .replace(/[\0-\x1f\x7f]/g, '')
    .slice(0, 255);
  return last === '' || last === '.' || last === '..' ? 'download' : last;
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // not UTF-8
  }
}
