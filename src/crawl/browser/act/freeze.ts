import type { Recorder } from '../record/recorder.ts';
import type { Target } from '../record/targets.ts';

const ALIVE_MS = 1_000;
const COMMAND_MS = 1_000;

/**
 * Makes the page answer again, however it is kept busy. Each rung is only climbed where the one below did not help.
 * False: nothing can be read of it; the wire has its bytes all the same.
 */
export async function revive(recorder: Recorder, page: Target): Promise<boolean> {
  const { session } = page;
  const isGone = () => recorder.crashed.has(page.id) || page.isGone;
  if (isGone()) return false;
  if (await answers(page)) return true;
  await session.attempt('Runtime.terminateExecution', undefined, COMMAND_MS);
  void session.attempt('Emulation.setScriptExecutionDisabled', { value: true });
  if (await answers(page)) return true;
  // While a navigation to another process is pending, commands queue behind it.
  await session.attempt('Page.stopLoading', undefined, COMMAND_MS);
  return !isGone() && (await answers(page));
}

/** Brings the page to a stop, so that it can be read. False: it cannot be read. */
export async function freeze(recorder: Recorder, page: Target): Promise<boolean> {
  if (!(await revive(recorder, page))) return false;
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
