import type { PageSketch } from '#model';
import type { Engine } from './engine.ts';
import * as layout from './layout.ts';

/** The sketch of the page that was scanned last. Its sets are the scanner's own memory: see `copyOfSketch`. */
export function readSketch({ scanner, sketchSets }: Engine, cells: Int32Array): PageSketch {
  scanner.sketchFiles();
  const { text, words, paths, tags, classes, files } = sketchSets;
  return {
    text,
    words,
    paths,
    tags,
    classes,
    files,
    counts: {
      shingles: cells[layout.SHINGLES_SKETCHED / 4]!,
      words: cells[layout.VOCABULARY_SKETCHED / 4]!,
      paths: cells[layout.PATHS_SKETCHED / 4]!,
      classes: cells[layout.CLASSES_SKETCHED / 4]!,
      files: cells[layout.FILES_SKETCHED / 4]!,
    },
  };
}

/** The same, to keep while other pages are read. */
export function copyOfSketch({ text, words, paths, tags, classes, files, counts }: PageSketch): PageSketch {
  return {
    text: text.slice(),
    words: words.slice(),
    paths: paths.slice(),
    tags: tags.slice(),
    classes: classes.slice(),
    files: files.slice(),
    counts,
  };
}

/** Where the scanner puts the sets. */
export function sketchSetsIn(cells: Int32Array): Omit<PageSketch, 'counts'> {
  const set = (at: number, buckets: number): Int32Array => cells.subarray(at / 4, at / 4 + buckets);
  return {
    text: set(layout.TEXT_SKETCH, layout.TEXT_BUCKETS),
    words: set(layout.WORD_SKETCH, layout.WORD_BUCKETS),
    paths: set(layout.PATH_SKETCH, layout.PATH_BUCKETS),
    tags: set(layout.TAG_SKETCH, layout.TAG_BUCKETS),
    classes: set(layout.CLASS_SKETCH, layout.CLASS_BUCKETS),
    files: set(layout.FILE_SKETCH, layout.FILE_BUCKETS),
  };
}
