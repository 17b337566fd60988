import type { Host } from '#model';
import type { PageFacts } from '../marks/page-facts.ts';
import { commentStamp } from './comment-stamps.ts';
import { markupStamps } from './markup-stamps.ts';
import type { MirrorStamp } from './stamp.ts';

/** The stamps in a page, in order. */
export function stampsOf(facts: PageFacts, pageHost: Host): MirrorStamp[] {
  const stamps = facts.comments.map(commentStamp).filter((stamp) => stamp !== undefined);
  const tools = new Set(stamps.map(({ tool }) => tool));
  for (const stamp of markupStamps(facts, pageHost)) {
    // Renamed files and a base only matter where nothing says more.
    const isWeaker = stamp.tool === 'HTTrack' && tools.has('HTTrack');
    if (!isWeaker) stamps.push(stamp);
  }
  return stamps.sort((a, b) => a.offset - b.offset);
}
