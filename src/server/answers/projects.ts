import { expand, lifeSpan } from '#investigate';
import {
  AditError,
  parseHost,
  type ArtifactStatus,
  type Host,
  type Project,
  type ProjectArtifact,
} from '#model';
import { toCsv, toJson, toMarkdown, toStix, type Publication, type PublishedArtifact } from '#publish';
import { artifactOf, FileAnswer, hostOf, type AnswerContext, type Answers } from '../answer.ts';

export function projectAnswers({
  workbench: { store, workspace },
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
    listProjects: async () => ({ projects: (await projects.list()).map(projectJson) }),
    createProject: async ({ body, actor }) =>
      projectJson(await projects.create(body.name, body.description ?? '', actor)),
    getProject: async ({ params }) => {
      const project = await projects.find(params.id);
      return { ...projectJson(project), artifacts: (await projects.artifacts(project.id)).map(artifactJson) };
    },
    deleteProject: async ({ params }) => {
      const { id } = await projects.find(params.id);
      await projects.delete(id);
    },
    putArtifact: async ({ params, body, actor }) => {
      const { id } = await projects.find(params.id);
      const { type, value, ...rest } = body;
      const artifact = type === undefined ? artifactOf(value) : { type, value };
      return artifactJson(await projects.set(id, { ...artifact, ...rest }, actor));
    },
    removeArtifact: async ({ params, query, actor }) => {
      const { id } = await projects.find(params.id);
      const removed = await projects.remove(id, [query.value, artifactOf(query.value).value], actor);
      if (removed === 0) throw new AditError('not-found', 'The project holds no such artifact.');
    },
    getHistory: async ({ params, query }) => {
      const { id } = await projects.find(params.id);
      return {
        history: (await projects.history(id, query.limit)).map(({ at, ...entry }) => ({
          at: at.toISOString(),
          ...entry,
        })),
      };
    },
    expandProject: async ({ params, body }) => {
      const { id } = await projects.find(params.id);
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
    exportProject: async ({ params, query }) => {
      const project = await projects.find(params.id);
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

const projectJson = ({ createdAt, updatedAt, ...project }: Project) => ({
  ...project,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
const artifactJson = ({ addedAt, updatedAt, ...artifact }: ProjectArtifact) => ({
  ...artifact,
  addedAt: addedAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
