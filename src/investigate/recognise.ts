import { hostOfUrl, parseArtifact, toUnicodeHost, type Artifact } from '#model';
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
const BEHIND = /[.,:;!?)\]]+$/;

/** What a text names, before it is known what is known of it. */
export interface NamedArtifact {
  readonly artifact: Artifact;
  readonly start: number;
  readonly end: number;
}

/**
 * The artifacts of a list or a report, in order: in lines that hold nothing else, all; in prose what is beyond doubt, and
 * `links`, the URLs and hosts that whoever knows prose found there, in order.
 */
export function namesIn(text: string, links: readonly NamedArtifact[]): NamedArtifact[] {
  const named: NamedArtifact[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    const tokens = tokensOf(line, offset);
    const isList = tokens.every(({ artifact }) => artifact.type !== 'text' || isIdentifier(artifact.value));
    for (const token of tokens) if (isList || isCertain(token.artifact)) named.push(token);
    offset += line.length + 1;
    if (named.length >= MAX_RECOGNISED) break;
  }
  // A mail address is more than the host in it; of all else a link is more than what stands within it.
  const spans = new Spans(named.filter(({ artifact }) => artifact.type === 'mail'));
  const kept = links.filter((link) => !spans.touch(link));
  const linked = new Spans(kept);
  return [...kept, ...named.filter((each) => !linked.touch(each))].sort((a, b) => a.start - b.start);
}

function tokensOf(line: string, offset: number): NamedArtifact[] {
  const tokens: NamedArtifact[] = [];
  for (const match of line.matchAll(TOKEN)) {
    if (match[0].length > MAX_TOKEN) continue;
    const lead = BEFORE.exec(match[0])?.[0].length ?? 0;
    const trail = BEHIND.exec(match[0])?.[0].length ?? 0;
    const written = match[0].slice(lead, match[0].length - trail);
    const artifact = parseArtifact(written);
    if (artifact === undefined) continue;
    const start = offset + match.index + lead;
    tokens.push({ artifact, start, end: start + written.length });
  }
  return tokens;
}

/** Places in a text that do not overlap, in order. */
class Spans {
  readonly #spans: readonly NamedArtifact[];
  #at = 0;

  constructor(spans: readonly NamedArtifact[]) {
    this.#spans = spans;
  }

  /** Whether one of them overlaps; asked in order of places. */
  touch({ start, end }: NamedArtifact): boolean {
    while (this.#at < this.#spans.length && this.#spans[this.#at]!.end <= start) this.#at++;
    return this.#at < this.#spans.length && this.#spans[this.#at]!.start < end;
  }
}

/** In prose a word is an artifact only where its form leaves no doubt; names of hosts there are found as links. */
function isCertain({ type, value }: Artifact): boolean {
  if (type === 'text') return isIdentifier(value);
  return type !== 'host' && type !== 'domain';
}

const isIdentifier = (text: string): boolean =>
  /^(?:UA-\d{4,}(?:-\d+)?|G-[A-Z0-9]{6,}|GTM-[A-Z0-9]{4,}|AW-\d{6,}|(?:ca-)?pub-\d{10,})$/.test(text);

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
