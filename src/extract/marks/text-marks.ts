import type { ComponentRule } from '../components/rule.ts';
import { COMPONENT_RULES } from '../components/rules/index.ts';
import { prepared } from '../prepared/index.ts';
import type { PartialText } from './partial-text.ts';
import type { SourceText } from '../source-text.ts';
import type { TrackerRule } from '../trackers/rule.ts';
import { TRACKER_RULES } from '../trackers/rules/index.ts';
import {
  compilePattern,
  patternKey,
  RuleScan,
  type CompiledPattern,
  type Place,
  type TextMatch,
  type TextRule,
} from './rule-scan.ts';

/** What a mark in a text shows. */
export type Mark =
  | { readonly kind: 'tracker'; readonly rule: TrackerRule }
  | {
      readonly kind: 'component';
      readonly rule: ComponentRule;
      readonly isPath: boolean;
      /** Its pattern may catch a version. */
      readonly isVersioned: boolean;
    }
  /** A copying tool may have been here: worth reading what could be its stamp. */
  | { readonly kind: 'stamp'; readonly of: StampKind };

/** Kinds of stamps by what they are read from; those in comments name their tool and source themselves. */
export type StampKind =
  | 'comment'
  | 'savePage'
  | 'scrapBook'
  | 'teleport'
  | 'bazhan'
  | 'wayback'
  | 'base'
  | 'wget'
  | 'httrack';

/** Without one of its marks in the page's text a stamp is not looked for. */
const STAMP_MARKS: Readonly<Record<StampKind, readonly RegExp[]>> = {
  comment: [/httrack/i, /saved from url=/i, /singlefile/i, /using monolith/i, /cyotek webcopy/i],
  savePage: [/savepage-/i],
  scrapBook: [/data-scrapbook-/i],
  teleport: [/tppabs/i, /by(?: |%20)teleport/i],
  bazhan: [/bazhan\.wang/i],
  wayback: [/internet archive on/i, /web\.archive\.org/i],
  base: [/<base\s/i],
  wget: [/%3f/i],
  httrack: [/[0-9a-f]{4}\.(?:css|js|html?|php|aspx?|jsp|png|jpe?g|gif|svg|ico|webp|woff2?|ttf|eot)\?/i],
};

/** All of them. */
export const STAMP_KINDS = Object.keys(STAMP_MARKS) as StampKind[]; // the record's own keys

let scan: RuleScan<Mark> | undefined;

/** The one scan that holds the rules of all datasets; made when first used. */
function markScan(): RuleScan<Mark> {
  scan ??= new RuleScan<Mark>(markRules(), prepared()?.patterns);
  return scan;
}

/** What there is to know of the patterns of all rules: worked out, by `patternKey`. */
export function compilePatterns(): ReadonlyMap<string, CompiledPattern> {
  return new Map(markRules().map((rule) => [patternKey(rule), compilePattern(rule)]));
}

function markRules(): TextRule<Mark>[] {
  return [
    ...TRACKER_RULES.flatMap(trackerMarks),
    ...COMPONENT_RULES.flatMap(componentMarks),
    ...STAMP_KINDS.flatMap((of) =>
      STAMP_MARKS[of].map((pattern): TextRule<Mark> => ({
        pattern,
        places: ['page'],
        rule: { kind: 'stamp', of },
      })),
    ),
  ];
}

function trackerMarks(rule: TrackerRule): TextRule<Mark>[] {
  const mark: Mark = { kind: 'tracker', rule };
  return rule.patterns.map((pattern) => ({ pattern, places: rule.places, rule: mark }));
}

function componentMarks(rule: ComponentRule): TextRule<Mark>[] {
  const rules = (
    patterns: readonly RegExp[] | undefined,
    places: readonly Place[],
    isPath = false,
  ): TextRule<Mark>[] =>
    (patterns ?? []).map((pattern) => {
      const isVersioned = /(?<!\\)\((?!\?)/.test(pattern.source);
      const isOnce = !isVersioned && !places.includes('url');
      return { pattern, places, rule: { kind: 'component', rule, isPath, isVersioned }, isOnce };
    });
  return [
    ...rules(rule.urls, ['url']),
    ...rules(rule.paths, ['url'], true),
    ...rules(rule.html, ['page']),
    ...rules(rule.code, ['page', 'script']),
  ];
}

const known = new WeakMap<SourceText, Map<Place, readonly TextMatch<Mark>[]>>();

/** The marks in a text, scanned once for all datasets. */
export function marksOf(source: SourceText, place: Place): readonly TextMatch<Mark>[] {
  const byPlace = known.get(source) ?? new Map<Place, readonly TextMatch<Mark>[]>();
  known.set(source, byPlace);
  const marks = byPlace.get(place) ?? findMarks(source.text, place);
  byPlace.set(place, marks);
  return marks;
}

/** The literals that page rules cannot do without, by number. */
export function pageLiterals(): readonly string[] {
  return markScan().literals('page');
}

/** Those of the rules of components for URLs, their numbers among those of all rules, and what each is a part of. */
export function urlLiterals(): {
  readonly literal: string;
  readonly number: number;
  readonly marks: readonly Mark[];
}[] {
  const scanned = markScan();
  return scanned
    .literals('url')
    .map((literal, number) => ({
      literal,
      number,
      marks: scanned.rulesOf('url', number).filter(({ kind }) => kind === 'component'),
    }))
    .filter(({ marks }) => marks.length > 0);
}

/** The kind of stamp that a literal of pages is a mark of, if any. */
export function stampKindOf(literal: number): StampKind | undefined {
  return markScan()
    .rulesOf('page', literal)
    .map((mark) => (mark.kind === 'stamp' ? mark.of : undefined))
    .find((of) => of !== undefined);
}

/** The marks of a text around literals that others found: see `RuleScan.matchesAround`. */
export function marksAround(
  text: PartialText,
  place: Place,
  found: ArrayLike<number>,
): readonly TextMatch<Mark>[] {
  return markScan().matchesAround(text, place, found);
}

/** The kinds of stamps that copying tools may have left in the page. */
export function stampKindsIn(source: SourceText): ReadonlySet<StampKind> {
  return new Set(marksOf(source, 'page').flatMap(({ rule }) => (rule.kind === 'stamp' ? [rule.of] : [])));
}

/** The last addresses: each dataset asks for the same ones. */
const REMEMBERED_URLS = 500;
const knownUrls = new Map<string, readonly TextMatch<Mark>[]>();

/** The same for URLs and header values. */
export function findMarks(text: string, place: Place): readonly TextMatch<Mark>[] {
  if (place !== 'url') return markScan().matches(text, place);
  let marks = knownUrls.get(text);
  if (marks === undefined) {
    if (knownUrls.size === REMEMBERED_URLS) knownUrls.clear();
    knownUrls.set(text, (marks = markScan().matches(text, place)));
  }
  return marks;
}
