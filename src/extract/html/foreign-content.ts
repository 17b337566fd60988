/** Elements that open SVG or MathML content, where no element holds raw text and CDATA sections exist. */
export const ROOTS = new Set(['svg', 'math']);

/** Elements inside foreign content whose children are HTML again. */
export const INTEGRATION_POINTS = new Set([
  'foreignobject',
  'desc',
  'title',
  'mi',
  'mo',
  'mn',
  'ms',
  'mtext',
  'annotation-xml',
]);

/** HTML elements that end foreign content when they occur in it (WHATWG HTML §13.2.6.5). */
export const BREAKOUTS = new Set(
  (
    'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu ' +
    'meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var'
  ).split(' '),
);

const MAX_DEPTH = 60;

/**
 * Whether the tokenizer stands in SVG or MathML. An approximation of the tree builder that needs no tree: a stack of
 * foreign roots and integration points, corrected by the elements that end foreign content.
 */
export class ForeignContent {
  readonly #stack: ('root' | 'integration')[] = [];

  get isForeign(): boolean {
    return this.#stack.at(-1) === 'root';
  }

  /** Notes a start tag; says whether it is an HTML element, so that it may hold raw text. */
  startTag(name: string, isSelfClosing: boolean): boolean {
    if (ROOTS.has(name)) return this.#push('root', isSelfClosing);
    if (!this.isForeign) return true;
    if (INTEGRATION_POINTS.has(name)) return this.#push('integration', isSelfClosing);
    if (!BREAKOUTS.has(name)) return false;
    this.#leaveForeign();
    return true;
  }

  #push(kind: 'root' | 'integration', isSelfClosing: boolean): false {
    if (!isSelfClosing && this.#stack.length < MAX_DEPTH) this.#stack.push(kind);
    return false;
  }

  endTag(name: string): void {
    if (this.#stack.length === 0) return;
    if (ROOTS.has(name)) this.#popThrough('root');
    else if (INTEGRATION_POINTS.has(name)) this.#popThrough('integration');
    else if (this.isForeign && (name === 'br' || name === 'p')) this.#leaveForeign();
  }

  #popThrough(kind: 'root' | 'integration'): void {
    const at = this.#stack.lastIndexOf(kind);
    if (at !== -1) this.#stack.length = at;
  }

  #leaveForeign(): void {
    while (this.isForeign) this.#stack.pop();
  }
}
