import { QueryError } from './query-error.ts';
import { tokenize, type Token, type WrittenValue } from './token.ts';

/** Most terms, and deepest brackets, of a query. */
export const MAX_TERMS = 200;
const MAX_DEPTH = 20;

interface Place {
  readonly start: number;
  readonly end: number;
}

/** `field:value`, or a value alone. */
export interface Term extends Place {
  readonly kind: 'term';
  readonly field: string | undefined;
  readonly value: WrittenValue;
}

/** What a query says, by its form alone. */
export type Syntax =
  | (Place & { readonly kind: 'and' | 'or'; readonly parts: readonly Syntax[] })
  | (Place & { readonly kind: 'not'; readonly part: Syntax })
  /** `pair(child:x cause:y)`: all of it of one edge. */
  | (Place & { readonly kind: 'edge'; readonly name: string; readonly terms: readonly Term[] })
  | Term;

/**
 * Reads a query: `AND` (or nothing), `OR`, `NOT` (or `-`), brackets, `field:value`, `field:(a OR b)`, `"quoted"`. `AND`
 * binds closer than `OR`. Throws QueryError, with the place; undefined where there is nothing to ask.
 */
export function parseQuery(text: string): Syntax | undefined {
  const tokens = tokenize(text);
  if (tokens.length === 0) return undefined;
  const reader = new Reader(tokens, text.length);
  const query = reader.either(0, undefined);
  reader.expectEnd();
  return query;
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #length: number;
  #at = 0;
  #terms = 0;

  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens;
    this.#length = length;
  }

  /** `field`: the one that stands before the brackets that this is in. */
  either(depth: number, field: string | undefined): Syntax {
    const parts = [this.#all(depth, field)];
    while (this.#peek()?.kind === 'or') {
      this.#at++;
      parts.push(this.#all(depth, field));
    }
    return joined('or', parts);
  }

  #all(depth: number, field: string | undefined): Syntax {
    const parts = [this.#one(depth, field)];
    for (;;) {
      const next = this.#peek();
      if (next === undefined || next.kind === 'or' || next.kind === 'close') break;
      if (next.kind === 'and') this.#at++;
      parts.push(this.#one(depth, field));
    }
    return joined('and', parts);
  }

  #one(depth: number, field: string | undefined): Syntax {
    const token = this.#peek();
    if (token === undefined) throw this.#nothingBehind();
    if (depth > MAX_DEPTH)
      throw new QueryError(
        `Brackets and NOT lie more than ${MAX_DEPTH} deep.`,
        token,
        'Write the query with fewer of them.',
      );
    this.#at++;
    switch (token.kind) {
      case 'not': {
        const part = this.#one(depth + 1, field);
        return { kind: 'not', part, start: token.start, end: part.end };
      }
      case 'open':
        return this.#closed(token, this.either(depth + 1, field));
      case 'group':
        if (token.hasColon) return this.#closed(token, this.either(depth + 1, token.field));
        return this.#edge(token, depth);
      case 'term':
        return this.#term(token, field);
      case 'close':
        if (depth > 0)
          throw new QueryError(
            'There is nothing before this bracket.',
            token,
            'Write what goes into the brackets, or take them out.',
          );
        throw new QueryError(
          'A bracket is closed that was never opened.',
          token,
          'Take it out, or open one before.',
        );
      default:
        throw new QueryError(
          `There is nothing before ${token.kind.toUpperCase()}.`,
          token,
          `Write what is to be joined on both sides, or "${token.kind}" in quotation marks for the word itself.`,
        );
    }
  }

  #edge(token: Token & { readonly kind: 'group' }, depth: number): Syntax {
    const inside = this.#closed(token, this.either(depth + 1, undefined));
    const terms = inside.kind === 'and' ? inside.parts : [inside];
    const other = terms.find((term) => term.kind !== 'term');
    if (other !== undefined)
      throw new QueryError(
        `Inside ${token.field}(…) stand conditions on one edge, all of which must hold.`,
        other,
        'Write fields and values only, e.g. pair(child:example.org cause:img.src).',
      );
    return {
      kind: 'edge',
      name: token.field,
      terms: terms.filter((term) => term.kind === 'term'),
      start: token.start,
      end: this.#tokens[this.#at - 1]!.end,
    };
  }

  #closed(open: Token, inside: Syntax): Syntax {
    const close = this.#peek();
    if (close?.kind !== 'close')
      throw new QueryError('The bracket is never closed.', open, 'Write ) where it ends.');
    this.#at++;
    return inside;
  }

  #term(token: Token & { readonly kind: 'term' }, field: string | undefined): Term {
    this.#terms++;
    if (this.#terms > MAX_TERMS)
      throw new QueryError(
        `The query has more than ${MAX_TERMS} terms.`,
        token,
        'Ask for fewer at a time, or paste lists where artifacts are recognised.',
      );
    const { value, start, end } = token;
    if (value.text === '')
      throw new QueryError(
        token.field === undefined
          ? 'The quotation marks are empty.'
          : `There is no value behind ${token.field}:.`,
        token,
        `Write the value right behind the colon, without a blank: ${token.field ?? 'host'}:VALUE.`,
      );
    return { kind: 'term', field: token.field ?? field, value, start, end };
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #nothingBehind(): QueryError {
    const last = this.#tokens.at(-1)!;
    const place = { start: last.start, end: this.#length };
    if (last.kind === 'open' || last.kind === 'group')
      return new QueryError('The bracket is never closed.', place, 'Write what goes into it, and ).');
    return new QueryError(
      `There is nothing behind ${last.kind.toUpperCase()}.`,
      place,
      'Write what is meant behind it, or take it out.',
    );
  }

  expectEnd(): void {
    const token = this.#peek();
    if (token !== undefined)
      throw new QueryError(
        'A bracket is closed that was never opened.',
        token,
        'Take it out, or open one before.',
      );
  }
}

function joined(kind: 'and' | 'or', parts: readonly Syntax[]): Syntax {
  if (parts.length === 1) return parts[0]!;
  return { kind, parts, start: parts[0]!.start, end: parts.at(-1)!.end };
}
