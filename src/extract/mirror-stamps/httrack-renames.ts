import { hash } from 'node:crypto';

/** A link whose file name carries the first digits of its own query's MD5, as HTTrack writes it. */
export interface HttrackRename {
  readonly value: string;
  readonly offset: number;
  readonly length: number;
  readonly element?: string;
  readonly attribute?: string;
  /** Name and query before the copy. */
  readonly original: string;
}

const RENAMED = /^([^?#]{0,1000}?)([0-9a-f]{4})(\.[a-z0-9]{2,5})\?([^#]{1,1000})/;
const MAX_LINKS = 5_000;

/**
 * Links that HTTrack renamed: it stores `main.css?v=2` as `main5e1f.css` (`md5("v=2")` begins `5e1f`) and keeps the
 * query in the link. One match happens by chance once in 65,536 links; two different ones prove it. Each query counts
 * once.
 */
export function httrackRenames<
  Link extends { readonly value: string; readonly offset: number; readonly length: number },
>(links: readonly Link[]): (Link & HttrackRename)[] {
  const found = new Map<string, Link & HttrackRename>();
  for (const link of links.slice(0, MAX_LINKS)) {
    const match = RENAMED.exec(link.value);
    if (match === null) continue;
    const [, name, digits, extension, query] = match;
    const digest = hash('md5', query!);
    if (!digest.startsWith(digits!) || found.has(query!)) continue;
    found.set(query!, { ...link, original: `${name}${extension}?${query}` });
  }
  return [...found.values()];
}
