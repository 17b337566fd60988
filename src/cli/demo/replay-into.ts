import { keepCapture, type Workbench } from '#pipeline';
import type { PlayDemo } from '#server';
import { campaign } from '#testnet';
import type { Ask } from '../stores/ask.ts';
import { playCampaign } from './run-demo.ts';

/** Steps beside the visits: the sites that start, what is told after them, and the project. */
const OTHER_STEPS = 3;

/** Replays the campaign into stores that a server has open, asking that server itself. */
export function replayInto(
  workbench: Workbench,
  ask: () => Ask,
  options: { readonly parallel: number; readonly signal: AbortSignal },
): PlayDemo {
  return async (onProgress) => {
    const total = campaign.innocents.length + campaign.brands.length + campaign.fakes.length + OTHER_STEPS;
    let done = 0;
    let line = 'starting the test internet';
    const tell = (): void => onProgress({ line, done: Math.min(done, total), total });
    tell();
    const { investigation } = await playCampaign(workbench, ask(), {
      ...options,
      columns: undefined,
      // Headings name the act that begins; what else is told is for terminals.
      print: (text) => {
        const heading = /^\n?\d+\. (.*)/.exec(text)?.[1];
        if (heading === undefined) return;
        line = heading;
        tell();
      },
      progress: () => {},
      keep: async (source) => {
        const kept = await keepCapture(source, workbench.captures, 'byHash');
        done++;
        tell();
        return kept;
      },
    });
    return { project: investigation.id };
  };
}
