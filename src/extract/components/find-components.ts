import { WholeText, type TextMatch } from '../marks/index.ts';
import { findMarks, marksAround, type Mark } from '../marks/text-marks.ts';
import type { ComponentRule } from './rule.ts';
import { COMPONENT_RULES } from './rules/index.ts';

/** A product that showed itself. */
export interface ComponentFinding {
  readonly rule: ComponentRule;
  readonly version: string | undefined;
  /** UTF-16 units from the start of the text, where it was found in one. */
  readonly offset?: number;
  readonly length?: number;
}

/** Longest header or meta value that is matched. */
const MAX_VALUE = 2_048;

type ValueRules = ReadonlyMap<string, readonly (readonly [RegExp, ComponentRule])[]>;

function byName(pick: (rule: ComponentRule) => Readonly<Record<string, RegExp>> | undefined): ValueRules {
  const rules = new Map<string, [RegExp, ComponentRule][]>();
  for (const rule of COMPONENT_RULES) {
    for (const [name, pattern] of Object.entries(pick(rule) ?? {})) {
      const list = rules.get(name) ?? [];
      list.push([pattern, rule]);
      rules.set(name, list);
    }
  }
  return rules;
}

const HEADER_RULES = byName((rule) => rule.headers);
const META_RULES = byName((rule) => rule.meta);
/** Names of meta elements that rules ask for, lower case. */
export const META_NAMES: ReadonlySet<string> = new Set(META_RULES.keys());
const COOKIE_RULES: readonly (readonly [RegExp, ComponentRule])[] = COMPONENT_RULES.flatMap((rule) =>
  (rule.cookies ?? []).map((pattern) => [pattern, rule] as const),
);

/** Products that a response header shows. */
export function componentsOfHeader(name: string, value: string): readonly ComponentFinding[] {
  return ofValue(HEADER_RULES, name.toLowerCase(), value);
}

/** Products that a meta element shows. */
export function componentsOfMeta(name: string, content: string): readonly ComponentFinding[] {
  return ofValue(META_RULES, name, content);
}

/** Servers and generators are the same again and again: the last values are remembered, by rules and name. */
const REMEMBERED_VALUES = 10_000;
const knownValues = new Map<string, readonly ComponentFinding[]>();
const NOTHING: readonly ComponentFinding[] = [];

function ofValue(rules: ValueRules, name: string, value: string): readonly ComponentFinding[] {
  const ofName = rules.get(name);
  if (ofName === undefined) return NOTHING;
  const text = value.slice(0, MAX_VALUE).trim();
  const key = `${rules === META_RULES ? 'meta' : 'header'} ${name} ${text}`;
  let findings = knownValues.get(key);
  if (findings === undefined) {
    findings = ofName.flatMap(([pattern, rule]) => {
      const match = pattern.exec(text);
      return match === null ? [] : [{ rule, version: versionOf(match) }];
    });
    if (knownValues.size === REMEMBERED_VALUES) knownValues.clear();
    knownValues.set(key, findings);
  }
  return findings;
}

/** Products that set a cookie of that name. */
export function componentsOfCookie(name: string): ComponentFinding[] {
  return COOKIE_RULES.filter(([pattern]) => pattern.test(name.slice(0, 256))).map(([, rule]) => ({
    rule,
    version: undefined,
  }));
}

interface UrlComponents {
  readonly ofPage: readonly ComponentFinding[];
  readonly ofServer: readonly ComponentFinding[];
}

/** What a URL that a page loads shows. */
export interface LoadComponents extends UrlComponents {
  /** Resolved. */
  readonly url: string;
}

/** Longest URL that is looked at. */
const MAX_URL = 4_096;
const NO_COMPONENTS: UrlComponents = { ofPage: [], ofServer: [] };
/** Pages load the same files again and again: the last URLs are remembered; long ones, which are hardly ever the same, are not. */
const REMEMBERED_URLS = 20_000;
const MAX_REMEMBERED = 512;
const known = new Map<string, UrlComponents>();
/** By the URLs as they were written, absolute ones. */
const knownLoads = new Map<string, LoadComponents>();

/** Products that a URL shows, apart by whom it speaks of: the page that loads it, or the host that serves it. */
export function componentsOfUrl(url: string): UrlComponents {
  if (url.length > MAX_URL) return NO_COMPONENTS;
  let components = known.get(url);
  if (components === undefined) {
    components = ofMarks(url, findMarks(url, 'url'));
    if (url.length > MAX_REMEMBERED) return components;
    if (known.size === REMEMBERED_URLS) known.clear();
    known.set(url, components);
  }
  return components;
}

/** A URL that leads to the same place from every page. */
const ABSOLUTE = /^https?:\/\//;

const isShared = (written: string): boolean => written.length <= MAX_REMEMBERED && ABSOLUTE.test(written);

/** What a URL that a page loads showed before, as it is written there. */
export function knownLoad(written: string): LoadComponents | undefined {
  return isShared(written) ? knownLoads.get(written) : undefined;
}

/** What it shows, resolved. Others find the literals of the rules: each one's number and offset in turn, in order. */
export function componentsOfLoad(
  written: string,
  resolved: string,
  find: (url: string) => readonly number[],
): LoadComponents {
  if (!isShared(written)) return { url: resolved, ...componentsAround(resolved, find(resolved)) };
  const url = apart(resolved);
  const components = { url, ...componentsAround(url, find(url)) };
  if (knownLoads.size === REMEMBERED_URLS) knownLoads.clear();
  knownLoads.set(apart(written), components);
  return components;
}

/** A text of its own: what was cut from a page's would keep the whole of that. */
const apart = (text: string): string => Buffer.from(text).toString();

function componentsAround(url: string, found: readonly number[]): UrlComponents {
  if (found.length === 0 || url.length > MAX_URL) return NO_COMPONENTS;
  return ofMarks(url, marksAround(new WholeText(url), 'url', found));
}

function ofMarks(url: string, marks: readonly TextMatch<Mark>[]): UrlComponents {
  if (marks.length === 0) return NO_COMPONENTS;
  const ofPage: ComponentFinding[] = [];
  const ofServer: ComponentFinding[] = [];
  const pathStart = url.indexOf('/', url.indexOf('://') + 3);
  for (const { rule: mark, match, offset } of marks) {
    if (mark.kind !== 'component') continue;
    const finding = { rule: mark.rule, version: versionOf(match) };
    if (!mark.isPath) ofPage.push(finding);
    else if (pathStart !== -1 && offset >= pathStart) ofServer.push(finding);
  }
  return { ofPage, ofServer };
}

/** Products whose marks stand in a page or script. */
export function componentsOfMarks(marks: readonly TextMatch<Mark>[]): ComponentFinding[] {
  return marks.flatMap(({ rule: mark, match, offset }) =>
    mark.kind === 'component'
      ? [{ rule: mark.rule, version: versionOf(match), offset, length: match[0].length }]
      : [],
  );
}

/** The version that a pattern caught, in one form: digits first, no `v`, no trailing dot. */
function versionOf(match: RegExpExecArray): string | undefined {
  const version = match.slice(1).find((group) => group !== undefined && /\d/.test(group));
  return version
    ?.replace(/^v/i, '')
    .replace(/[.-]+$/, '')
    .toLowerCase();
}
