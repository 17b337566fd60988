import type { Cause } from '#model';
import { KIND } from './lexer.ts';
import { wordAt, type Call, type Definition, type ScriptUnit } from './unit.ts';
import type { Bindings, Expression, Program } from './program.ts';

/** A place in a script that makes the browser reach a URL, once it runs. */
export interface Sink {
  /** `html`: the value is markup whose own references count; `source`: the source of an element of unknown kind. */
  readonly cause: Cause | 'html' | 'navigate' | 'source';
  readonly token: number;
  readonly scope: number;
  /** The expressions that are its URL. */
  values(program: Program, bindings: Bindings): Expression[];
}

const METHOD = /^(?:get|post|put|head|delete|patch|options)$/i;
const REQUEST_OBJECTS = /^(?:\$|jQuery|\$j|axios|\$http|http|superagent|request)$/;
const REQUEST_METHODS = /^(?:get|post|put|delete|head|patch|options|request|ajax|getJSON|getScript|jsonp)$/;
/** Creations of one variable that are looked through. */
const MAX_CREATIONS = 200;
const URL_ATTRIBUTE = /^(?:src|href|action|formaction|data|xlink:href)$/i;

/** The sinks of a script, in its order. */
export function sinksOf(unit: ScriptUnit): Sink[] {
  const creations = creationsOf(unit);
  const sinks = [
    ...unit.definitions.flatMap((definition) => assignmentSink(unit, creations, definition)),
    ...unit.calls.flatMap((call) => callSink(unit, creations, call)),
    ...unit.imports.map(({ token, scope }): Sink => ({
      cause: 'script.import',
      token,
      scope,
      values: (_, bindings) => [{ unit, token, scope, bindings }],
    })),
  ];
  return sinks.sort((left, right) => left.token - right.token);
}

/** `location = …`, `.src = …`, `.innerHTML = …` */
function assignmentSink(
  unit: ScriptUnit,
  creations: Creations,
  { path, token, value, scope, isAppended }: Definition,
): Sink[] {
  const cause = isAppended ? undefined : assignmentCause(unit, creations, path, token);
  if (cause === undefined) return [];
  return [{ cause, token, scope, values: (_, bindings) => [{ unit, token: value, scope, bindings }] }];
}

function assignmentCause(
  unit: ScriptUnit,
  creations: Creations,
  path: string,
  token: number,
): Sink['cause'] | undefined {
  if (/(?:^|\.)location(?:\.href)?$/.test(path)) return 'navigate';
  const dot = path.lastIndexOf('.');
  if (dot === -1) return undefined;
  switch (path.slice(dot + 1)) {
    case 'src':
      return sourceCause(elementOf(unit, creations, path.slice(0, dot), token));
    case 'href':
      return elementOf(unit, creations, path.slice(0, dot), token) === 'link' ? 'link.href' : 'a.href';
    case 'action':
    case 'formAction':
      return 'form.action';
    case 'innerHTML':
    case 'outerHTML':
      return 'html';
    default:
      return undefined;
  }
}

const CREATION = /^(?:\w+\.)*createElement\(\s*["'](\w+)["']|^new\s+Image\b/;
const CREATION_LENGTH = 80;

/** Variable → where it is given a new element, in order. */
type Creations = ReadonlyMap<string, readonly { readonly token: number; readonly element: string }[]>;

function creationsOf({ definitions, tokens }: ScriptUnit): Creations {
  const found = new Map<string, { token: number; element: string }[]>();
  for (const { path, token, value } of definitions) {
    const start = tokens.starts[value] ?? 0;
    const match = CREATION.exec(tokens.text.slice(start, start + CREATION_LENGTH));
    if (match === null) continue;
    const list = found.get(path) ?? [];
    list.push({ token, element: match[1]?.toLowerCase() ?? 'img' });
    found.set(path, list);
  }
  return found;
}

/** What element a variable holds at a token, as far as its creation or name tells; empty where nothing does. */
function elementOf({ tokens }: ScriptUnit, creations: Creations, path: string, token: number): string {
  const created = creations
    .get(path)
    ?.slice(-MAX_CREATIONS)
    .findLast((each) => each.token < token);
  if (created !== undefined) return created.element;
  const start = tokens.starts[token]!;
  const direct = /createElement\(\s*["'](\w+)["']|new\s+Image\b/.exec(
    tokens.text.slice(Math.max(0, start - 20), start + CREATION_LENGTH),
  );
  if (path.startsWith('?') && direct !== null) return direct[1]?.toLowerCase() ?? 'img';
  if (/script|js/i.test(path)) return 'script';
  return /frame/i.test(path) ? 'iframe' : '';
}

function sourceCause(element: string): Cause | 'source' {
  switch (element) {
    case 'script':
      return 'script.src';
    case 'iframe':
      return 'iframe.src';
    case 'frame':
      return 'frame.src';
    case 'embed':
      return 'embed.src';
    case 'audio':
    case 'video':
    case 'source':
      return 'media.src';
    case 'img':
      return 'img.src';
    default:
      return 'source';
  }
}

function callSink(unit: ScriptUnit, creations: Creations, call: Call): Sink[] {
  const { callee, token, scope, isNew } = call;
  const dot = callee.lastIndexOf('.');
  const name = callee.slice(dot + 1);
  const object = dot === -1 ? '' : callee.slice(0, dot);
  const sink = (cause: Sink['cause'], position = 0): Sink[] => [
    {
      cause,
      token,
      scope,
      values: (program, bindings) => program.arguments(unit, call, bindings).slice(position, position + 1),
    },
  ];
  const named = (position: number): string => argumentText(unit, call, position);
  if (isNew) return constructorSink(name, sink);
  switch (name) {
    case 'assign':
    case 'replace':
      return /(?:^|\.)location$/.test(object) ? sink('navigate') : [];
    case 'open':
      if (object === '') return sink('window.open');
      return METHOD.test(named(0)) || /xhr|http|req|ajax/i.test(object) ? sink('xmlhttprequest', 1) : [];
    case 'fetch':
      return sink('fetch');
    case 'import':
      return object === '' ? sink('script.import') : [];
    case 'importScripts':
      return sink('script.import');
    case 'register':
      return object.endsWith('serviceWorker') ? sink('worker') : [];
    case 'sendBeacon':
      return sink('beacon');
    case 'setAttribute':
    case 'attr':
    case 'prop':
      return URL_ATTRIBUTE.test(named(0))
        ? sink(attributeCause(named(0), elementOf(unit, creations, object, token)), 1)
        : [];
    case 'write':
    case 'writeln':
      return object === '' ? sink('html') : [];
    case 'insertAdjacentHTML':
      return sink('html', 1);
    case 'html':
    case 'append':
    case 'prepend':
    case 'before':
    case 'after':
      return /^["'`]\s*</.test(wordAt(unit.tokens, call.open + 1)) ? sink('html') : [];
    case 'load':
      return object.startsWith('?') || object.startsWith('$') ? sink('xmlhttprequest') : [];
    default:
      return requestSink(unit, call, object, name);
  }
}

function constructorSink(name: string, sink: (cause: Cause, position?: number) => Sink[]): Sink[] {
  switch (name) {
    case 'Worker':
    case 'SharedWorker':
      return sink('worker');
    case 'EventSource':
      return sink('eventsource');
    case 'WebSocket':
      return sink('websocket');
    case 'Request':
      return sink('fetch');
    case 'HttpRequest':
      return sink('xmlhttprequest', 1);
    default:
      return [];
  }
}

/** `$.ajax({ url })`, `$.get(url)`, `axios(…)`, `$http.post(url)` */
function requestSink(unit: ScriptUnit, call: Call, object: string, name: string): Sink[] {
  const last = object.slice(object.lastIndexOf('.') + 1);
  const isRequest =
    object === ''
      ? name === 'axios' || name === '$http'
      : REQUEST_OBJECTS.test(last) && REQUEST_METHODS.test(name);
  if (!isRequest) return [];
  const { token, scope } = call;
  const cause = name === 'getScript' || name === 'jsonp' ? 'script.src' : 'xmlhttprequest';
  const values = (program: Program, bindings: Bindings): Expression[] => {
    const [first, second] = program.arguments(unit, call, bindings);
    if (first === undefined) return [];
    const url =
      program.property(first, 'url') ?? (second === undefined ? undefined : program.property(second, 'url'));
    return [url ?? first];
  };
  return [{ cause, token, scope, values }];
}

function attributeCause(attribute: string, element: string): Sink['cause'] {
  const name = attribute.toLowerCase();
  if (name === 'src') return sourceCause(element);
  if (name === 'data') return 'object.data';
  if (name === 'action' || name === 'formaction') return 'form.action';
  return element === 'link' ? 'link.href' : 'a.href';
}

/** The text of an argument that is a string literal; empty otherwise. */
function argumentText({ tokens }: ScriptUnit, { open }: Call, position: number): string {
  const token = open + 1 + 2 * position;
  return tokens.kinds[token] === KIND.string ? wordAt(tokens, token).slice(1, -1) : '';
}
