import { AditError } from '#model';
import { printable } from './text.ts';

/** A fault in a sentence or two: what is wrong, and what to do. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error));
  const advice = error instanceof AditError && error.advice !== undefined ? ` ${error.advice}` : '';
  return printable(`${error.message}${advice}`);
}
