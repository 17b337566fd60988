import type { Recorder } from '../record/recorder.ts';
import type { Target } from '../record/targets.ts';

const ALIVE_MS = 1_200;
const COMMAND_MS = 1_500;

/**
 * Brings the page to a stop, so that it can be read, however it defends itself. Each rung is only climbed where the
 * one below did not help. False: it cannot be read; the wire has its bytes all the same.
 */
export async function freeze(recorder: Recorder, page: Target): Promise<boolean> {
  const { session } = page;
  if (recorder.crashed.has(page.id) || page.isGone) return false;
  if (!(await answers(page))) {
    await session.attempt('Runtime.terminateExecution', undefined, COMMAND_MS);
    void session.attempt('Emulation.setScriptExecutionDisabled', { value: true }, COMMAND_MS);
    if (!(await answers(page))) {
      // While a navigation to another process is pending, commands queue behind it.
      await session.attempt('Page.stopLoading', undefined, COMMAND_MS);
      if (!(await answers(page))) return false;
    }
  }
  await recorder.stopScripts();
  return !recorder.crashed.has(page.id);
}

async function answers({ session }: Target): Promise<boolean> {
  const answer = await session.attempt(
    'Runtime.evaluate',
    { expression: '1', timeout: ALIVE_MS - 200 },
    ALIVE_MS,
  );
  return answer !== undefined;
}
