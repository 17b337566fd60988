import { KIND, lexScript, type Tokens } from './lexer.ts';

/** A script as it stands in a page or file. */
export interface ScriptSource {
  readonly kind: 'script' | 'handler' | 'link' | 'file';
  readonly code: string;
}

export interface ScriptFunction {
  readonly name: string | undefined;
  /** Token of the name, or of the function's beginning. */
  readonly token: number;
  /** Parameter names; undefined for patterns. */
  readonly parameters: readonly (string | undefined)[];
  /** Function around it; -1: none. */
  readonly parent: number;
  readonly bodyStart: number;
  bodyEnd: number;
  /** An arrow function without braces returns its body. */
  readonly isExpression: boolean;
  /** What it is attached to listens for clicks. */
  readonly isClickListener: boolean;
}

/** `path = value`, `path += value`, or a declaration with a value. */
export interface Definition {
  readonly path: string;
  readonly token: number;
  /** First token of the value. */
  readonly value: number;
  readonly isAppended: boolean;
  readonly scope: number;
}

/** `callee(…)` or `new callee(…)`. */
export interface Call {
  /** Dotted path without `window.` and the like, e.g. `location.replace`; `?` stands for parts that are no names. */
  readonly callee: string;
  readonly token: number;
  /** Token of the opening parenthesis. */
  readonly open: number;
  readonly isNew: boolean;
  readonly scope: number;
}

/** What one script defines, assigns and calls: flat lists found in one walk over its tokens. */
export interface ScriptUnit {
  readonly source: ScriptSource;
  readonly tokens: Tokens;
  readonly functions: readonly ScriptFunction[];
  readonly definitions: readonly Definition[];
  readonly calls: readonly Call[];
  /** Tokens of strings in `import … from '…'` and `export … from '…'`. */
  readonly imports: readonly { readonly token: number; readonly scope: number }[];
  /** Tokens after `return`, with the function they return from. */
  readonly returns: readonly { readonly value: number; readonly scope: number }[];
}

/** Words that take a parenthesis and are no calls. */
const NOT_CALLED = new Set([
  'if',
  'for',
  'while',
  'switch',
  'catch',
  'with',
  'function',
  'return',
  'typeof',
  'await',
  'super',
]);

/** Global objects that a path may be written with or without. */
const GLOBALS = new Set(['window', 'self', 'globalThis', 'this', 'top', 'parent', 'document', 'frames']);

const LISTENING_CALLS =
  /(?:^|\.)(?:addEventListener|attachEvent|on|one|live|bind|delegate|click|mousedown|mouseup|touchstart)$/;

/** The longest path of names that is read. */
const MAX_PATH = 12;

/** Reads a script's structure. Never throws, linear in time. */
export function readUnit(source: ScriptSource): ScriptUnit {
  return new UnitReader(source).read();
}

class UnitReader implements ScriptUnit {
  readonly source: ScriptSource;
  readonly tokens: Tokens;
  readonly functions: ScriptFunction[] = [];
  readonly definitions: Definition[] = [];
  readonly calls: Call[] = [];
  readonly imports: { token: number; scope: number }[] = [];
  readonly returns: { value: number; scope: number }[] = [];
  /** Functions that the walk stands in, innermost last. */
  readonly #scopes: number[] = [];
  /** Opening brace of a body → its function. */
  readonly #bodies = new Map<number, number>();
  /** Open brackets around the walk: arrow functions without braces end where their bracket does. */
  #depth = 0;
  readonly #arrows: { readonly scope: number; readonly depth: number }[] = [];

  constructor(source: ScriptSource) {
    this.source = source;
    this.tokens = lexScript(source.code);
  }

  read(): ScriptUnit {
    const { count } = this.tokens;
    for (let token = 0; token < count; token++) this.#visit(token);
    for (const scope of this.#scopes) this.functions[scope]!.bodyEnd = count;
    return this;
  }

  get #scope(): number {
    return this.#scopes.at(-1) ?? -1;
  }

  #visit(token: number): void {
    if (this.tokens.kinds[token] === KIND.name) return this.#visitName(token);
    if (this.tokens.kinds[token] !== KIND.punctuator) return undefined;
    const mark = wordAt(this.tokens, token);
    switch (mark) {
      case '=':
      case '+=':
        return this.#define(token, mark === '+=');
      case '=>':
        return this.#arrow(token);
      case '(':
        this.#depth++;
        return this.#call(token);
      case '[':
      case '{':
      case '${':
        this.#depth++;
        return this.#enterBody(token);
      case ',':
      case ';':
        return this.#endArrows(token);
      case ')':
      case ']':
      case '}':
        this.#endArrows(token);
        this.#depth = Math.max(0, this.#depth - 1);
        return this.#leaveBody(token);
      default:
        return undefined;
    }
  }

  #visitName(token: number): void {
    const word = wordAt(this.tokens, token);
    if (word === 'function') this.#functionKeyword(token);
    else if (word === 'return') this.returns.push({ value: token + 1, scope: this.#scope });
    else if (word === 'import' || word === 'from') {
      if (this.tokens.kinds[token + 1] === KIND.string && !this.#isAfterDot(token)) {
        this.imports.push({ token: token + 1, scope: this.#scope });
      }
    }
  }

  #isAfterDot(token: number): boolean {
    const before = wordAt(this.tokens, token - 1);
    return before === '.' || before === '?.';
  }

  /** `function name(parameters) {` */
  #functionKeyword(token: number): void {
    let at = token + 1;
    if (wordAt(this.tokens, at) === '*') at++;
    const hasName = this.tokens.kinds[at] === KIND.name;
    const open = hasName ? at + 1 : at;
    if (wordAt(this.tokens, open) !== '(') return;
    const name = hasName ? wordAt(this.tokens, at) : this.#assignedName(token);
    this.#addFunction(name, hasName ? at : token, open, token);
  }

  /** The name that an anonymous function is assigned to: `name = `, `a.name = `, `name: `. */
  #assignedName(begin: number): string | undefined {
    let before = begin - 1;
    if (wordAt(this.tokens, before) === 'async') before--;
    const mark = wordAt(this.tokens, before);
    if (mark !== '=' && mark !== ':') return undefined;
    return this.tokens.kinds[before - 1] === KIND.name ? wordAt(this.tokens, before - 1) : undefined;
  }

  /** A function whose parameters stand in these parentheses and whose body in the braces after them. */
  #addFunction(name: string | undefined, token: number, open: number, begin: number): void {
    const close = this.tokens.partners[open]!;
    const body = close + 1;
    if (close === -1 || wordAt(this.tokens, body) !== '{') return;
    this.functions.push({
      name,
      token,
      parameters: this.#parameters(open, close),
      parent: this.#scope,
      bodyStart: body,
      bodyEnd: this.tokens.count,
      isExpression: false,
      isClickListener: this.#isClickListener(begin),
    });
    this.#bodies.set(body, this.functions.length - 1);
  }

  #parameters(open: number, close: number): (string | undefined)[] {
    const names: (string | undefined)[] = [];
    for (let at = open + 1; at < close;) {
      names.push(this.tokens.kinds[at] === KIND.name ? wordAt(this.tokens, at) : undefined);
      while (at < close && wordAt(this.tokens, at) !== ',') at = Math.max(at, this.tokens.partners[at]!) + 1;
      at++;
    }
    return names;
  }

  /** `name => …`, `(parameters) => …` */
  #arrow(token: number): void {
    const close = token - 1;
    const open = wordAt(this.tokens, close) === ')' ? this.tokens.partners[close]! : close;
    if (open < 0) return;
    const parameters = open === close ? [wordAt(this.tokens, close)] : this.#parameters(open, close);
    const isExpression = wordAt(this.tokens, token + 1) !== '{';
    const scope = this.functions.length;
    this.functions.push({
      name: this.#assignedName(open),
      token: open,
      parameters,
      parent: this.#scope,
      bodyStart: token + 1,
      bodyEnd: this.tokens.count,
      isExpression,
      isClickListener: this.#isClickListener(open),
    });
    if (!isExpression) this.#bodies.set(token + 1, scope);
    else {
      this.#scopes.push(scope);
      this.#arrows.push({ scope, depth: this.#depth });
    }
  }

  /** Whether the function that begins here is given to `addEventListener('click', …)` or assigned to `onclick`. */
  #isClickListener(begin: number): boolean {
    let before = begin - 1;
    if (wordAt(this.tokens, before) === 'async') before--;
    const mark = wordAt(this.tokens, before);
    if (mark === '=' || mark === ':') return wordAt(this.tokens, before - 1) === 'onclick';
    const call = this.calls.at(-1);
    if (call === undefined || !LISTENING_CALLS.test(call.callee) || !this.#isArgumentOf(call, before))
      return false;
    return isClickCall(this.tokens, call);
  }

  #isArgumentOf(call: Call, before: number): boolean {
    return before === call.open || (wordAt(this.tokens, before) === ',' && before - call.open <= 4);
  }

  /** Arrow functions without braces end at a comma, a semicolon, or the bracket around them. */
  #endArrows(token: number): void {
    while ((this.#arrows.at(-1)?.depth ?? -1) >= this.#depth) {
      const { scope } = this.#arrows.pop()!;
      const at = this.#scopes.lastIndexOf(scope);
      if (at !== -1) this.#scopes.length = at;
      this.functions[scope]!.bodyEnd = token;
    }
  }

  #enterBody(token: number): void {
    const scope = this.#bodies.get(token);
    if (scope !== undefined) this.#scopes.push(scope);
  }

  #leaveBody(token: number): void {
    const scope = this.#bodies.get(this.tokens.partners[token]!);
    if (scope === undefined) return;
    const at = this.#scopes.lastIndexOf(scope);
    if (at !== -1) this.#scopes.length = at;
    this.functions[scope]!.bodyEnd = token;
  }

  #define(token: number, isAppended: boolean): void {
    const path = pathBefore(this.tokens, token - 1);
    if (path !== undefined)
      this.definitions.push({
        path: path.path,
        token: path.token,
        value: token + 1,
        isAppended,
        scope: this.#scope,
      });
  }

  #call(open: number): void {
    const path = pathBefore(this.tokens, open - 1);
    if (path === undefined || NOT_CALLED.has(path.path)) return;
    const before = wordAt(this.tokens, path.token - 1);
    if (before === 'function' || (before === '*' && wordAt(this.tokens, path.token - 2) === 'function'))
      return;
    const close = this.tokens.partners[open]!;
    if (
      close !== -1 &&
      wordAt(this.tokens, close + 1) === '{' &&
      !path.path.includes('.') &&
      before !== 'new'
    ) {
      this.#addFunction(path.path, path.token, open, path.token); // a method: name(parameters) { … }
      return;
    }
    this.calls.push({
      callee: path.path,
      token: path.token,
      open,
      isNew: before === 'new',
      scope: this.#scope,
    });
  }
}

/** The token's text; empty for tokens out of range. */
export function wordAt({ text, starts, ends, count }: Tokens, token: number): string {
  return token >= 0 && token < count ? text.slice(starts[token], ends[token]) : '';
}

/** Whether the call registers a listener for clicks. */
function isClickCall(tokens: Tokens, { callee, open }: Call): boolean {
  const event = tokens.kinds[open + 1] === KIND.string ? wordAt(tokens, open + 1).slice(1, -1) : undefined;
  if (event !== undefined)
    return /\b(?:onclick|click|mousedown|mouseup|touchstart|touchend|pointerdown|submit)\b/.test(event);
  return /(?:^|\.)(?:click|mousedown|mouseup|touchstart)$/.test(callee);
}

/**
 * The dotted path that ends at a token: `a.b.c`, `window.location` as `location`, `a['b']` as `a.b`. What is no name
 * (an index, a call's result) is `?`. Undefined where no path ends there.
 */
function pathBefore(
  tokens: Tokens,
  last: number,
): { readonly path: string; readonly token: number } | undefined {
  const { kinds, partners } = tokens;
  const parts: string[] = [];
  for (let token = last; parts.length < MAX_PATH; token -= 2) {
    while (wordAt(tokens, token) === ']' && partners[token]! > 0 && parts.length < MAX_PATH) {
      const open = partners[token]!;
      const isNamed = token - open === 2 && kinds[open + 1] === KIND.string;
      parts.unshift(isNamed ? wordAt(tokens, open + 1).slice(1, -1) : '?');
      token = open - 1;
    }
    if (kinds[token] !== KIND.name) {
      if (parts.length === 0) return undefined;
      return { path: shorten(['?', ...parts]), token: beginOfCall(tokens, token) };
    }
    parts.unshift(wordAt(tokens, token));
    const before = wordAt(tokens, token - 1);
    if (before !== '.' && before !== '?.') return { path: shorten(parts), token };
  }
  return undefined;
}

/** The first token of the call that ends here: `new Image()`, `a.b(…)`. */
function beginOfCall(tokens: Tokens, last: number): number {
  const open = tokens.partners[last] ?? -1;
  let token = open >= 0 && open < last ? open : Math.max(0, last);
  for (let names = 0; names < MAX_PATH && tokens.kinds[token - 1] === KIND.name; names++) {
    token--;
    if (wordAt(tokens, token - 1) === 'new') return token - 1;
    if (wordAt(tokens, token - 1) !== '.') break;
    token--;
  }
  return token;
}

/** Leaves out the global objects that a path may begin with. */
function shorten(parts: string[]): string {
  let from = 0;
  while (from < parts.length - 1 && GLOBALS.has(parts[from]!)) from++;
  return parts.slice(from).join('.');
}
