/** Values of a statement, each bound to a placeholder; nothing is ever spliced into SQL. */
export class Bindings {
  readonly parameters: Record<string, unknown> = {};
  #next = 0;

  bind(
    value: unknown,
    type: 'String' | 'Int64' | 'UInt32' | 'UInt64' | 'Array(String)' | 'Array(Int64)' = 'String',
  ): string {
    const name = `b${this.#next++}`;
    this.parameters[name] = value;
    return `{${name}:${type}}`;
  }
}
