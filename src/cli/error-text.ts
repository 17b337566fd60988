import { AditError } from '#model';
import { CommanderError } from 'commander';
import { printable } from './text.ts';

/** A fault in a sentence or two: what is wrong, and what to do. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error));
  const advice = error instanceof AditError && error.advice !== undefined ? ` ${error.advice}` : '';
  return printable(`${error.message}${advice}`);
}

/** The same for programs: what `--json` prints instead of an answer. `code` is stable. */
export function errorJson(error: unknown): { code: string; message: string; advice?: string } {
  if (error instanceof CommanderError)
    return { code: 'bad-usage', message: error.message.replace(/^error: /, '') };
  if (!(error instanceof AditError))
    return { code: 'fault', message: error instanceof Error ? error.message : String(error) };
  const { code, message, advice } = error;
  return { code, message, ...(advice !== undefined && { advice }) };
}
