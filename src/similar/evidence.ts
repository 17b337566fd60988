import { isWithin, type Host } from '#model';
import type { Likeness } from './likeness.ts';
import type { HostLoads, PageProfile } from './page.ts';
import { pictureLikeness } from './picture.ts';

export type EvidenceKind =
  | 'text'
  | 'part'
  | 'reworded'
  | 'markup'
  | 'hotlinks'
  | 'stamp'
  | 'claims'
  | 'forms'
  | 'ids'
  | 'favicon'
  | 'picture';

/** One reason to take a page for a copy of another. */
export interface CopyEvidence {
  readonly kind: EvidenceKind;
  /** How much it says by itself, 0 to 1. */
  readonly score: number;
  readonly says: string;
}

/** The brand's side of a comparison: its page, and the hosts that are the brand's. */
export interface Reference extends PageProfile {
  /** Domains of the owner, the page's own included. */
  readonly owned: readonly Host[];
}

/** Least shares without which contents are no copy: of the text, of the shorter text, of the markup; see `contentEvidence`. */
export const LEAST = { text: 0.05, textContained: 0.35, paths: 0.88 } as const;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/**
 * What the contents of two pages say: text that is shared by a third is never chance, markup alone must agree nearly whole, and
 * whatever lies between needs two kinds of agreement. Each threshold lies above what any two pages of different owners in the
 * fitting half of the real pages reach (0.19 of the text, 0.34 of the shorter text, 0.32 where its markup is a part; no two meet the rest
 * of the other rules): the bench prints them. What they do on the other half is in bench/README.md.
 */
export function contentEvidence(likeness: Likeness): CopyEvidence[] {
  const { text, textContained, words, paths, tags, files, sizes } = likeness;
  const found: CopyEvidence[] = [];
  if (text >= 0.3 && sizes.text >= 27)
    found.push({
      kind: 'text',
      score: text >= 0.5 ? 0.95 : 0.9,
      says: `${percent(text)} of the text is the same, four words at a time`,
    });
  else if (textContained >= 0.6 && sizes.text >= 30)
    found.push({
      kind: 'part',
      score: 0.85,
      says: `${percent(textContained)} of the shorter text stands in the longer one`,
    });
  else if (isPart(likeness))
    found.push({
      kind: 'part',
      score: 0.8,
      says: `it is a part: ${percent(textContained)} of its text, ${percent(likeness.pathsContained)} of its markup`,
    });
  if (found.length === 0 && isReworded(likeness))
    found.push({
      kind: 'reworded',
      score: 0.8,
      says: `${percent(words)} of the words are the same, ${percent(text)} of the text is left unchanged, and so are ${percent(paths)} of the markup`,
    });
  const isSameMarkup =
    (paths >= LEAST.paths && tags >= 0.8 && sizes.paths >= 30) ||
    (paths >= 0.95 && tags >= 0.95 && files >= 0.9 && sizes.paths >= 12 && sizes.files >= 4);
  if (isSameMarkup)
    found.push({
      kind: 'markup',
      score: files >= 0.5 || likeness.classes >= 0.5 ? 0.85 : 0.78,
      says: `${percent(paths)} of the markup is the same, element by element`,
    });
  return found;
}

/** Only the top of a page was kept: little is shared, but all that there is. */
function isPart({
  textContained,
  pathsContained,
  classesContained,
  filesContained,
  sizes,
}: Likeness): boolean {
  return (
    textContained >= LEAST.textContained &&
    sizes.text >= 8 &&
    pathsContained >= 0.75 &&
    sizes.paths >= 15 &&
    ((classesContained >= 0.6 && sizes.classes >= 8) || (filesContained >= 0.6 && sizes.files >= 3))
  );
}

/** Words were replaced all over: few runs of four are left, but most words, and the markup or the files. */
function isReworded({ text, words, paths, files, sizes }: Likeness): boolean {
  if (text < LEAST.text || words < 0.3 || sizes.words < 25) return false;
  return (
    (paths >= 0.75 && sizes.paths >= 20) ||
    (paths >= 0.3 && files >= 0.5 && sizes.files >= 3) ||
    (sizes.files < 3 && paths >= 0.35 && text >= 0.08)
  );
}

/** What a page takes from the other's owner, or says of it. */
export function tieEvidence(page: PageProfile, reference: Reference): CopyEvidence[] {
  const isTheirs = (host: Host): boolean => reference.owned.some((domain) => isWithin(host, domain));
  return [
    ...hotlinks(page, isTheirs),
    ...stamps(page, isTheirs),
    ...claims(page, isTheirs),
    ...ids(page, reference),
    ...favicon(page, reference),
    ...picture(page, reference),
  ];
}

/** Whether a page has anything of the other's owner that `judge` may call a tie. */
export function mayBeTied(page: PageProfile, reference: Reference): boolean {
  return (
    page.loads.some(
      ({ host, kind }) => kind !== 'other' && reference.owned.some((domain) => isWithin(host, domain)),
    ) || page.ids.some((id) => reference.ids.includes(id))
  );
}

/** Hosts and numbers of what a page loads from the owner. */
function hotlinksOf(page: PageProfile, isTheirs: (host: Host) => boolean): readonly HostLoads[] {
  return page.loads.filter(({ host, kind }) => kind !== 'other' && isTheirs(host));
}

function hotlinks(page: PageProfile, isTheirs: (host: Host) => boolean): CopyEvidence[] {
  const loads = hotlinksOf(page, isTheirs);
  const count = loads.reduce((sum, each) => sum + each.count, 0);
  if (count < 2) return [];
  const all = page.loads.reduce((sum, each) => sum + each.count, 0);
  const share = count / Math.max(all, 1);
  const kinds = new Set(loads.map(({ kind }) => kind));
  // A badge and a widget are what partners have, too; a page that is dressed in the brand's files is not a partner's.
  const score = kinds.size > 1 && kinds.has('style') ? 0.8 : share >= 0.5 && count >= 4 ? 0.7 : 0.4;
  const hosts = [...new Set(loads.map(({ host }) => host))].slice(0, 3).join(', ');
  return [
    {
      kind: 'hotlinks',
      score,
      says: `loads ${count} of its ${all} stylesheets, scripts, images and other files from ${hosts}`,
    },
  ];
}

/** By itself a stamp says that somebody copied with a tool: themes, exports and tutorials have them, too. */
function stamps(page: PageProfile, isTheirs: (host: Host) => boolean): CopyEvidence[] {
  return page.stamps
    .filter(({ sourceHost }) => isTheirs(sourceHost))
    .slice(0, 1)
    .map(({ tool, sourceHost, copiedAt }) => ({
      kind: 'stamp' as const,
      score: 0.35,
      says: `was copied from ${sourceHost} with ${tool}${copiedAt === undefined ? '' : ` at ${copiedAt}`}`,
    }));
}

function claims(page: PageProfile, isTheirs: (host: Host) => boolean): CopyEvidence[] {
  const theirs = page.claims.filter(({ host }) => isTheirs(host));
  const named = theirs.filter(({ kind }) => kind !== 'form');
  const forms = theirs.filter(({ kind }) => kind === 'form');
  return [
    ...named.slice(0, 1).map(({ host }) => ({
      kind: 'claims' as const,
      score: 0.35,
      says: `calls itself a page of ${host} (${[...new Set(named.map(({ kind }) => kind))].join(', ')})`,
    })),
    ...forms.slice(0, 1).map(({ host }) => ({
      kind: 'forms' as const,
      score: 0.15,
      says: `${forms.length === 1 ? 'a form sends' : `${forms.length} forms send`} to ${host}`,
    })),
  ];
}

function ids(page: PageProfile, reference: Reference): CopyEvidence[] {
  const theirs = new Set(reference.ids);
  const shared = page.ids.filter((id) => theirs.has(id));
  if (shared.length === 0) return [];
  return [{ kind: 'ids', score: 0.6, says: `has the owner's ${shared.slice(0, 3).join(', ')}` }];
}

function favicon(page: PageProfile, reference: Reference): CopyEvidence[] {
  const isSame = page.favicon !== undefined && page.favicon === reference.favicon;
  return isSame ? [{ kind: 'favicon', score: 0.3, says: 'has the same icon' }] : [];
}

function picture(page: PageProfile, reference: Reference): CopyEvidence[] {
  if (page.picture === undefined || reference.picture === undefined) return [];
  const share = pictureLikeness(page.picture, reference.picture);
  return share < 0.6 ? [] : [{ kind: 'picture', score: 0.2, says: `looks the same (${percent(share)})` }];
}
