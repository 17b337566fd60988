import { isIpHost, registrableDomain, toUnicodeHost, type DatasetId, type Host } from '#model';
import type { DatasetCount, Edge, StoredCapture } from '#store';

/** A statement on an artifact that is true or false, and what makes it so. */
export interface Insight {
  readonly id: string;
  readonly isTrue: boolean;
  readonly text: string;
}

/** What is known of a host when its insights are made. */
export interface Known {
  readonly host: Host;
  readonly counts: readonly DatasetCount[];
  /** Newest first. */
  readonly captures: readonly StoredCapture[];
  /** Edges of look-alikes, the surest of each brand; not those that are LOW. */
  readonly imitations: readonly Edge[];
  readonly now: number;
}

const DAY_MS = 86_400_000;
const NEW_DAYS = 30;

/** Shown both when they are true and when not: that a thing is not so says something, too. The most telling first. */
export function insightsOf(known: Known): Insight[] {
  const { host, counts, captures, imitations, now } = known;
  const edges = edgesBy(counts);
  const isIdn = host.split('.').some((label) => label.startsWith('xn--'));
  const blocked = captures.filter(({ outcome }) => outcome === 'blocked').length;
  const domain = registrableDomain(host);
  const first = counts.map(({ firstSeen }) => firstSeen).sort()[0];
  const last = counts
    .map(({ lastSeen }) => lastSeen)
    .sort()
    .at(-1);
  const either = (id: string, isTrue: boolean, yes: string, no: string): Insight => ({
    id,
    isTrue,
    text: isTrue ? yes : no,
  });
  const some = (
    id: string,
    dataset: DatasetId,
    direction: 'forward' | 'reverse',
    yes: string,
    no: string,
  ): Insight => {
    const count = edges(dataset, direction);
    return either(id, count > 0, counted(yes, count), no);
  };
  const age = (at: string | undefined): number =>
    at === undefined ? Number.POSITIVE_INFINITY : Math.floor((now - Date.parse(at)) / DAY_MS);
  return [
    either('idn', isIdn, `Internationalised name: ${toUnicodeHost(host)}`, 'Plain ASCII name'),
    either('address', isIpHost(host), 'An IP address', 'A name'),
    either(
      'subdomain',
      domain !== undefined && domain !== host,
      `Below ${domain}`,
      'Not below another domain',
    ),
    either(
      'look-alike',
      imitations.length > 0,
      imitations.map(imitationText).join('; '),
      'Imitates the name of no protected brand',
    ),
    some(
      'imitated',
      'look-alikes',
      'reverse',
      '# name{s} seen imitate{|s} it',
      'Not imitated by any name seen',
    ),
    some(
      'copy',
      'copies',
      'forward',
      'Its pages copy pages of others, by # kind{s} of evidence',
      'No page of it is known as a copy',
    ),
    some(
      'copied',
      'copies',
      'reverse',
      'Copies of its pages are known: # finding{s}',
      'No copy of its pages is known',
    ),
    some(
      'mirror',
      'mirror-stamps',
      'forward',
      'A page carries the stamp of a copying tool',
      'No stamp of a copying tool',
    ),
    some(
      'mirrored',
      'mirror-stamps',
      'reverse',
      '# stamp{s} of copying tools name{|s} it as the source',
      'Not named as a source by any stamp',
    ),
    some(
      'linked',
      'host-pairs',
      'reverse',
      'Others reach it or load from it, in # way{s}',
      'No page seen reaches it',
    ),
    some('files', 'files', 'forward', 'It served # file{s}', 'No file of it was seen'),
    some(
      'certificate',
      'certificates',
      'forward',
      '# certificate{s} that it presented, or that name{|s} it',
      'No certificate of it was seen',
    ),
    either('blocked', blocked > 0, `${blocked} of the last captures met a bot wall`, 'No bot wall met'),
    either(
      'captured',
      captures.length > 0,
      `Captured, last on ${captures[0]?.startedAt.slice(0, 10)}`,
      'Never captured',
    ),
    either(
      'new',
      age(first) <= NEW_DAYS,
      `First seen on ${first?.slice(0, 10)}, at most ${NEW_DAYS} days ago`,
      first === undefined ? 'Never seen' : `First seen on ${first.slice(0, 10)}`,
    ),
    either(
      'active',
      age(last) <= NEW_DAYS,
      `Seen on ${last?.slice(0, 10)}, at most ${NEW_DAYS} days ago`,
      last === undefined ? 'Never seen' : `Last seen on ${last.slice(0, 10)}`,
    ),
  ];
}

/** A sentence with the count for `#`; `{s}` is for several alone, `{several|one}` says each. */
function counted(text: string, count: number): string {
  return text
    .replace('#', count.toLocaleString('en-US'))
    .replace(/\{([^|}]*)\|?([^}]*)\}/g, (_all, several: string, one: string) =>
      count === 1 ? one : several,
    );
}

/** Edges of a dataset in a direction. */
export function edgesBy(
  counts: readonly DatasetCount[],
): (dataset: DatasetId, direction: 'forward' | 'reverse') => number {
  return (dataset, direction) =>
    counts.find((count) => count.dataset === dataset && count.direction === direction)?.edges ?? 0;
}

function imitationText({ source, target, label, detail }: Edge): string {
  const { level, characters, display } = detail;
  const letters = characters === undefined ? '' : `: ${characters}`;
  return `${display ?? source} imitates ${target} (${level}, ${label}${letters})`;
}
