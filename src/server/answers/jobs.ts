import { AditError } from '#model';
import type { Job } from '#store';
import type { AnswerContext, Answers } from '../answer.ts';

export function jobAnswers({
  workbench: { workspace },
}: AnswerContext): Pick<Answers, 'listJobs' | 'getJob' | 'retryJob'> {
  const { queue } = workspace;
  const jobOf = async (id: number) => {
    const job = await queue.job(id);
    if (job === undefined) throw new AditError('unknown-job', `There is no job ${id}.`);
    return job;
  };
  return {
    listJobs: async ({ query }) => ({
      jobs: (await queue.jobs(query.state, query.limit, query.crawl)).map(jobJson),
      counts: await queue.counts(query.crawl),
    }),
    getJob: async ({ params }) => jobJson(await jobOf(params.id)),
    retryJob: async ({ params }) => {
      await jobOf(params.id);
      if (!(await queue.retry(params.id)))
        throw new AditError('job-not-dead', 'Only a dead job can be queued again.');
      return jobJson(await jobOf(params.id));
    },
  };
}

function jobJson({ runAt, createdAt, finishedAt, ...job }: Job) {
  return {
    ...job,
    runAt: runAt.toISOString(),
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString(),
  };
}
