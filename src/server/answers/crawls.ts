import { AditError } from '#model';
import { crawlRequestSchema, startCrawl } from '#pipeline';
import type { StoredCrawl } from '#store';
import type { AnswerContext, Answers } from '../answer.ts';

const DEFAULT_PAGE = 100;

export function crawlAnswers({
  workbench,
}: AnswerContext): Pick<Answers, 'startCrawl' | 'listCrawls' | 'getCrawl' | 'stopCrawl'> {
  const { crawls } = workbench.workspace;
  const crawlOf = async (id: string) => {
    const crawl = await crawls.get(id);
    if (crawl === undefined) throw new AditError('unknown-crawl', `There is no crawl ${id}.`);
    return crawlJson(crawl);
  };
  return {
    startCrawl: async ({ body: { seeds, scope, maxDepth, maxPages, ...how } }) =>
      crawlOf(await startCrawl(workbench, { seeds, scope, maxDepth, maxPages, how })),
    listCrawls: async ({ query }) => ({
      crawls: (await crawls.list(query.limit ?? DEFAULT_PAGE)).map(crawlJson),
    }),
    getCrawl: ({ params }) => crawlOf(params.id),
    stopCrawl: async ({ params }) => {
      await crawlOf(params.id);
      await crawls.stop(params.id);
      return crawlOf(params.id);
    },
  };
}

function crawlJson({ request, createdAt, stoppedAt, id, counts }: StoredCrawl) {
  const { seeds, scope, maxDepth, maxPages } = crawlRequestSchema.parse(request);
  return {
    id,
    seeds,
    scope,
    maxDepth,
    maxPages,
    counts,
    createdAt: createdAt.toISOString(),
    stoppedAt: stoppedAt?.toISOString(),
  };
}
