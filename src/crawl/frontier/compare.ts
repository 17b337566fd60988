import type { CaptureReader, Outcome, Persona } from '#model';
import { viewCapture, siteOf, type PersonaView } from './persona-view.ts';
import { containment } from './similarity.ts';

export type Aspect =
  | 'outcome'
  | 'destination'
  | 'text'
  | 'credentials'
  | 'downloads'
  | 'way'
  | 'title'
  | 'forms'
  | 'scripts'
  | 'sites';

/** Personas that were shown the same in one respect. */
export interface PersonaGroup {
  readonly personas: readonly string[];
  /** What they were shown, for people. */
  readonly value: string;
}

/** One respect in which not all personas were shown the same. */
export interface PersonaDifference {
  readonly aspect: Aspect;
  /** Counts as cloaking; others are what pages that mean no harm differ in, too. */
  readonly isMaterial: boolean;
  readonly groups: readonly PersonaGroup[];
  /** What the groups have in common that others have not: the traits that the site seems to go by. */
  readonly separatedBy: readonly PersonaTrait[];
  /** A sentence. */
  readonly says: string;
}

/** What several personas were shown under one address. */
export interface CloakingReport {
  readonly url: string;
  readonly personas: readonly string[];
  /** Material differences were found. A verdict on what was shown, not on what is meant. */
  readonly isCloaked: boolean;
  /** A sentence for each material difference. */
  readonly reasons: readonly string[];
  readonly differences: readonly PersonaDifference[];
  /** Personas whose visit says nothing (timeout, bot wall, …), and why; they are left out of the comparison. */
  readonly inconclusive: readonly { readonly persona: string; readonly why: string }[];
}

export type PersonaTrait = 'device' | 'system' | 'language' | 'referrer' | 'timeZone' | 'egress';

/** Faults that pass: they may have met any persona. */
const PASSING_OUTCOMES: ReadonlySet<Outcome['kind']> = new Set([
  'dnsFailure',
  'connectionFailure',
  'tlsFault',
  'refused',
  'timeout',
  'blocked',
  'protocolFault',
  'crashed',
  'aborted',
  'failed',
]);
const PASSING_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Texts of which this much is common are the same content. */
const SAME_CONTENT = 0.5;
/** Texts of which less than this is common are other content. */
const OTHER_CONTENT = 0.25;
/** Structures of which this much is common are one template. */
const SAME_TEMPLATE = 0.6;
/** A page of fewer words has no content to speak of; one of so many has. */
const FEW_WORDS = 15;
/** Of fewer words nothing can be said. */
const LEAST_WORDS = 3;
const MANY_WORDS = 60;

/** Compares what personas were shown under one address (captures of the same URL, two or more). */
export function comparePersonas(captures: readonly CaptureReader[]): CloakingReport {
  return compareViews(captures.map(viewCapture));
}

/** As `comparePersonas`, over views taken before. */
export function compareViews(views: readonly PersonaView[]): CloakingReport {
  const named = nameViews(views);
  const inconclusive = named.flatMap(({ name, view }) => {
    const why = whyInconclusive(view);
    return why === undefined ? [] : [{ persona: name, why }];
  });
  const compared = named.filter(({ view }) => whyInconclusive(view) === undefined);
  const differences =
    compared.length < 2 ? [] : COMPARISONS.flatMap((comparison) => comparison(compared) ?? []);
  const material = differences.filter(({ isMaterial }) => isMaterial);
  return {
    url: views[0]?.url ?? '',
    personas: named.map(({ name }) => name),
    isCloaked: material.length > 0,
    reasons: material.map(({ says }) => says),
    differences,
    inconclusive,
  };
}

interface NamedView {
  readonly name: string;
  readonly view: PersonaView;
}

type Comparison = (views: readonly NamedView[]) => PersonaDifference | undefined;

const COMPARISONS: readonly Comparison[] = [
  compareOutcomes,
  compareDestinations,
  compareTexts,
  compareCredentials,
  compareDownloads,
  (views) =>
    note('way', views, ({ way }) => way.map(withoutNoise).join(' → '), 'The way to the page differs'),
  (views) => note('title', views, titleOf, 'Titles differ'),
  (views) => note('forms', views, ({ forms }) => listed(forms), 'Forms differ'),
  (views) =>
    note('scripts', views, ({ scriptSites }) => listed(scriptSites), 'Scripts come from different sites'),
  (views) => note('sites', views, ({ sites }) => listed(sites), 'Different sites were contacted'),
];

/** A page for some, an error or something else for others. */
function compareOutcomes(views: readonly NamedView[]): PersonaDifference | undefined {
  const kindOf = ({ outcome, status }: PersonaView): string =>
    outcome.kind === 'httpError'
      ? `status ${status ?? outcome.reason ?? 'unknown'}`
      : isShown(outcome)
        ? 'a page'
        : outcome.kind;
  const groups = groupBy(views, kindOf);
  if (groups.length < 2) return undefined;
  // Two ways of saying no are one answer.
  const isMaterial =
    new Set(views.map(({ view }) => (view.outcome.kind === 'httpError' ? 'error' : kindOf(view)))).size > 1;
  return difference('outcome', isMaterial, groups, 'Some were refused what others were given', views);
}

/** Different sites at the end of the redirects. Hosts below one domain (`m.`, `www.`) are one site. */
function compareDestinations(views: readonly NamedView[]): PersonaDifference | undefined {
  const groups = groupBy(views, ({ finalUrl, url }) => siteOf(finalUrl ?? url) ?? 'nowhere');
  if (groups.length < 2) return undefined;
  const isMaterial = somePair(
    views,
    (a, b) => siteOf(a.finalUrl ?? a.url) !== siteOf(b.finalUrl ?? b.url) && !areOneSite(a, b),
  );
  return difference('destination', isMaterial, groups, 'Personas ended at different sites', views);
}

/** A site under the suffixes of several countries: one name, one content or one template. */
function areOneSite(a: PersonaView, b: PersonaView): boolean {
  const isSameName = nameOfSite(a) === nameOfSite(b);
  const isSameContent = likeness(a, b) >= SAME_CONTENT && a.text.wordCount >= FEW_WORDS;
  return isSameContent || (isSameName && containment(a.structure, b.structure) >= SAME_TEMPLATE);
}

function nameOfSite({ finalUrl, url }: PersonaView): string | undefined {
  return siteOf(finalUrl ?? url)?.split('.')[0];
}

/** Other content, beyond what translation, shortening and rotation explain. */
function compareTexts(views: readonly NamedView[]): PersonaDifference | undefined {
  const shown = views.filter(({ view }) => isShown(view.outcome));
  const groups = cluster(shown, (a, b) => likeness(a, b) >= SAME_CONTENT && !isOtherContent(a, b));
  if (groups.length < 2) return undefined;
  const isMaterial = somePair(shown, isOtherContent);
  return difference(
    'text',
    isMaterial,
    groups.map(describeTexts),
    isMaterial ? 'Personas were shown different content' : 'The text differs as it may',
    views,
  );
}

function isOtherContent(a: PersonaView, b: PersonaView): boolean {
  const [less, more] = a.text.wordCount <= b.text.wordCount ? [a, b] : [b, a];
  if (less.text.wordCount < FEW_WORDS && more.text.wordCount >= MANY_WORDS) return true;
  // Two small pages share a few words whatever they say, and differ in all of them when the day's saying changes.
  const isSmall = more.text.wordCount < FEW_WORDS;
  if (less.text.wordCount < LEAST_WORDS || likeness(a, b) >= (isSmall ? SAME_CONTENT : OTHER_CONTENT))
    return false;
  if (isSmall && titleOf(a) === titleOf(b)) return false;
  return !isTranslation(a, b);
}

/** For visitors of another language the same template with as many forms is a translation. */
function isTranslation(a: PersonaView, b: PersonaView): boolean {
  return (
    languageOf(a.persona) !== languageOf(b.persona) &&
    a.forms.size === b.forms.size &&
    containment(a.structure, b.structure) >= SAME_TEMPLATE
  );
}

/** Short texts have few shingles: their words must do. */
function likeness(a: PersonaView, b: PersonaView): number {
  const isShort = Math.min(a.text.wordCount, b.text.wordCount) < MANY_WORDS;
  const byShingles = containment(a.text.shingles, b.text.shingles);
  return isShort ? Math.max(byShingles, containment(a.text.words, b.text.words)) : byShingles;
}

/** A form that asks for a password or card number where others see none, or sends it to a site that others do not send theirs to. */
function compareCredentials(views: readonly NamedView[]): PersonaDifference | undefined {
  const shown = views.filter(({ view }) => isShown(view.outcome));
  const groups = groupBy(shown, ({ credentialSites }) =>
    credentialSites.size === 0 ? 'no such form' : `to ${listed(credentialSites)}`,
  );
  if (groups.length < 2) return undefined;
  const isMaterial = somePair(shown, (a, b) => sendsElsewhere(a, b) || sendsElsewhere(b, a));
  return difference(
    'credentials',
    isMaterial,
    groups,
    'Not all were asked for passwords or cards alike',
    views,
  );
}

function sendsElsewhere(a: PersonaView, b: PersonaView): boolean {
  const others = [...a.credentialSites].filter((site) => !b.credentialSites.has(site));
  if (others.length === 0) return false;
  const isOwnSite = others.every(
    (site) => site === siteOf(a.finalUrl ?? a.url) && site === siteOf(b.finalUrl ?? b.url),
  );
  // A rich page that leaves its login to another page for phones is ordinary. Of a small page the form is the content.
  const isRichPage =
    Math.min(a.text.wordCount, b.text.wordCount) >= MANY_WORDS && likeness(a, b) >= SAME_CONTENT;
  return !isOwnSite || !isRichPage;
}

/** A file for some and none for others. Different files for all may be builds for their systems. */
function compareDownloads(views: readonly NamedView[]): PersonaDifference | undefined {
  const groups = groupBy(views, ({ downloads }) => (downloads.size === 0 ? 'no file' : listed(downloads)));
  if (groups.length < 2) return undefined;
  const isMaterial = views.some(({ view }) => view.downloads.size === 0);
  return difference(
    'downloads',
    isMaterial,
    groups,
    isMaterial ? 'Some were given a file, others none' : 'Personas were given different files',
    views,
  );
}

function note(
  aspect: Aspect,
  views: readonly NamedView[],
  valueOf: (view: PersonaView) => string,
  says: string,
): PersonaDifference | undefined {
  const shown = views.filter(({ view }) => isShown(view.outcome));
  const groups = groupBy(shown, valueOf);
  return groups.length < 2 ? undefined : difference(aspect, false, groups, says, views);
}

function difference(
  aspect: Aspect,
  isMaterial: boolean,
  groups: readonly PersonaGroup[],
  what: string,
  views: readonly NamedView[],
): PersonaDifference {
  const separatedBy = traitsThatSeparate(groups, views);
  const by = separatedBy.length === 0 ? '' : ` (by ${separatedBy.join(', ')})`;
  const list = groups.map(({ personas, value }) => `${personas.join(', ')}: ${shorten(value)}`).join('; ');
  return { aspect, isMaterial, groups, separatedBy, says: `${what}${by}. ${list}.` };
}

const TRAITS: Readonly<Record<PersonaTrait, (persona: Persona) => string>> = {
  device: ({ viewport }) => (viewport.isMobile ? 'mobile' : 'desktop'),
  system: ({ platform }) => platform,
  language: languageOf,
  referrer: ({ referrer }) => referrer ?? '',
  timeZone: ({ timeZone }) => timeZone,
  egress: ({ proxy }) => proxy ?? '',
};

/** Traits that take one value within each group and another in every other group. */
function traitsThatSeparate(groups: readonly PersonaGroup[], views: readonly NamedView[]): PersonaTrait[] {
  const personas = new Map(views.map(({ name, view }) => [name, view.persona]));
  const names = Object.keys(TRAITS) as PersonaTrait[]; // keys of the const above
  return names.filter((trait) => {
    const values = groups.map(
      (group) => new Set(group.personas.map((name) => TRAITS[trait](personas.get(name)!))),
    );
    const all = values.flatMap((set) => [...set]);
    return values.every((set) => set.size > 0) && new Set(all).size === all.length;
  });
}

function languageOf({ languages }: Persona): string {
  return languages[0]!.split('-')[0]!.toLowerCase();
}

function whyInconclusive({ outcome, status }: PersonaView): string | undefined {
  if (PASSING_OUTCOMES.has(outcome.kind))
    return outcome.detail ?? [outcome.kind, outcome.reason].filter(Boolean).join(': ');
  const isPassing = outcome.kind === 'httpError' && status !== undefined && PASSING_STATUSES.has(status);
  return isPassing ? `status ${status}` : undefined;
}

function isShown({ kind }: Outcome): boolean {
  return kind === 'ok' || kind === 'tooLarge' || kind === 'notAPage';
}

/** The persona's id; with a number behind it where one was used several times. */
function nameViews(views: readonly PersonaView[]): NamedView[] {
  const uses = new Map<string, number>();
  return views.map((view) => {
    const use = (uses.get(view.persona.id) ?? 0) + 1;
    uses.set(view.persona.id, use);
    return { name: use === 1 ? view.persona.id : `${view.persona.id} #${use}`, view };
  });
}

function groupBy(views: readonly NamedView[], valueOf: (view: PersonaView) => string): PersonaGroup[] {
  const groups = Map.groupBy(views, ({ view }) => valueOf(view));
  return [...groups].map(([value, members]) => ({ personas: members.map(({ name }) => name), value }));
}

/** Groups in which each member is like the first. */
function cluster(
  views: readonly NamedView[],
  isLike: (a: PersonaView, b: PersonaView) => boolean,
): NamedView[][] {
  const groups: NamedView[][] = [];
  for (const view of views) {
    const group = groups.find(([first]) => first !== undefined && isLike(first.view, view.view));
    if (group === undefined) groups.push([view]);
    else group.push(view);
  }
  return groups;
}

function describeTexts(members: readonly NamedView[]): PersonaGroup {
  const { title, text } = members[0]!.view;
  return { personas: members.map(({ name }) => name), value: `“${title ?? ''}”, ${text.wordCount} words` };
}

function somePair(views: readonly NamedView[], holds: (a: PersonaView, b: PersonaView) => boolean): boolean {
  return views.some(({ view: a }, index) => views.slice(index + 1).some(({ view: b }) => holds(a, b)));
}

function titleOf({ title }: PersonaView): string {
  return foldNumbers(title ?? '');
}

function listed(values: ReadonlySet<string>): string {
  return values.size === 0 ? 'none' : [...values].sort().join(', ');
}

/** Numbers and tokens folded, so that a nonce in an address or title is no difference. */
function withoutNoise(url: string): string {
  const { origin, pathname, searchParams } = new URL(url);
  return (
    foldNumbers(origin + pathname) +
    [...new Set(searchParams.keys())]
      .sort()
      .map((name) => ` ${name}`)
      .join('')
  );
}

function foldNumbers(text: string): string {
  return text.replace(/\b(?=\w*\d)\w{8,}\b|\d+/g, '0');
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
