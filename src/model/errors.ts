/**
 * A fault that Adit reports under a stable code. Expected outcomes (a page that cannot be reached, a limit) are
 * never faults: they are data. `code` is kebab-case, stable, and documented in docs/errors.md; `advice` says in one
 * sentence what to do next.
 */
export class AditError extends Error {
  readonly code: string;
  readonly advice: string | undefined;
  /** When the same may be tried again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: string,
    message: string,
    options: { advice?: string; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AditError';
    this.code = code;
    this.advice = options.advice;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
