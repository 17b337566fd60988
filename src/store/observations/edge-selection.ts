import { AditError, type DatasetId, type Host } from '#model';
import { detailColumn, isVariant } from './detail.ts';
import { cutKey, holdsHosts, prefixBelow, toKey, type Side } from './key.ts';

/** One step from a value: forward from a source to its targets, in reverse from a target to its sources. */
export interface EdgeFilter {
  readonly dataset: DatasetId;
  readonly direction: 'forward' | 'reverse';
  readonly value: string;
  /** A domain includes all below it; default true for datasets whose side holds hosts. */
  readonly withSubdomains?: boolean | undefined;
  /** Only this value on the other side. */
  readonly other?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  /** What the browser did; false: only what a page merely names. */
  readonly isObserved?: boolean | undefined;
  /** RFC 3339; keeps edges whose life span overlaps: last seen at or after `seenFrom`, first seen at or before `seenTo`. */
  readonly seenFrom?: string | undefined;
  readonly seenTo?: string | undefined;
  /** Leaves out these domains and all below them on the other side: foreign hosts only. */
  readonly foreignTo?: readonly Host[] | undefined;
  /** Text within the value on the other side; of a long value within its first 300 characters. */
  readonly contains?: string | undefined;
  /** Only these domains and what lies below them on the other side. */
  readonly within?: readonly Host[] | undefined;
  /** Only edges whose detail says so: of each field any of the values, as text. */
  readonly details?: readonly { readonly field: string; readonly values: readonly string[] }[] | undefined;
}

/** WHERE, GROUP BY and HAVING, with the values bound. */
export class EdgeSelection {
  readonly parameters: Record<string, unknown>;
  readonly #where: string[] = [];
  readonly #having: string[] = [];
  #group = '';

  constructor(parameters: Record<string, unknown>) {
    this.parameters = parameters;
  }

  /** Binds a value and gives its placeholder. */
  bind(
    value: unknown,
    type: 'String' | 'Int64' | 'UInt64' | 'Array(String)' | 'Array(UInt64)' = 'String',
  ): string {
    const name = `p${Object.keys(this.parameters).length}`;
    this.parameters[name] = value;
    return `{${name}:${type}}`;
  }

  select(query: EdgeFilter, own: Side, other: Side): void {
    const {
      dataset,
      withSubdomains = true,
      labels = [],
      isObserved,
      seenFrom,
      seenTo,
      foreignTo = [],
      contains = '',
      within = [],
      details = [],
    } = query;
    this.#group = `dataset, ${own}, ${other}, label, variant`;
    this.#where.push(
      `dataset = ${this.bind(dataset)}`,
      this.#within(dataset, own, query.value, withSubdomains),
    );
    if (query.other !== undefined) this.#where.push(this.#within(dataset, other, query.other, false));
    if (labels.length > 0) this.#where.push(`label IN ${this.bind(labels.map(cutKey), 'Array(String)')}`);
    for (const domain of foreignTo) this.#where.push(`NOT ${this.#within(dataset, other, domain, true)}`);
    if (contains !== '')
      this.#where.push(
        `positionCaseInsensitiveUTF8(${readable(dataset, other)}, ${this.bind(contains)}) > 0`,
      );
    if (within.length > 0)
      this.#where.push(
        `(${within.map((domain) => this.#within(dataset, other, domain, true)).join(' OR ')})`,
      );
    for (const { field, values } of details) {
      const texts = this.bind(values.map(cutKey), 'Array(String)');
      if (isVariant(dataset, field)) this.#where.push(`variant IN ${texts}`);
      else this.#having.push(`${detailColumn(this, 'max(latest)', field)} IN ${texts}`);
    }
    if (isObserved !== undefined) this.#having.push(`max(is_observed) = ${isObserved ? 1 : 0}`);
    if (seenFrom !== undefined)
      this.#having.push(
        `toUnixTimestamp64Milli(max(last_seen)) >= ${this.bind(parseMoment(seenFrom), 'Int64')}`,
      );
    if (seenTo !== undefined)
      this.#having.push(
        `toUnixTimestamp64Milli(min(first_seen)) <= ${this.bind(parseMoment(seenTo), 'Int64')}`,
      );
  }

  /** Only hosts on that side that are one of the names, by their keys, or lie below one: ranges of the key. */
  below(side: Side, keys: readonly string[]): void {
    const ranges = keys.map((key) => `startsWith(${side}, ${this.bind(`${key}.`)})`);
    this.#where.push(`(${side} IN ${this.bind(keys, 'Array(String)')} OR ${ranges.join(' OR ')})`);
  }

  /** The value; where it is a host, also what lies below it: one range of the key each. */
  #within(dataset: DatasetId, side: Side, value: string, withSubdomains: boolean): string {
    const alone = `${side} = ${this.bind(toKey(dataset, side, value))}`;
    const prefix = withSubdomains ? prefixBelow(dataset, side, value) : undefined;
    return prefix === undefined ? alone : `(${alone} OR startsWith(${side}, ${this.bind(prefix)}))`;
  }

  /** Only what comes after the position: a number and `edge`, the hash, or columns of the key. The leading key columns are said twice: so the primary key serves as an index. */
  beginBehind(columns: readonly string[], position: readonly string[], order: 'asc' | 'desc'): void {
    const way = order === 'asc' ? '>' : '<';
    const isSorted = columns.includes('edge');
    const values = columns.map((column, index) =>
      this.bind(position[index], column === 'edge' ? 'UInt64' : isSorted ? 'Int64' : 'String'),
    );
    const behind = `(${columns.join(', ')}) ${way} (${values.join(', ')})`;
    if (isSorted) {
      this.#having.push(behind);
      return;
    }
    const [own, other] = columns;
    this.#where.push(
      `(${own} ${way} ${values[0]} OR (${own} = ${values[0]} AND ${other} ${way}= ${values[1]}))`,
      behind,
    );
  }

  /** What tells an edge from others in 64 bits. */
  hash(): string {
    return `cityHash64(${this.#group})`;
  }

  /** Only edges of these hashes. */
  only(hashes: readonly string[]): void {
    this.#where.push(`${this.hash()} IN ${this.bind(hashes.map(BigInt), 'Array(UInt64)')}`);
  }

  /** Edges in groups by their texts; by a hash of them where the order is not needed, which costs less. */
  conditions(group: 'texts' | 'hash' = 'texts'): string {
    const having = this.#having.length === 0 ? '' : `HAVING ${this.#having.join(' AND ')}`;
    const by = group === 'texts' ? this.#group : this.hash();
    return `WHERE ${this.#where.join(' AND ')} GROUP BY ${by} ${having}`;
  }
}

/** The text of a side as people read it. */
function readable(dataset: DatasetId, side: Side): string {
  return holdsHosts(dataset, side) ? `arrayStringConcat(reverse(splitByChar('.', ${side})), '.')` : side;
}

function parseMoment(text: string): number {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds))
    throw new AditError('bad-date', `“${text}” is no date.`, {
      advice: 'Dates are written 2017-11-17 or 2017-11-17T03:27:29Z.',
    });
  return milliseconds;
}
