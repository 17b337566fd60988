import { asciiLower, decodeAttributeValue } from './characters.ts';

/** Attributes of one tag that are kept; the rest is dropped. */
const MAX_ATTRIBUTES = 4_096;

/** An attribute as ranges of the text; the value's range excludes its quotes. */
export interface AttributeRange {
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/**
 * A start or end tag: ranges of the text, decoded when asked for. The tokenizer hands out the same object for every
 * tag, so a sink takes what it needs before it returns.
 */
export class Tag {
  readonly text: string;
  /** Offset of `<`, and the offset after `>`. */
  start = 0;
  end = 0;
  nameStart = 0;
  nameEnd = 0;
  isSelfClosing = false;
  /** Attributes as written, duplicates too. */
  attributeCount = 0;
  #name: string | undefined;
  /** Four offsets an attribute: name start and end, value start and end. */
  readonly #ranges: number[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** Lower-case name. */
  get name(): string {
    this.#name ??= asciiLower(this.text.slice(this.nameStart, this.nameEnd));
    return this.#name;
  }

  /** The range of the first attribute of that (lower-case) name; the HTML standard drops later ones. */
  range(name: string): AttributeRange | undefined {
    for (let i = 0; i < this.attributeCount; i++) {
      const at = 4 * i;
      const nameStart = this.#ranges[at]!;
      const nameEnd = this.#ranges[at + 1]!;
      if (nameEnd - nameStart === name.length && asciiLower(this.text.slice(nameStart, nameEnd)) === name) {
        return { nameStart, nameEnd, valueStart: this.#ranges[at + 2]!, valueEnd: this.#ranges[at + 3]! };
      }
    }
    return undefined;
  }

  /** The decoded value of an attribute; undefined where it is missing, empty where it has no value. */
  value(name: string): string | undefined {
    const range = this.range(name);
    return range === undefined
      ? undefined
      : decodeAttributeValue(this.text.slice(range.valueStart, range.valueEnd));
  }

  /** All attributes, first of each name, names in lower case. */
  attributes(): Map<string, AttributeRange> {
    const found = new Map<string, AttributeRange>();
    for (let i = 0; i < this.attributeCount; i++) {
      const nameStart = this.#ranges[4 * i]!;
      const nameEnd = this.#ranges[4 * i + 1]!;
      const valueStart = this.#ranges[4 * i + 2]!;
      const valueEnd = this.#ranges[4 * i + 3]!;
      const name = asciiLower(this.text.slice(nameStart, nameEnd));
      if (!found.has(name)) found.set(name, { nameStart, nameEnd, valueStart, valueEnd });
    }
    return found;
  }

  /** For the tokenizer: begins a tag whose name starts at `nameStart`. */
  begin(start: number, nameStart: number, nameEnd: number): void {
    this.start = start;
    this.nameStart = nameStart;
    this.nameEnd = nameEnd;
    this.isSelfClosing = false;
    this.attributeCount = 0;
    this.#name = undefined;
  }

  /** For the tokenizer: adds an attribute. */
  add(nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void {
    if (this.attributeCount === MAX_ATTRIBUTES) return;
    const at = 4 * this.attributeCount++;
    this.#ranges[at] = nameStart;
    this.#ranges[at + 1] = nameEnd;
    this.#ranges[at + 2] = valueStart;
    this.#ranges[at + 3] = valueEnd;
  }
}
