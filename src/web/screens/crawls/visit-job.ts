/** What a visit job asks for and brought back, read from the queue's own forms. */
export interface VisitJob {
  readonly url: string;
  readonly persona: string;
  readonly captureId: string | undefined;
  readonly outcome: string | undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export function visitOf(payload: unknown, result: unknown): VisitJob {
  const asked = (payload ?? {}) as Record<string, unknown>; // JSON of the queue
  const brought = (result ?? {}) as Record<string, unknown>;
  const persona = asked['persona'];
  return {
    url: textOf(asked['url']) ?? '',
    persona:
      textOf(persona) ?? textOf((persona as Record<string, unknown> | undefined)?.['title']) ?? 'the default',
    captureId: textOf(brought['captureId']),
    outcome: textOf(brought['outcome']),
  };
}

/** Why a visit could not be made, with what to do where that is known. */
export function failureWords(error: string | undefined): string {
  if (error === undefined || error === '') return 'The reason was not told.';
  if (/persona/i.test(error)) return `${error} Choose another persona.`;
  if (/browser|chromium|executable/i.test(error)) return `The browser could not be started: ${error}`;
  return error;
}

/** Addresses from pasted text: one a line or between blanks; a bare host becomes https. Defanged ones are undone by `refang`. */
export function addressesOf(text: string, refang: (text: string) => string): string[] {
  const found = text
    .split(/[\s,]+/)
    .map((word) => refang(word.trim()))
    .filter((word) => word !== '')
    .map((word) => (/^[a-z][a-z0-9+.-]*:\/\//i.test(word) ? word : `https://${word}/`.replace(/\/\/$/, '/')));
  return [...new Set(found)];
}
