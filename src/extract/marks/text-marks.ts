import type { ComponentRule } from '../components/rule.ts';
import { COMPONENT_RULES } from '../components/rules/index.ts';
import type { SourceText } from '../source-text.ts';
import type { TrackerRule } from '../trackers/rule.ts';
import { TRACKER_RULES } from '../trackers/rules/index.ts';
import { RuleScan, type PartialText, type Place, type TextMatch, type TextRule } from './rule-scan.ts';

/** What a mark in a text shows. */
export type Mark =
  | { readonly kind: 'tracker'; readonly rule: TrackerRule }
  | { readonly kind: 'component'; readonly rule: ComponentRule; readonly isPath: boolean }
  /** A copying tool may have been here: worth reading the comments and attributes for its stamp. */
  | { readonly kind: 'stamp' };

const STAMP_MARKS: readonly RegExp[] = [
  /httrack/i,
  /saved from url=/i,
  /singlefile/i,
  /savepage-/i,
  /data-scrapbook-/i,
  /using monolith/i,
  /cyotek webcopy/i,
  /tppabs/i,
  /by teleport/i,
  /bazhan\.wang/i,
  /internet archive on/i,
  /web\.archive\.org/i,
  /<base\s/i,
  /%3f/i,
  /[0-9a-f]{4}\.(?:css|js|html?|php|aspx?|jsp|png|jpe?g|gif|svg|ico|webp|woff2?|ttf|eot)\?/i,
];

let scan: RuleScan<Mark> | undefined;

/** The one scan that holds the rules of all datasets; made when first used. */
function markScan(): RuleScan<Mark> {
  scan ??= new RuleScan<Mark>([
    ...TRACKER_RULES.flatMap(trackerMarks),
    ...COMPONENT_RULES.flatMap(componentMarks),
    ...STAMP_MARKS.map((pattern): TextRule<Mark> => ({ pattern, places: ['page'], rule: { kind: 'stamp' } })),
  ]);
  return scan;
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
    (patterns ?? []).map((pattern) => ({ pattern, places, rule: { kind: 'component', rule, isPath } }));
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

/** Those of the rules for URLs. */
export function urlLiterals(): readonly string[] {
  return markScan().literals('url');
}

/** Whether a literal of pages belongs to the rules that say that a copying tool may have been here. */
export function isStampLiteral(literal: number): boolean {
  return markScan()
    .rulesOf('page', literal)
    .some(({ kind }) => kind === 'stamp');
}

/** The marks of a page around literals that others found: see `RuleScan.matchesAround`. */
export function marksAround(text: PartialText, found: ArrayLike<number>): readonly TextMatch<Mark>[] {
  return markScan().matchesAround(text, 'page', found);
}

/** Whether a copying tool may have left a stamp in the page. */
export function hasStampMark(source: SourceText): boolean {
  return marksOf(source, 'page').some(({ rule }) => rule.kind === 'stamp');
}

/** The same without keeping them: for URLs and header values. */
export function findMarks(text: string, place: Place): readonly TextMatch<Mark>[] {
  return markScan().matches(text, place);
}
