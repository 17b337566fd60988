import {
  concat,
  GLOBAL_FUNCTIONS,
  HOLE,
  METHODS,
  resolveUrl,
  union,
  UNKNOWN,
  type Value,
} from './known-functions.ts';
import { decodeEscapes, KIND } from './lexer.ts';
import {
  immediateCall,
  isOperator,
  listStarts,
  propertyValue,
  skipExpression,
  stringValue,
} from './token-walk.ts';
import { wordAt, type Call, type Definition, type ScriptFunction, type ScriptUnit } from './unit.ts';

/** An expression that waits to be evaluated: its first token, the function around it, what parameters stand for. */
export interface Expression {
  readonly unit: ScriptUnit;
  readonly token: number;
  readonly scope: number;
  readonly bindings: Bindings;
}

/** Function → the arguments it was called with. */
export type Bindings = ReadonlyMap<ScriptFunction, readonly Expression[]>;

interface Read {
  readonly value: Value;
  /** Token after the expression. */
  readonly next: number;
}

const MAX_DEPTH = 24;
const MAX_CALLERS = 6;
/** Assignments of one name that are weighed: those before the place, and those after it. */
const NEAR_BEFORE = 100;
const NEAR_AFTER = 20;

/** The scripts of one page, with what they define by name. */
export class Program {
  readonly units: readonly ScriptUnit[];
  readonly pageUrl: string;
  readonly #definitions = new Map<string, { readonly unit: ScriptUnit; readonly definition: Definition }[]>();
  readonly #functions = new Map<string, { readonly unit: ScriptUnit; readonly index: number }[]>();
  readonly #order: ReadonlyMap<ScriptUnit, number>;
  readonly #calls = new Map<string, { readonly unit: ScriptUnit; readonly call: Call }[]>();
  /** Evaluations left: what is asked for beyond is unknown. */
  #budget: number;

  constructor(units: readonly ScriptUnit[], pageUrl: string, budget = 500_000) {
    this.units = units;
    this.pageUrl = pageUrl;
    this.#budget = budget;
    this.#order = new Map(units.map((unit, index) => [unit, index]));
    for (const unit of units) {
      for (const definition of unit.definitions)
        addTo(this.#definitions, definition.path, { unit, definition });
      for (const [index, { name }] of unit.functions.entries())
        if (name !== undefined) addTo(this.#functions, name, { unit, index });
      for (const call of unit.calls) addTo(this.#calls, lastName(call.callee), { unit, call });
    }
  }

  /** Whether evaluations are left. */
  get isExhausted(): boolean {
    return this.#budget <= 0;
  }

  /** Calls of a function by its name, as far as they can see it; and the call of a function where it stands. */
  callsOf(unit: ScriptUnit, index: number): { readonly unit: ScriptUnit; readonly call: Call }[] {
    const called = unit.functions[index]!;
    const named = called.name === undefined ? [] : (this.#calls.get(called.name) ?? []);
    this.#budget -= named.length >> 4;
    const visible =
      called.parent === -1
        ? named
        : named.filter((each) => each.unit === unit && isInside(unit, each.call.scope, called.parent));
    const open = immediateCall(unit.tokens, called);
    const immediate =
      open === undefined
        ? []
        : [{ unit, call: { callee: '', token: called.token, open, isNew: false, scope: called.parent } }];
    return [...immediate, ...visible.slice(0, MAX_CALLERS)];
  }

  /** The arguments of a call. */
  arguments(
    unit: ScriptUnit,
    { open, scope }: Pick<Call, 'open' | 'scope'>,
    bindings: Bindings,
  ): Expression[] {
    const starts = listStarts(unit.tokens, open);
    this.#budget -= starts.length;
    return starts.map((token) => ({ unit, token, scope, bindings }));
  }

  /** Every text that the expression may be; unknown parts are `HOLE`. */
  evaluate(expression: Expression): readonly string[] {
    return this.#expression(expression, 0).value.texts;
  }

  /** The value of a property of an object literal, or of a name that was given one; undefined where it has none. */
  property(object: Expression, name: string): Expression | undefined {
    return this.#property(object, name, 0);
  }

  #expression(at: Expression, depth: number): Read {
    if (depth > MAX_DEPTH || this.#budget-- <= 0)
      return { value: UNKNOWN, next: skipExpression(at.unit.tokens, at.token) };
    const left = this.#sum(at, depth);
    const mark = wordAt(at.unit.tokens, left.next);
    const rest = (token: number): Read => this.#expression({ ...at, token }, depth + 1);
    switch (mark) {
      case '?': {
        const yes = rest(left.next + 1);
        if (wordAt(at.unit.tokens, yes.next) !== ':')
          return { value: UNKNOWN, next: skipExpression(at.unit.tokens, yes.next) };
        const no = rest(yes.next + 1);
        return { value: union(yes.value, no.value), next: no.next };
      }
      case '||':
      case '??': {
        const right = rest(left.next + 1);
        const isKnown = left.value.texts.every((text) => text !== '' && !text.includes(HOLE));
        return { value: isKnown ? left.value : union(left.value, right.value), next: right.next };
      }
      case '&&':
        return rest(left.next + 1);
      case ',':
      case ';':
      case ')':
      case ']':
      case '}':
      case ':':
      case '':
        return left;
      default: {
        if (!isOperator(mark)) return left; // the statement ended without a semicolon
        return { value: UNKNOWN, next: skipExpression(at.unit.tokens, left.next) };
      }
    }
  }

  #sum(at: Expression, depth: number): Read {
    let { value, next } = this.#operand(at, depth);
    for (let terms = 0; wordAt(at.unit.tokens, next) === '+' && terms < 200; terms++) {
      const right = this.#operand({ ...at, token: next + 1 }, depth);
      value = concat(value, right.value);
      next = right.next;
    }
    return { value, next };
  }

  #operand(at: Expression, depth: number): Read {
    const { unit, token } = at;
    const { tokens } = unit;
    const word = wordAt(tokens, token);
    switch (tokens.kinds[token]) {
      case KIND.string:
        return this.#postfix(at, { texts: [stringValue(word)] }, token + 1, depth);
      case KIND.number:
        return { value: { texts: [String(Number(word))] }, next: token + 1 };
      case KIND.templateOpen:
        return this.#template(at, depth);
      case KIND.name:
        return this.#named(at, word, depth);
      case KIND.punctuator:
        break;
      default:
        return { value: UNKNOWN, next: token + 1 };
    }
    const close = tokens.partners[token]!;
    if (word === '(' && close > token) {
      if (wordAt(tokens, close + 1) === '=>') return { value: UNKNOWN, next: skipExpression(tokens, token) };
      const inner = this.#expression({ ...at, token: token + 1 }, depth + 1);
      return this.#postfix(at, inner.value, close + 1, depth);
    }
    if (word === '[' && close > token) {
      const items = this.arguments(unit, { open: token, scope: at.scope }, at.bindings).map((item) =>
        this.#first(item, depth),
      );
      return this.#postfix(at, { texts: [items.join(',')], items }, close + 1, depth);
    }
    if (word === '{' && close > token) return { value: UNKNOWN, next: close + 1 };
    if (word === '!' || word === '-' || word === '+' || word === '~') {
      return { value: UNKNOWN, next: this.#operand({ ...at, token: token + 1 }, depth + 1).next };
    }
    return { value: UNKNOWN, next: skipExpression(tokens, token) };
  }

  #first(expression: Expression, depth: number): string {
    return this.#expression(expression, depth + 1).value.texts[0] ?? HOLE;
  }

  #template(at: Expression, depth: number): Read {
    const { tokens } = at.unit;
    const close = tokens.partners[at.token]!;
    if (close < 0) return { value: UNKNOWN, next: tokens.count };
    let value: Value = { texts: [''] };
    for (let token = at.token + 1; token < close; token++) {
      if (tokens.kinds[token] === KIND.templateText)
        value = concat(value, { texts: [decodeEscapes(wordAt(tokens, token))] });
      else if (tokens.partners[token]! > token) {
        value = concat(value, this.#expression({ ...at, token: token + 1 }, depth + 1).value);
        token = tokens.partners[token]!;
      }
    }
    return this.#postfix(at, value, close + 1, depth);
  }

  /** A name: a keyword, a variable, a property path, or the beginning of a call. */
  #named(at: Expression, word: string, depth: number): Read {
    const { tokens } = at.unit;
    if (word === 'new') return this.#construct(at, depth);
    if (word === 'await' || word === 'typeof' || word === 'void') {
      return this.#operand({ ...at, token: at.token + 1 }, depth + 1);
    }
    if (
      word === 'function' ||
      word === 'async' ||
      word === 'class' ||
      wordAt(tokens, at.token + 1) === '=>'
    ) {
      return { value: UNKNOWN, next: skipExpression(tokens, at.token) };
    }
    const path = [word];
    let next = at.token + 1;
    for (; path.length < 12;) {
      const mark = wordAt(tokens, next);
      const isNamed = (mark === '.' || mark === '?.') && tokens.kinds[next + 1] === KIND.name;
      const isLiteral =
        mark === '[' && tokens.kinds[next + 1] === KIND.string && tokens.partners[next] === next + 2;
      if (!isNamed && !isLiteral) break;
      path.push(isNamed ? wordAt(tokens, next + 1) : stringValue(wordAt(tokens, next + 1)));
      next += isNamed ? 2 : 3;
    }
    if (wordAt(tokens, next) === '(') return this.#call(at, path, next, depth);
    return this.#postfix(at, this.#lookUp(at, path, depth), next, depth);
  }

  /** `new URL(relative, base)`; other objects are unknown. */
  #construct(at: Expression, depth: number): Read {
    const { tokens } = at.unit;
    let open = at.token + 1;
    while (open < tokens.count && (tokens.kinds[open] === KIND.name || wordAt(tokens, open) === '.')) open++;
    const close = wordAt(tokens, open) === '(' ? tokens.partners[open]! : -1;
    if (close < 0) return { value: UNKNOWN, next: open };
    const isUrl = wordAt(tokens, open - 1) === 'URL';
    const given = isUrl ? this.arguments(at.unit, { open, scope: at.scope }, at.bindings) : [];
    const [relative, base] = given.map((each) => this.#first(each, depth));
    return this.#postfix(
      at,
      { texts: [relative === undefined ? HOLE : resolveUrl(relative, base)] },
      close + 1,
      depth,
    );
  }

  #call(at: Expression, path: readonly string[], open: number, depth: number): Read {
    const { unit, scope, bindings } = at;
    const close = unit.tokens.partners[open]!;
    const next = close < 0 ? unit.tokens.count : close + 1;
    const given = this.arguments(unit, { open, scope }, bindings);
    const name = path.at(-1)!;
    const texts = (): string[] => given.map((each) => this.#first(each, depth));
    const global = GLOBAL_FUNCTIONS.get(
      path.length === 1 || path[0] === 'window' || path[0] === 'String' ? name : '',
    );
    if (global !== undefined) return this.#postfix(at, { texts: [global(texts())] }, next, depth);
    const returned = this.#returned(unit, name, given, depth);
    if (returned !== undefined) return this.#postfix(at, returned, next, depth);
    const method = path.length === 1 ? undefined : METHODS.get(name);
    if (method === undefined) return this.#postfix(at, UNKNOWN, next, depth);
    const object = this.#lookUp(at, path.slice(0, -1), depth);
    return this.#postfix(at, method(object, texts()), next, depth);
  }

  /** What a function of the program returns for these arguments; undefined where there is none of that name. */
  #returned(unit: ScriptUnit, name: string, given: readonly Expression[], depth: number): Value | undefined {
    const known = this.#functions.get(name);
    if (known === undefined) return undefined;
    const chosen = known.find((each) => each.unit === unit) ?? known[0]!;
    const called = chosen.unit.functions[chosen.index]!;
    const bindings = new Map(given[0]?.bindings ?? []).set(called, given);
    const starts = called.isExpression
      ? [called.bodyStart]
      : chosen.unit.returns.filter(({ scope }) => scope === chosen.index).map(({ value }) => value);
    if (starts.length === 0) return UNKNOWN;
    return starts
      .slice(0, 4)
      .map(
        (token) =>
          this.#expression({ unit: chosen.unit, token, scope: chosen.index, bindings }, depth + 1).value,
      )
      .reduce(union);
  }

  /** Methods, properties and indexes after a value. */
  #postfix(at: Expression, value: Value, next: number, depth: number): Read {
    const { tokens } = at.unit;
    let current = value;
    let token = next;
    for (let links = 0; links < 50; links++) {
      const mark = wordAt(tokens, token);
      if ((mark === '.' || mark === '?.') && tokens.kinds[token + 1] === KIND.name) {
        const name = wordAt(tokens, token + 1);
        const open = token + 2;
        if (wordAt(tokens, open) === '(' && tokens.partners[open]! > 0) {
          const given = this.arguments(at.unit, { open, scope: at.scope }, at.bindings);
          const method = METHODS.get(name);
          current =
            method === undefined
              ? UNKNOWN
              : method(
                  current,
                  given.map((each) => this.#first(each, depth)),
                );
          token = tokens.partners[open]! + 1;
        } else {
          current = name === 'href' ? current : UNKNOWN;
          token = open;
        }
      } else if ((mark === '[' || mark === '(') && tokens.partners[token]! > token) {
        const item = mark === '[' ? current.items?.[Number(wordAt(tokens, token + 1))] : undefined;
        current = item === undefined ? UNKNOWN : { texts: [item] };
        token = tokens.partners[token]! + 1;
      } else break;
    }
    return { value: current, next: token };
  }

  #lookUp(at: Expression, path: readonly string[], depth: number): Value {
    const location = this.#locationPart(path);
    if (location !== undefined) return { texts: [location] };
    if (depth > MAX_DEPTH || this.#budget-- <= 0) return UNKNOWN;
    const bound = this.#bound(at, path, depth);
    if (bound !== undefined) return bound;
    const found = this.#definition(at, path.join('.'));
    if (found !== undefined) {
      const { unit, definition } = found;
      const given = { unit, token: definition.value, scope: definition.scope, bindings: at.bindings };
      const { value } = this.#expression(given, depth + 1);
      if (!definition.isAppended) return value;
      const before = this.#lookUp({ ...given, token: definition.token }, path, depth + 1);
      return concat(before, value);
    }
    if (path.length === 1) return UNKNOWN;
    const owner = this.#object(at, path.slice(0, -1), depth);
    const property = owner === undefined ? undefined : this.#property(owner, path.at(-1)!, depth + 1);
    if (property !== undefined) return this.#expression(property, depth + 1).value;
    return path.at(-1) === 'href' ? this.#lookUp(at, path.slice(0, -1), depth + 1) : UNKNOWN; // of a URL object
  }

  /** The value of a parameter: what the function was called with, here or anywhere. */
  #bound(at: Expression, path: readonly string[], depth: number): Value | undefined {
    const found = this.#parameter(at, path[0]!);
    if (found === undefined) return undefined;
    const given = this.#givenFor(at, found, depth);
    if (given.length === 0) return UNKNOWN;
    const values = given.map((argument) => {
      let current: Expression | undefined = argument;
      for (const name of path.slice(1))
        current = current === undefined ? undefined : this.#property(current, name, depth + 1);
      return current === undefined ? UNKNOWN : this.#expression(current, depth + 1).value;
    });
    return values.reduce(union);
  }

  /** The function around the expression that has a parameter of this name, unless the name is assigned before. */
  #parameter(
    at: Expression,
    name: string,
  ): { readonly index: number; readonly position: number } | undefined {
    for (let index = at.scope, hops = 0; index !== -1 && hops < MAX_DEPTH; hops++) {
      const around = at.unit.functions[index]!;
      const position = around.parameters.indexOf(name);
      if (position !== -1) return { index, position };
      index = around.parent;
    }
    return undefined;
  }

  #givenFor(
    at: Expression,
    { index, position }: { index: number; position: number },
    depth: number,
  ): Expression[] {
    const called = at.unit.functions[index]!;
    const bound = at.bindings.get(called);
    if (bound !== undefined) return bound[position] === undefined ? [] : [bound[position]];
    if (depth > MAX_DEPTH / 2) return [];
    return this.callsOf(at.unit, index).flatMap(({ unit, call }) => {
      const given = this.arguments(unit, call, new Map())[position];
      return given === undefined ? [] : [given];
    });
  }

  /** The assignment that the expression sees: the last before it in the functions around it, else the last anywhere. */
  #definition(
    at: Expression,
    path: string,
  ): { readonly unit: ScriptUnit; readonly definition: Definition } | undefined {
    const all = this.#definitions.get(path);
    if (all === undefined) return undefined;
    const near = nearest(all, this.#order.get(at.unit) ?? 0, at.token, this.#order);
    let best: (typeof all)[number] | undefined;
    let bestRank = -1;
    for (const each of near) {
      const { unit, definition } = each;
      const isSame = unit === at.unit;
      const isBefore = isSame && definition.token < at.token;
      const isVisible = isSame && (definition.scope === -1 || isInside(unit, at.scope, definition.scope));
      const rank = (isVisible ? 4 : 0) + (isBefore ? 2 : 0) + (isSame ? 1 : 0);
      const holdsExpression = isSame && at.token >= definition.token && at.token <= definition.value;
      if (rank >= bestRank && !holdsExpression) [best, bestRank] = [each, rank];
    }
    return best;
  }

  /** The expression that a path was given. */
  #object(at: Expression, path: readonly string[], depth: number): Expression | undefined {
    if (depth > MAX_DEPTH || this.#budget-- <= 0) return undefined;
    const found = this.#definition(at, path.join('.'));
    if (found !== undefined) {
      const { unit, definition } = found;
      return { unit, token: definition.value, scope: definition.scope, bindings: at.bindings };
    }
    if (path.length === 1) {
      const parameter = this.#parameter(at, path[0]!);
      return parameter === undefined ? undefined : this.#givenFor(at, parameter, depth)[0];
    }
    const owner = this.#object(at, path.slice(0, -1), depth + 1);
    return owner === undefined ? undefined : this.#property(owner, path.at(-1)!, depth + 1);
  }

  #property(object: Expression, name: string, depth: number): Expression | undefined {
    if (depth > MAX_DEPTH || this.#budget-- <= 0) return undefined;
    const { tokens } = object.unit;
    if (wordAt(tokens, object.token) === '{') {
      const token = propertyValue(tokens, object.token, name);
      return token === undefined ? undefined : { ...object, token };
    }
    if (tokens.kinds[object.token] !== KIND.name) return undefined;
    const path = [wordAt(tokens, object.token)];
    for (let next = object.token + 1; wordAt(tokens, next) === '.' && path.length < 12; next += 2)
      path.push(wordAt(tokens, next + 1));
    const whole = this.#definition(object, [...path, name].join('.'));
    if (whole !== undefined) {
      return {
        unit: whole.unit,
        token: whole.definition.value,
        scope: whole.definition.scope,
        bindings: object.bindings,
      };
    }
    const target = this.#object(object, path, depth + 1);
    return target === undefined ? undefined : this.#property(target, name, depth + 1);
  }

  /** What `location` and its like say on this page. */
  #locationPart(path: readonly string[]): string | undefined {
    const from = path.findIndex(
      (name) => name !== 'window' && name !== 'document' && name !== 'self' && name !== 'top',
    );
    const name = path.slice(Math.max(0, from)).join('.');
    if (name === 'location' || name === 'location.href' || name === 'URL' || name === 'baseURI') {
      return path.length === 1 && name !== 'location' ? undefined : this.pageUrl;
    }
    if (!name.startsWith('location.') && !(name === 'domain' && path[0] === 'document')) return undefined;
    const url = URL.parse(this.pageUrl);
    if (url === null) return undefined;
    const parts: Readonly<Record<string, string>> = {
      'location.origin': url.origin,
      'location.protocol': url.protocol,
      'location.host': url.host,
      'location.hostname': url.hostname,
      'location.pathname': url.pathname,
      'location.search': url.search,
      'location.hash': url.hash,
      'location.port': url.port,
      domain: url.hostname,
    };
    return parts[name];
  }
}

/** Whether a function lies in another. */
function isInside(unit: ScriptUnit, scope: number, around: number): boolean {
  for (let index = scope, hops = 0; index !== -1 && hops < 64; hops++) {
    if (index === around) return true;
    index = unit.functions[index]!.parent;
  }
  return false;
}

/** Of assignments in the order of units and tokens, those around a place. */
function nearest<Item extends { readonly unit: ScriptUnit; readonly definition: Definition }>(
  all: readonly Item[],
  unit: number,
  token: number,
  order: ReadonlyMap<ScriptUnit, number>,
): readonly Item[] {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const each = all[middle]!;
    const position = order.get(each.unit) ?? 0;
    if (position < unit || (position === unit && each.definition.token < token)) low = middle + 1;
    else high = middle;
  }
  return all.slice(Math.max(0, low - NEAR_BEFORE), low + NEAR_AFTER);
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function addTo<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
