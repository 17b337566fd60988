import { summarize, verdictOf } from '#investigate';
import type { Artifact } from '#model';
import type { ArtifactMark } from '#store';
import { artifactOf, type AnswerContext, type Answers } from '../answer.ts';
import type { Caller } from '../caller.ts';

export function artifactAnswers({
  workbench: { store, workspace },
  access,
}: AnswerContext): Pick<Answers, 'getArtifact' | 'getMark' | 'putMark' | 'getMarkHistory'> {
  const { marks, projects } = workspace;
  /** Of those that the caller may see. */
  const projectsWith = async ({ value }: Artifact, caller: Caller) => {
    const held = new Map((await projects.holding(value)).map(({ project, status }) => [project, status]));
    if (held.size === 0) return [];
    return (await access.list(caller)).flatMap(({ id, name }) => {
      const status = held.get(id);
      return status === undefined ? [] : [{ id, name, status }];
    });
  };
  return {
    getArtifact: async ({ query, caller }) => {
      const artifact = artifactOf(query.value);
      const [summary, mark, holders] = await Promise.all([
        summarize(store, artifact),
        marks.get(artifact),
        projectsWith(artifact, caller),
      ]);
      const classification = mark?.classification ?? 'unknown';
      return {
        ...summary,
        ...(['host', 'domain', 'ip'].includes(artifact.type) && {
          verdict: verdictOf({
            counts: summary.counts,
            isIdn: artifact.value.includes('xn--'),
            classification,
            statuses: holders.map(({ status }) => status),
          }),
        }),
        classification,
        tags: mark?.tags ?? [],
        projects: holders,
      };
    },
    getMark: async ({ query }) => {
      const artifact = artifactOf(query.value);
      const mark = await marks.get(artifact);
      return mark === undefined ? { artifact, classification: 'unknown', tags: [] } : markJson(mark);
    },
    putMark: async ({ body: { value, ...change }, actor }) =>
      markJson(await marks.set(artifactOf(value), change, actor)),
    getMarkHistory: async ({ query }) => ({
      history: (await marks.history(artifactOf(query.value), query.limit)).map(({ at, ...entry }) => ({
        at: at.toISOString(),
        ...entry,
      })),
    }),
  };
}

function markJson({ updatedAt, ...mark }: ArtifactMark) {
  return { ...mark, updatedAt: updatedAt.toISOString() };
}
