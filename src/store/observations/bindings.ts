/** Values of a statement, each bound to a placeholder; nothing is ever spliced into SQL. */
export class Bindings {
  readonly parameters: Record<string, unknown> = {};
  /** A value that is bound again is the same parameter: a request holds a limited number of them. */
  readonly #bound = new Map<string, string>();

  bind(
    value: unknown,
    type: 'String' | 'Int64' | 'UInt32' | 'UInt64' | 'Array(String)' | 'Array(Int64)' = 'String',
  ): string {
    const id = `${type} ${JSON.stringify(value)}`;
    const known = this.#bound.get(id);
    if (known !== undefined) return known;
    const name = `b${this.#bound.size}`;
    this.parameters[name] = value;
    const placeholder = `{${name}:${type}}`;
    this.#bound.set(id, placeholder);
    return placeholder;
  }
}
