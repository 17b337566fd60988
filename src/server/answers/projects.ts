import { expand, lifeSpan } from '#investigate';
import { AditError, parseHost, type ArtifactStatus, type Host, type ProjectArtifact } from '#model';
import { toCsv, toJson, toMarkdown, toStix, type Publication, type PublishedArtifact } from '#publish';
import {
  artifactOf,
  artifactOfType,
  FileAnswer,
  hostOf,
  type AnswerContext,
  type Answers,
} from '../answer.ts';
import type { Caller } from '../caller.ts';
import type { OpenProject } from '../project-access.ts';

export function projectAnswers({
  workbench: { store, workspace, live },
  access,
}: AnswerContext): Pick<
  Answers,
  | 'listProjects'
  | 'createProject'
  | 'getProject'
  | 'deleteProject'
  | 'putArtifact'
  | 'removeArtifact'
  | 'getHistory'
  | 'expandProject'
  | 'expand'
  | 'exportProject'
> {
  const { projects } = workspace;
  /** With when the store saw each first and last, one after another: a project holds hundreds, not millions. */
  const withLifeSpans = async (artifacts: readonly ProjectArtifact[]): Promise<PublishedArtifact[]> => {
    const seen: PublishedArtifact[] = [];
    for (const artifact of artifacts) {
      const { firstSeen, lastSeen } = lifeSpan(await store.counts(artifact.value));
      seen.push({ ...artifact, firstSeen, lastSeen });
    }
    return seen;
  };
  return {
    listProjects: async ({ caller }) => ({
      projects: (await access.list(caller)).map((project) => projectJson(project, caller)),
    }),
    createProject: async ({ body, actor, caller }) => {
      const { user } = caller.person;
      const project = await projects.create(body.name, body.description ?? '', actor, user);
      live.publish({ kind: 'project-changed', project: project.id, change: 'createProject', actor });
      return projectJson({ ...project, may: 'own' }, caller);
    },
    getProject: async ({ project, caller }) => ({
      ...projectJson(project, caller),
      artifacts: (await projects.artifacts(project.id)).map(artifactJson),
    }),
    deleteProject: async ({ project }) => {
      await projects.delete(project.id);
    },
    putArtifact: async ({ project: { id }, body, actor }) => {
      const { type, value, ...rest } = body;
      const artifact = type === undefined ? artifactOf(value) : artifactOfType(type, value);
      return artifactJson(await projects.set(id, { ...artifact, ...rest }, actor));
    },
    removeArtifact: async ({ project: { id }, query, actor }) => {
      const removed = await projects.remove(id, [query.value, artifactOf(query.value).value], actor);
      if (removed === 0) throw new AditError('not-found', 'The project holds no such artifact.');
    },
    getHistory: async ({ project, query, caller }) => ({
      history: (await projects.history(project.id, query.limit))
        .filter(({ change }) => !caller.isGuest || isForGuests(change))
        .map(({ at, actor, change }) => ({
          at: at.toISOString(),
          ...(!caller.isGuest && { actor }),
          change,
        })),
    }),
    expandProject: async ({ project: { id }, body }) => {
      const held = await projects.artifacts(id);
      const hostsOf = (status: ArtifactStatus): Host[] =>
        held.filter((artifact) => artifact.status === status).flatMap(({ value }) => parseHost(value) ?? []);
      return expand(store, {
        confirmed: hostsOf('confirmed'),
        dismissed: hostsOf('dismissed'),
        owned: (body.owned ?? []).map(hostOf),
        commonAbove: body.commonAbove,
        limit: body.limit,
      });
    },
    expand: ({ body: { confirmed, dismissed = [], owned = [], ...rest } }) =>
      expand(store, {
        ...rest,
        confirmed: confirmed.map(hostOf),
        dismissed: dismissed.map(hostOf),
        owned: owned.map(hostOf),
      }),
    exportProject: async ({ project, query }) => {
      const statuses = query.status === undefined ? undefined : [query.status].flat();
      return exportAs(query.format, {
        project,
        artifacts: await withLifeSpans(await projects.artifacts(project.id)),
        publishedAt: new Date(),
        statuses,
      });
    },
  };
}

/** The project in one of the formats, with its file name. */
function exportAs(format: 'json' | 'csv' | 'stix' | 'markdown', publication: Publication): FileAnswer {
  switch (format) {
    case 'json':
      return new FileAnswer(
        'application/json',
        'project.json',
        JSON.stringify(toJson(publication), undefined, 2),
      );
    case 'stix':
      return new FileAnswer(
        'application/stix+json;version=2.1',
        'project.stix.json',
        JSON.stringify(toStix(publication), undefined, 2),
      );
    case 'csv':
      return new FileAnswer('text/csv; charset=utf-8', 'project.csv', toCsv(publication));
    case 'markdown':
      return new FileAnswer('text/markdown; charset=utf-8', 'project.md', toMarkdown(publication));
  }
}

/** Whom a project is shared with is not for those it is shared with by a link. */
function isForGuests(change: unknown): boolean {
  const { kind } = change as { readonly kind?: string }; // as recorded
  return (
    kind === 'created' || kind === 'edited' || kind === 'added' || kind === 'changed' || kind === 'removed'
  );
}

export const projectJson = (
  { createdAt, updatedAt, owner, ownerName, ...project }: OpenProject,
  { isGuest }: Caller,
) => ({
  ...project,
  ...(!isGuest && { owner: { id: owner, name: ownerName } }),
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
const artifactJson = ({ addedAt, updatedAt, ...artifact }: ProjectArtifact) => ({
  ...artifact,
  addedAt: addedAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
