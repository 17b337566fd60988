import { pivot, pivotValue, summarize } from '#investigate';
import { artifactOf, hostOf, type AnswerContext, type Answers } from '../answer.ts';

export function artifactAnswers({
  workbench: { store },
}: AnswerContext): Pick<Answers, 'getArtifact' | 'pivot'> {
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
  };
}
