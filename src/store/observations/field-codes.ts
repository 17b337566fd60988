/**
 * Names of the fields that nearly every row has, as they stand in `latest`: half of what an insert costs is the bytes of
 * that column, and a quarter of those would be names. A code means the same for good, since rows keep it.
 */
const CODES: ReadonlyMap<string, string> = new Map([
  ['exchange', 'x'],
  ['element', 'e'],
  ['attribute', 'a'],
  ['line', 'l'],
  ['column', 'c'],
  ['offset', 'o'],
  ['length', 'n'],
  ['archive', 'r'],
  ['isRequest', 'q'],
  ['isObserved', 's'],
  ['depth', 'd'],
  ['url', 'u'],
  ['parentUrl', 'p'],
]);
const NAMES: ReadonlyMap<string, string> = new Map(Array.from(CODES, ([name, code]) => [code, name]));
/** Stands before a name that could be taken for a code. */
const PLAIN = '=';

/** How a field is called in the `latest` column. */
export function codeOf(name: string): string {
  return CODES.get(name) ?? (name.length === 1 || name.startsWith(PLAIN) ? PLAIN + name : name);
}

/** The record with the fields' own names. */
export function withNames<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([code, value]) => [nameOf(code), value]));
}

const nameOf = (code: string): string =>
  NAMES.get(code) ?? (code.startsWith(PLAIN) ? code.slice(PLAIN.length) : code);
