import { membersOf } from './bands.ts';
import {
  cardinality,
  containment,
  resemblance,
  weightedResemblance,
  type HostCount,
  type SetKind,
  type Sketch,
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
  readonly sizes: Readonly<Record<'text' | 'words' | 'paths' | 'classes' | 'files', number>>;
}

const one: HostCount = () => 1;

export function likenessOf(left: Sketch, right: Sketch, hosts: HostCount = one): Likeness {
  const share = (kind: SetKind): number => resemblance(left[kind], right[kind]);
  const contained = (kind: SetKind): number => containment(left[kind], right[kind]);
  const weighted = (kind: SetKind): number => weightedResemblance(kind, left[kind], right[kind], hosts);
  const size = (kind: SetKind): number =>
    Math.min(
      membersOf(left, kind),
      membersOf(right, kind),
      cardinality(left[kind]),
      cardinality(right[kind]),
    );
  return {
    text: share('text'),
    textContained: contained('text'),
    words: share('words'),
    paths: share('paths'),
    pathsContained: contained('paths'),
    tags: share('tags'),
    classes: weighted('classes'),
    classesContained: contained('classes'),
    files: weighted('files'),
    filesContained: contained('files'),
    sizes: {
      text: size('text'),
      words: size('words'),
      paths: size('paths'),
      classes: size('classes'),
      files: size('files'),
    },
  };
}
