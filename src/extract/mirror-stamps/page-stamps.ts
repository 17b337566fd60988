import type { Host } from '#model';
import type { StampFacts } from '../marks/page-facts.ts';
import { STAMP_KINDS, type StampKind } from '../marks/text-marks.ts';
import { commentStamp } from './comment-stamps.ts';
import { markupStamps } from './markup-stamps.ts';
import type { MirrorStamp } from './stamp.ts';

const ALL: ReadonlySet<StampKind> = new Set(STAMP_KINDS);

/** The stamps in a page, in order; of the kinds that its marks allow. */
export function stampsOf(
  facts: StampFacts,
  pageHost: Host,
  kinds: ReadonlySet<StampKind> = ALL,
): MirrorStamp[] {
  const stamps = kinds.has('comment')
    ? facts.comments.map(commentStamp).filter((stamp) => stamp !== undefined)
    : [];
  const tools = new Set(stamps.map(({ tool }) => tool));
  for (const stamp of markupStamps(facts, pageHost, kinds)) {
    // Renamed files and a base only matter where nothing says more.
    const isWeaker = stamp.tool === 'HTTrack' && tools.has('HTTrack');
    if (!isWeaker) stamps.push(stamp);
  }
  return stamps.sort((a, b) => a.offset - b.offset);
}
