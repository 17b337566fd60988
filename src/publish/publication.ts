import {
  hostArtifact,
  toUnicodeHost,
  parseHost,
  type ArtifactStatus,
  type PathStep,
  type Project,
  type ProjectArtifact,
} from '#model';

/** An artifact with what the store knows of it. */
export interface PublishedArtifact extends ProjectArtifact {
  /** RFC 3339 UTC. */
  readonly firstSeen?: string | undefined;
  readonly lastSeen?: string | undefined;
}

/** What is published: a project, its artifacts, and when. */
export interface Publication {
  readonly project: Project;
  readonly artifacts: readonly PublishedArtifact[];
  readonly publishedAt: Date;
  /** Which are published; default confirmed only. */
  readonly statuses?: readonly ArtifactStatus[] | undefined;
}

/** The artifacts to publish, and how many of each status are not. */
export function select(publication: Publication): {
  readonly published: readonly PublishedArtifact[];
  readonly omitted: readonly string[];
} {
  const statuses = publication.statuses ?? ['confirmed'];
  const published = publication.artifacts.filter(({ status }) => statuses.includes(status));
  const omitted = Map.groupBy(
    publication.artifacts.filter(({ status }) => !statuses.includes(status)),
    ({ status }) => status,
  );
  return { published, omitted: [...omitted].map(([status, { length }]) => `${length} ${status}`) };
}

/** The sentence of every format on what it does not hold. */
export const leftOutText = (parts: readonly string[]): string =>
  parts.length === 0 ? 'Nothing was left out.' : `Left out: ${parts.join(', ')}.`;

/** A path in words: `a.example —trackers:UA-1→ b.example`. */
export function pathText(path: readonly PathStep[]): string {
  const [first] = path;
  if (first === undefined) return '';
  return path.reduce((text, { dataset, label, direction, to, shared }) => {
    const arrow = direction === 'forward' ? `—${dataset} ${label}→` : `←${dataset} ${label}—`;
    return `${text} ${arrow} ${to.value}${shared === undefined ? '' : ` (shared by ${shared})`}`;
  }, first.from.value);
}

/** The Unicode form of a host, where it differs. */
export function unicodeForm(value: string): string | undefined {
  const host = parseHost(value);
  if (host === undefined || hostArtifact(host).type === 'ip') return undefined;
  const unicode = toUnicodeHost(host);
  return unicode === host ? undefined : unicode;
}
