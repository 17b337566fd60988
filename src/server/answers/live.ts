import { StreamAnswer, type AnswerContext, type Answers } from '../answer.ts';

export function liveAnswers({
  streams,
  demo,
}: AnswerContext): Pick<Answers, 'events' | 'getDemo' | 'replayDemo'> {
  return {
    events: async ({ caller, from }) => new StreamAnswer(streams.open(caller, from.lastEventId)),
    getDemo: () => demo.state(),
    replayDemo: () => demo.start(),
  };
}
