import { openBundle, type Bundle } from '#archive';
import { AditError, hostOfUrl } from '#model';
import { comparePages, versionBefore, type PageComparison, type Workbench } from '#pipeline';
import { copyReport } from '#publish';
import type { StoredCapture } from '#store';
import { captureOf, FileAnswer, hostOf, type AnswerContext, type Answers } from '../answer.ts';

const CAPTURE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const VERSIONS = 1_000;

export function compareAnswers({
  workbench,
}: AnswerContext): Pick<Answers, 'comparePages' | 'findCopies' | 'getCopyReport'> {
  return {
    comparePages: ({ query }) => compare(workbench, query, (comparison) => comparison),
    findCopies: async ({ body }) => {
      const brand = body.brand === undefined ? undefined : await workbench.workspace.brands.find(body.brand);
      const found = await workbench.huntCopies(brand === undefined ? undefined : [brand.id]);
      return {
        copies: found.map(({ verdict: { level, score, evidence }, ...copy }) => ({
          ...copy,
          level,
          score,
          evidence,
        })),
      };
    },
    getCopyReport: ({ query }) =>
      compare(
        workbench,
        query,
        (comparison, a, b) => new FileAnswer('text/html', 'copy-report.html', copyReport(comparison, a, b)),
      ),
  };
}

async function compare<Result>(
  workbench: Workbench,
  { a, b }: { readonly a: string; readonly b: string },
  answer: (comparison: PageComparison, a: Bundle, b: Bundle) => Result,
): Promise<Result> {
  const right = await chosen(workbench, b, undefined);
  const left = await chosen(workbench, a, right.startedAt);
  await using first = await openBundle(await workbench.bundleOf(left));
  await using second = await openBundle(await workbench.bundleOf(right));
  return answer(comparePages(first, second), first, second);
}

/** A capture by its id; of a URL or host the one that stood before `at`, else the newest. */
async function chosen(workbench: Workbench, what: string, at: string | undefined): Promise<StoredCapture> {
  if (CAPTURE_ID.test(what)) return captureOf(workbench, what);
  const url = /^https?:\/\//i.test(what) ? what : undefined;
  const host = hostOf(url === undefined ? what : (hostOfUrl(url) ?? url));
  const captures = (await workbench.store.captures({ host, limit: VERSIONS })).filter(
    ({ outcome, ...capture }) =>
      outcome === 'ok' && (url === undefined || capture.url === url || capture.finalUrl === url),
  );
  const version = at === undefined ? captures[0] : versionBefore(captures, at);
  if (version === undefined)
    throw new AditError('unknown-capture', `Nothing was captured of ${what.slice(0, 200)}.`, {
      advice: 'Capture it first.',
    });
  return version;
}
