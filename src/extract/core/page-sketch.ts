import type { PageSketch } from '#model';
import type { Engine } from './engine.ts';
import * as layout from './layout.ts';

/** The sketch of the page that was scanned last. */
export function readSketch({ scanner }: Engine, cells: Int32Array): PageSketch {
  scanner.sketchFiles();
  // one buffer for all sets: making a typed array takes longer than filling it
  const sets = cells.slice(layout.SKETCH / 4, layout.FILE_SKETCH / 4 + layout.FILE_BUCKETS);
  const set = (at: number, buckets: number): Int32Array =>
    sets.subarray((at - layout.SKETCH) / 4, (at - layout.SKETCH) / 4 + buckets);
  return {
    text: set(layout.TEXT_SKETCH, layout.TEXT_BUCKETS),
    words: set(layout.WORD_SKETCH, layout.WORD_BUCKETS),
    paths: set(layout.PATH_SKETCH, layout.PATH_BUCKETS),
    tags: set(layout.TAG_SKETCH, layout.TAG_BUCKETS),
    classes: set(layout.CLASS_SKETCH, layout.CLASS_BUCKETS),
    files: set(layout.FILE_SKETCH, layout.FILE_BUCKETS),
    counts: {
      shingles: cells[layout.SHINGLES_SKETCHED / 4]!,
      words: cells[layout.VOCABULARY_SKETCHED / 4]!,
      paths: cells[layout.PATHS_SKETCHED / 4]!,
      classes: cells[layout.CLASSES_SKETCHED / 4]!,
      files: cells[layout.FILES_SKETCHED / 4]!,
    },
  };
}
