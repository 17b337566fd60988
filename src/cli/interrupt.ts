import type { Terminal } from './terminal.ts';
import { EXIT } from './exit-code.ts';

/** The first Ctrl-C (or SIGTERM) fires the signal, so that what is under way ends and is kept; the second leaves at once. */
export function onInterrupt(
  terminal: Terminal,
  said = 'stopping: what was captured is being kept; press Ctrl-C again to leave at once',
): { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    terminal.note(said);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { signal: controller.signal };
}
