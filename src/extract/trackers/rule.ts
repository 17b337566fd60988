import type { Place } from '../marks/index.ts';

export { anyCase, id } from '../marks/pattern-template.ts';

/** One type of tracker: an identifier that points at whoever operates a page. */
export interface TrackerRule {
  /** Name of the type, as the trade has it where it has one: the label of observations. */
  readonly type: string;
  /** The service, for people. */
  readonly title: string;
  /** The first group that took part in a match is the id. */
  readonly patterns: readonly RegExp[];
  /** Default: page, script and url. */
  readonly places: readonly Place[];
  /** Must stand within 600 units of the match; its first group, if it has one, goes to `normalise`. */
  readonly near: RegExp | undefined;
  /** Ids that the pattern matches but that are none (examples, placeholders, other paths of the site). */
  readonly accept: (id: string) => boolean;
  /** The one form in which the id is stored. */
  readonly normalise: (id: string, near: string) => string;
  /** A second identifier that is part of this one. */
  readonly also: { readonly type: string; readonly of: (id: string) => string } | undefined;
}

const ANYWHERE: readonly Place[] = ['page', 'script', 'url'];

/** A rule with everything usual left out. */
export function tracker(
  type: string,
  title: string,
  patterns: readonly RegExp[],
  options: Partial<Omit<TrackerRule, 'type' | 'title' | 'patterns'>> = {},
): TrackerRule {
  return {
    type,
    title,
    patterns,
    places: options.places ?? ANYWHERE,
    near: options.near,
    accept: options.accept ?? (() => true),
    normalise: options.normalise ?? ((id) => id),
    also: options.also,
  };
}

/** The content of a meta element by its name, whichever attribute comes first. */
export function metaContent(name: string, content: string): readonly RegExp[] {
  const escaped = name.replace(/[.]/g, '\\.');
  return [
    new RegExp(String.raw`${escaped}["']?\s{1,8}content\s{0,2}=\s{0,2}["']?(${content})["'\s/>]`, 'i'),
    new RegExp(
      String.raw`content\s{0,2}=\s{0,2}["'](${content})["']\s{1,8}(?:name|property)\s{0,2}=\s{0,2}["']?${escaped}["'\s/>]`,
      'i',
    ),
  ];
}

export const lower = (id: string): string => id.toLowerCase();
export const upper = (id: string): string => id.toUpperCase();
