import { definedOnly, parseHost, parseUrl, sha256, type Observation, type Sha256 } from '#model';
import type { AnswerContext, Answers } from '../answer.ts';

export function mailAnswers({ workbench: { store } }: AnswerContext): Pick<Answers, 'keepMentions'> {
  return {
    keepMentions: async ({ body: { source, mentions } }) => {
      const observations = mentions
        .filter(({ target }) => parseUrl(target) === target || parseHost(target) === target)
        .map(({ detail, evidence, ...mention }): Observation => ({
          dataset: 'mentions',
          source,
          ...mention,
          detail: definedOnly(detail),
          // checked by the schema
          evidence: definedOnly({
            ...evidence,
            mail: { ...evidence.mail, sha256: evidence.mail.sha256 as Sha256 },
          }),
        }));
      // By what it names, not when it was read: a mail that is imported again counts once.
      const content = sha256(JSON.stringify(observations.map(({ seenAt: _seenAt, ...rest }) => rest)));
      if (observations.length > 0) await store.add({ id: `mentions ${content}`, observations });
      return { kept: observations.length };
    },
  };
}
