import { decodeEscapes, KIND, type Tokens } from './lexer.ts';
import { wordAt, type ScriptFunction } from './unit.ts';

const MAX_LIST = 1_000;
const MAX_SKIP = 1_000;

/** The text of a string token. */
export function stringValue(word: string): string {
  const isClosed = word.length > 1 && word.at(-1) === word[0];
  return decodeEscapes(word.slice(1, isClosed ? -1 : undefined));
}

/** Whether a mark joins operands. */
export function isOperator(mark: string): boolean {
  return mark !== '' && !/^[\w$"'`({[]/.test(mark);
}

/** The token after an expression: at the comma, semicolon or bracket that ends it. */
export function skipExpression(tokens: Tokens, from: number): number {
  for (let token = from, steps = 0; token < tokens.count && steps < MAX_SKIP; token++, steps++) {
    const mark = tokens.kinds[token] === KIND.punctuator ? wordAt(tokens, token) : '';
    if (mark === ',' || mark === ';' || mark === ')' || mark === ']' || mark === '}') return token;
    token = Math.max(token, tokens.partners[token]!);
  }
  return Math.min(tokens.count, from + MAX_SKIP);
}

/** First tokens of the elements between a bracket and its partner. */
export function listStarts(tokens: Tokens, open: number): number[] {
  const close = tokens.partners[open]!;
  if (close <= open + 1) return [];
  const starts = [open + 1];
  for (let token = open + 1; token < close && starts.length < MAX_LIST; token++) {
    if (tokens.kinds[token] === KIND.punctuator && wordAt(tokens, token) === ',') starts.push(token + 1);
    token = Math.max(token, tokens.partners[token]!);
  }
  return starts;
}

/** First token of the value of a property of the object literal that opens here. */
export function propertyValue(tokens: Tokens, open: number, name: string): number | undefined {
  for (const key of listStarts(tokens, open)) {
    const word = wordAt(tokens, key);
    const isKey = word === name || (tokens.kinds[key] === KIND.string && stringValue(word) === name);
    if (!isKey) continue;
    const mark = wordAt(tokens, key + 1);
    if (mark === ':') return key + 2;
    if (mark === ',' || mark === '}') return key; // shorthand: the variable of that name
  }
  return undefined;
}

/** The parenthesis that calls a function where it stands: `(function () {…})(…)`. */
export function immediateCall(tokens: Tokens, { bodyEnd, isExpression }: ScriptFunction): number | undefined {
  let at = isExpression ? bodyEnd : bodyEnd + 1;
  if (wordAt(tokens, at) === ')') at++;
  if (wordAt(tokens, at) === '.' && /^(?:call|apply)$/.test(wordAt(tokens, at + 1))) return undefined;
  return at > bodyEnd && wordAt(tokens, at) === '(' ? at : undefined;
}
