import { hostOfUrl, parseArtifact, parseHost, toUnicodeHost, type Artifact } from '#model';
import { matchKeyOf, type ObservationStore } from '#store';
import { unicodeOf } from './search.ts';

/** An artifact that a text names. Offsets are UTF-16 code units. */
export interface Recognised {
  readonly artifact: Artifact;
  /** As it stands in the text. */
  readonly written: string;
  readonly start: number;
  readonly end: number;
  readonly unicode?: string;
  /** Any observation names it. */
  readonly isKnown: boolean;
}

/** Longest token that is looked at. */
const MAX_TOKEN = 4_096;
/** Most artifacts of one text. */
const MAX_RECOGNISED = 5_000;

const TOKEN = /[^\s,;<>"'`|{}“”«»]+/gu;
/** Punctuation around a value in prose. */
const BEFORE = /^[([.:!?]+(?=[^\])])/;
const BEHIND = /[.,:;!?]+$/;

/** What a text names, before it is known what is known of it. */
export interface NamedArtifact {
  readonly artifact: Artifact;
  readonly start: number;
  readonly end: number;
}

/**
 * The artifacts of a list or a report, in order, each once: what stands between blanks and commas and looks like one. In
 * prose (`links`: what else was found there, by whoever knows it) words are no artifacts.
 */
export function namesIn(text: string, links: readonly NamedArtifact[]): NamedArtifact[] {
  const named: NamedArtifact[] = [...links];
  let next = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (named.length >= MAX_RECOGNISED) break;
    if (match[0].length > MAX_TOKEN) continue;
    const end = match.index + match[0].length;
    while (next < links.length && links[next]!.end <= match.index) next++;
    if (next < links.length && links[next]!.start < end) continue; // a link covers it
    const lead = BEFORE.exec(match[0])?.[0].length ?? 0;
    const trail = BEHIND.exec(match[0])?.[0].length ?? 0;
    const written = match[0].slice(lead, match[0].length - trail);
    const artifact = parseArtifact(written);
    if (artifact === undefined || !isCertain(artifact, written)) continue;
    const start = match.index + lead;
    named.push({ artifact, start, end: start + written.length });
  }
  return named.sort((a, b) => a.start - b.start);
}

/** A word is no artifact unless its form says so. */
function isCertain({ type, value }: Artifact, written: string): boolean {
  if (type === 'text')
    return /^(?:UA-\d{4,}(?:-\d+)?|G-[A-Z0-9]{6,}|GTM-[A-Z0-9]{4,}|AW-\d{6,}|(?:ca-)?pub-\d{10,})$/.test(
      value,
    );
  if (type !== 'host' && type !== 'domain') return true;
  return !/^\d+(?:\.\d+)*$/.test(written) && parseHost(value) !== undefined;
}

/** With what is known of each; each artifact once, at its first place. */
export async function recognise(
  store: ObservationStore,
  text: string,
  named: readonly NamedArtifact[],
): Promise<Recognised[]> {
  const first = new Map<string, NamedArtifact>();
  for (const each of named) {
    const key = matchKeyOf(each.artifact);
    if (!first.has(key)) first.set(key, each);
  }
  const some = [...first.values()].slice(0, MAX_RECOGNISED);
  const hosts = some.map(({ artifact }) => hostBehind(artifact));
  const known = await store.matches.known([
    ...some.map(({ artifact }) => artifact),
    ...hosts.flatMap((host) => host ?? []),
  ]);
  return some.map(({ artifact, start, end }, index) => {
    const host = hosts[index];
    const unicode = unicodeOf(artifact) ?? unicodeOfUrl(artifact);
    return {
      artifact,
      written: text.slice(start, end),
      start,
      end,
      ...(unicode !== undefined && { unicode }),
      isKnown: known.has(matchKeyOf(artifact)) || (host !== undefined && known.has(matchKeyOf(host))),
    };
  });
}

/** A URL is known by its host, too. */
function hostBehind({ type, value }: Artifact): Artifact | undefined {
  const host = type === 'url' ? hostOfUrl(value) : undefined;
  return host === undefined ? undefined : { type: 'host', value: host };
}

function unicodeOfUrl({ type, value }: Artifact): string | undefined {
  const host = type === 'url' ? hostOfUrl(value) : undefined;
  if (host === undefined) return undefined;
  const unicode = toUnicodeHost(host);
  return unicode === host ? undefined : value.replace(host, unicode);
}
