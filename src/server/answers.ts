import type { AnswerContext, Answers } from './answer.ts';
import { accountAnswers } from './answers/accounts.ts';
import { artifactAnswers } from './answers/artifacts.ts';
import { brandAnswers } from './answers/brands.ts';
import { captureContentAnswers } from './answers/capture-contents.ts';
import { captureAnswers } from './answers/captures.ts';
import { compareAnswers } from './answers/compare.ts';
import { crawlAnswers } from './answers/crawls.ts';
import { edgeAnswers } from './answers/edges.ts';
import { importAnswers } from './answers/imports.ts';
import { jobAnswers } from './answers/jobs.ts';
import { keyAnswers } from './answers/keys.ts';
import { liveAnswers } from './answers/live.ts';
import { lookalikeAnswers } from './answers/lookalikes.ts';
import { mailAnswers } from './answers/mails.ts';
import { projectAnswers } from './answers/projects.ts';
import { savedSearchAnswers } from './answers/saved-searches.ts';
import { searchAnswers } from './answers/search.ts';
import { sharingAnswers } from './answers/sharing.ts';
import { statusAnswers } from './answers/status.ts';

/** What each route does, by the parts behind it; one file a subject. */
export function answersOf(context: AnswerContext): Answers {
  return {
    ...statusAnswers(context),
    ...captureAnswers(context),
    ...captureContentAnswers(context),
    ...compareAnswers(context),
    ...artifactAnswers(context),
    ...edgeAnswers(context),
    ...searchAnswers(context),
    ...savedSearchAnswers(context),
    ...projectAnswers(context),
    ...brandAnswers(context),
    ...lookalikeAnswers(context),
    ...mailAnswers(context),
    ...crawlAnswers(context),
    ...importAnswers(context),
    ...jobAnswers(context),
    ...keyAnswers(context),
    ...sharingAnswers(context),
    ...accountAnswers(context),
    ...liveAnswers(context),
  };
}
