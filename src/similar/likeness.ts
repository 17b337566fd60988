import type { PageSketch } from '#model';
import { membersOf } from './bands.ts';
import {
  cardinality,
  containment,
  resemblance,
  weightedResemblance,
  type HostCount,
  type SetKind,
} from './sketch.ts';

/** How alike two pages are, by kind of content; shares from 0 to 1. */
export interface Likeness {
  /** Share of four-word shingles in common. */
  readonly text: number;
  /** Share of the shorter text that the longer holds. */
  readonly textContained: number;
  readonly words: number;
  readonly paths: number;
  /** Share of the smaller tree that the larger holds. */
  readonly pathsContained: number;
  readonly tags: number;
  /** Class names, the less the more hosts have them. */
  readonly classes: number;
  readonly classesContained: number;
  /** File names, likewise. */
  readonly files: number;
  readonly filesContained: number;
  /** Different members of the smaller of both sets, estimated. */
  readonly sizes: Readonly<Record<Sized, number>>;
}

type Sized = Exclude<SetKind, 'tags'>;

/** `hosts` weighs class and file names; without it all count alike. */
export function likenessOf(left: PageSketch, right: PageSketch, hosts?: HostCount): Likeness {
  const share = (kind: SetKind): number => resemblance(left[kind], right[kind]);
  const [text, paths] = [share('text'), share('paths')];
  const [classes, files] = [share('classes'), share('files')];
  const weighted = (kind: SetKind, plain: number): number =>
    hosts === undefined || plain === 0 ? plain : weightedResemblance(kind, left[kind], right[kind], hosts);
  const [ours, theirs] = [membersIn(left), membersIn(right)];
  const size = (kind: Sized): number =>
    Math.min(membersOf(left, kind), membersOf(right, kind), ours[kind], theirs[kind]);
  return {
    text,
    textContained: containment(text, ours.text, theirs.text),
    words: share('words'),
    paths,
    pathsContained: containment(paths, ours.paths, theirs.paths),
    tags: share('tags'),
    classes: weighted('classes', classes),
    classesContained: containment(classes, ours.classes, theirs.classes),
    files: weighted('files', files),
    filesContained: containment(files, ours.files, theirs.files),
    sizes: {
      text: size('text'),
      words: size('words'),
      paths: size('paths'),
      classes: size('classes'),
      files: size('files'),
    },
  };
}

/** Of sketches that were compared before. */
const counted = new WeakMap<PageSketch, Readonly<Record<Sized, number>>>();

/** Different members of each set, estimated; once for each sketch, since one is compared with many. */
function membersIn(sketch: PageSketch): Readonly<Record<Sized, number>> {
  const known = counted.get(sketch);
  if (known !== undefined) return known;
  const members = {
    text: cardinality(sketch.text),
    words: cardinality(sketch.words),
    paths: cardinality(sketch.paths),
    classes: cardinality(sketch.classes),
    files: cardinality(sketch.files),
  };
  counted.set(sketch, members);
  return members;
}
