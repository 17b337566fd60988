import { pivot, pivotValue, summarize } from '#investigate';
import type { ArtifactMark } from '#store';
import { artifactOf, hostOf, type AnswerContext, type Answers } from '../answer.ts';

export function artifactAnswers({
  workbench: { store, workspace },
}: AnswerContext): Pick<Answers, 'getArtifact' | 'pivot' | 'getMark' | 'putMark' | 'getMarkHistory'> {
  const { marks } = workspace;
  return {
    getArtifact: ({ query }) => summarize(store, artifactOf(query.value)),
    pivot: ({ query }) => {
      const { label, foreignTo, value, ...rest } = query;
      return pivot(store, {
        ...rest,
        value: pivotValue(rest.dataset, rest.direction, value),
        labels: label === undefined ? undefined : [label].flat(),
        foreignTo: foreignTo === undefined ? undefined : [foreignTo].flat().map(hostOf),
      });
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
