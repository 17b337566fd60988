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

/** Codes of these forms mean that the input is wrong, not that Adit failed … */
const INPUT_ERROR =
  /^(bad|unknown|unsupported|missing|invalid|no|not)-|-(invalid|unsupported|malformed|unknown|missing|empty|too-long|too-broad|ambiguous)$|^archive-/;

/** … but for these. */
const FAULTS = new Set([
  'archive-bad-source',
  'archive-spool-lost',
  'bundle-missing',
  'not-writable',
  'sandbox-missing',
]);

/** The one place where a fault becomes an exit status. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof AditError)) return EXIT.fault;
  return INPUT_ERROR.test(error.code) && !FAULTS.has(error.code) ? EXIT.usage : EXIT.fault;
}
