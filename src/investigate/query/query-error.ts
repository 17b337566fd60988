import { AditError } from '#model';

/** A query that says nothing that can be asked: what is wrong with it, where, and what to write instead. */
export class QueryError extends AditError {
  /** UTF-16 code units of the query. */
  readonly start: number;
  readonly end: number;

  constructor(message: string, place: { readonly start: number; readonly end: number }, advice: string) {
    super('bad-query', `${message} (character ${place.start + 1})`, { advice });
    this.name = 'QueryError';
    this.start = place.start;
    this.end = place.end;
  }
}
