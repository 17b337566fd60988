import { AditError } from '#model';

/** What a command's exit status says; documented in docs/cli.md. */
export const EXIT = {
  ok: 0,
  /** Adit itself failed. */
  fault: 1,
  /** The command line or its input is wrong. */
  usage: 2,
  /** The work is done and kept, but some of it met something else than success (a page that could not be reached, …). */
  incomplete: 3,
  /** Stopped by Ctrl-C; what was done until then is kept. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Errors of this code prefix mean that the input is wrong, not that Adit failed. */
const INPUT_ERROR =
  /^(bad|unknown|unsupported|missing|invalid|no)-|-(invalid|unsupported|unknown|missing|empty|too-long)$|^not-/;

/** The one place where a fault becomes an exit status. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof AditError) return INPUT_ERROR.test(error.code) ? EXIT.usage : EXIT.fault;
  return EXIT.fault;
}
