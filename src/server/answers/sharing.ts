import { AditError, includesRight, parseHost, type ProjectArtifact } from '#model';
import { lifeSpan } from '#investigate';
import type { GuestLink, ProjectMember, StoredCapture } from '#store';
import type { AnswerContext, Answers } from '../answer.ts';
import { projectJson } from './projects.ts';

const DEFAULT_LIMIT = 500;
/** Artifacts whose captures are looked up for one answer. */
const MAX_HOSTS = 500;

export function sharingAnswers({
  workbench: { store, workspace },
  access,
  streams,
}: AnswerContext): Pick<
  Answers,
  | 'changeProject'
  | 'listMembers'
  | 'putMember'
  | 'removeMember'
  | 'listGuestLinks'
  | 'addGuestLink'
  | 'revokeGuestLink'
  | 'getTimeline'
  | 'listProjectCaptures'
> {
  const { projects, sharing, users } = workspace;
  const membersOf = async (project: string) => ({
    members: (await sharing.members(project)).map(memberJson),
  });
  const capturesOf = async (project: string, limit: number): Promise<StoredCapture[]> => {
    const found = new Map<string, StoredCapture>();
    const hosts = new Set(
      (await projects.artifacts(project))
        .filter(({ status }) => status !== 'dismissed')
        .flatMap(({ type, value }) => parseHost(type === 'url' ? hostPart(value) : value) ?? []),
    );
    for (const host of [...hosts].slice(0, MAX_HOSTS))
      for (const capture of await store.captures({ host, limit }))
        if (!found.has(capture.id) && (await access.holds(project, capture))) found.set(capture.id, capture);
    return [...found.values()].sort((a, b) => b.startedAt.localeCompare(a.startedAt)).slice(0, limit);
  };
  return {
    changeProject: async ({ project, body, actor, caller }) => {
      if (body.visibility !== undefined && !includesRight(project.may, 'own'))
        throw new AditError('right-missing', 'Only the owner of a project decides who sees it.');
      return projectJson({ ...(await projects.edit(project.id, body, actor)), may: project.may }, caller);
    },
    listMembers: ({ project }) => membersOf(project.id),
    putMember: async ({ project, params, body, actor }) => {
      const { id, name } = await users.find(params.user);
      if (id === project.owner)
        throw new AditError('bad-member', 'The owner of a project is no member of it.');
      await sharing.setMember(project.id, id, body.may);
      await projects.note(project.id, actor, toChange('member', { member: name, may: body.may }));
      return membersOf(project.id);
    },
    removeMember: async ({ project, params, actor }) => {
      const { id, name } = await users.find(params.user);
      if (!(await sharing.removeMember(project.id, id)))
        throw new AditError('unknown-member', `${name} is no member of this project.`);
      await projects.note(project.id, actor, toChange('member-removed', { member: name }));
    },
    listGuestLinks: async ({ project }) => ({ links: (await sharing.links(project.id)).map(linkJson) }),
    addGuestLink: async ({ project, body, actor }) => {
      const { link, secret } = await sharing.addLink(project.id, body.name ?? '', actor);
      await projects.note(project.id, actor, toChange('guest-link', { link: link.id, name: link.name }));
      // After the #: it never goes to a server by itself, nor into a log.
      return { link: linkJson(link), path: `/guest#token=${secret}` };
    },
    revokeGuestLink: async ({ project, params, actor }) => {
      if (!(await sharing.revokeLink(project.id, params.link)))
        throw new AditError('unknown-link', 'The project has no such link, or it is revoked already.');
      streams.end(({ session }) => session?.link?.id === params.link);
      await projects.note(project.id, actor, toChange('guest-link-revoked', { link: params.link }));
    },
    getTimeline: async ({ project, query }) => {
      const { limit = DEFAULT_LIMIT } = query;
      const held = (await projects.artifacts(project.id)).slice(0, MAX_HOSTS);
      const entries = held.map(addedEntry);
      for (const artifact of held) {
        const { firstSeen, lastSeen } = lifeSpan(await store.counts(artifact.value));
        const { type, value } = artifact;
        if (firstSeen !== undefined)
          entries.push({ at: firstSeen, kind: 'first-seen', artifact: { type, value }, text: 'first seen' });
        if (lastSeen !== undefined && lastSeen !== firstSeen)
          entries.push({ at: lastSeen, kind: 'last-seen', artifact: { type, value }, text: 'last seen' });
        entries.push(...(await copiedEntries(artifact)));
      }
      for (const { id, startedAt, url, outcome } of await capturesOf(project.id, limit))
        entries.push({
          at: startedAt,
          kind: 'captured',
          artifact: { type: 'url', value: url },
          text: outcome,
          captureId: id,
        });
      entries.sort((a, b) => a.at.localeCompare(b.at));
      // The latest are kept: what a timeline leads to.
      return { entries: entries.slice(-limit), isCut: entries.length > limit };
    },
    listProjectCaptures: async ({ project, query, caller }) => ({
      captures: (await capturesOf(project.id, query.limit ?? DEFAULT_LIMIT)).map((capture) =>
        caller.isGuest ? { ...capture, bundle: '' } : capture,
      ),
    }),
  };

  /** When copying tools say that the page was copied. */
  async function copiedEntries({ type, value, status }: ProjectArtifact): Promise<Entry[]> {
    if (status === 'dismissed' || parseHost(value) === undefined) return [];
    const { edges } = await store.edges({ dataset: 'mirror-stamps', direction: 'forward', value, limit: 20 });
    return edges.flatMap(({ detail, target }) => {
      const at = Date.parse(String(detail['copiedAt'] ?? ''));
      if (Number.isNaN(at)) return [];
      return {
        at: new Date(at).toISOString(),
        kind: 'copied' as const,
        artifact: { type, value },
        text: `copied from ${target}`,
      };
    });
  }
}

interface Entry {
  readonly at: string;
  readonly kind: 'first-seen' | 'last-seen' | 'captured' | 'copied' | 'added';
  readonly artifact: { readonly type: ProjectArtifact['type']; readonly value: string };
  readonly text: string;
  readonly captureId?: string;
}

function addedEntry({ addedAt, type, value, status }: ProjectArtifact): Entry {
  return { at: addedAt.toISOString(), kind: 'added', artifact: { type, value }, text: status };
}

function hostPart(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}

const toChange = <Fields extends object>(kind: string, fields: Fields) => ({ kind, ...fields });

const memberJson = ({ addedAt, ...member }: ProjectMember) => ({ ...member, addedAt: addedAt.toISOString() });

const linkJson = ({ project: _project, createdAt, lastOpenedAt, ...link }: GuestLink) => ({
  ...link,
  createdAt: createdAt.toISOString(),
  ...(lastOpenedAt !== undefined && { lastOpenedAt: lastOpenedAt.toISOString() }),
});
