import type { ExtractionCore, PageFacts } from './index.ts';
import * as layout from './layout.ts';

/** Everything that the scanner wrote for a page, bit for bit. */
export function resultsOf(facts: PageFacts, { memory }: ExtractionCore): Buffer {
  const all = Buffer.from(memory.buffer);
  const pairs = all.readInt32LE(layout.PAIR_COUNT);
  return Buffer.concat([
    all.subarray(layout.RESULT, layout.RESULT_END),
    all.subarray(layout.SKETCH, layout.SKETCH_END),
    all.subarray(layout.SKETCH_COUNTS, layout.CLASSES_SKETCHED + 4),
    all.subarray(layout.LINKS, layout.LINKS + layout.LINK_ROW * facts.linkCount),
    all.subarray(layout.PAIRS, layout.PAIRS + layout.PAIR_ROW * pairs),
    all.subarray(layout.SPANS, layout.SPANS + layout.SPAN_ROW * facts.spanCount),
    all.subarray(layout.TAGS, layout.TAGS + layout.TAG_ROW * all.readInt32LE(layout.TAG_ROWS)),
    all.subarray(layout.STRUCTURE, layout.STRUCTURE + all.readInt32LE(layout.STRUCTURE_SIZE)),
  ]);
}
