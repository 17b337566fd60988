import type { AnswerContext, Answers } from '../answer.ts';

export function statusAnswers({
  workbench: { store, workspace },
  version,
  startedAt,
}: AnswerContext): Pick<Answers, 'status'> {
  return {
    status: async () => ({
      version,
      startedAt: startedAt.toISOString(),
      observations: await store.status(),
      workspace: workspace.kind,
      jobs: await workspace.queue.counts(),
    }),
  };
}
