import { parseUrl, type Cause, type Url } from '#model';
import { scanHtml } from '../html/scan.ts';
import { readUnit, type ScriptSource, type ScriptUnit } from './unit.ts';
import { sinksOf, type Sink } from './sinks.ts';
import { HOLE } from './known-functions.ts';
import { Program, type Bindings, type Expression } from './program.ts';

/** A place in a script: which source (index into those given), and where in its code. */
export interface ScriptPlace {
  readonly source: number;
  /** UTF-16 offset in the source's code. */
  readonly offset: number;
  readonly what: 'handler' | 'function' | 'call' | 'request';
  /** Name of the function, or what is called or assigned. */
  readonly name: string;
}

/** A URL that a script reaches when it runs, as far as reading it tells. */
export interface ScriptTarget {
  readonly url: Url;
  /** False where the rest of the URL, after what is given here, is computed. */
  readonly isComplete: boolean;
  readonly cause: Cause;
  /** What sets it off: a click on the element that holds the handler, a click listener, or the script's loading. */
  readonly trigger: 'handler' | 'listener' | 'load';
  /** From the handler through the functions that it calls to the request. */
  readonly places: readonly ScriptPlace[];
}

const MAX_ROUTES = 12;
const MAX_VISITS = 400;
const MAX_DEPTH = 8;
const MAX_TARGETS = 20_000;

/** Reads the scripts of one page together and finds the URLs they would reach. Never throws; work is bounded. */
export function findTargets(
  sources: readonly ScriptSource[],
  pageUrl: string,
  baseUrl = pageUrl,
): ScriptTarget[] {
  const units = sources.map((source) => readUnit(source));
  return targetsOf(units, pageUrl, baseUrl);
}

/** The same for scripts that have been read already. */
export function targetsOf(units: readonly ScriptUnit[], pageUrl: string, baseUrl = pageUrl): ScriptTarget[] {
  const program = new Program(units, pageUrl);
  const found = new Map<string, ScriptTarget>();
  for (const [source, unit] of units.entries()) {
    for (const sink of sinksOf(unit)) {
      for (const route of routesTo(program, unit, sink.scope)) {
        for (const target of targetsAlong(program, units, source, sink, route, baseUrl)) {
          const key = `${target.trigger} ${target.cause} ${target.url} ${source}:${sink.token}`;
          if (!found.has(key)) found.set(key, target);
        }
      }
      if (found.size > MAX_TARGETS || program.isExhausted) return [...found.values()];
    }
  }
  return [...found.values()];
}

/** One way in which a sink comes to run: functions called one from another, outermost first. */
interface Route {
  readonly trigger: ScriptTarget['trigger'];
  /** The script or handler in which it begins. */
  readonly root: ScriptUnit;
  readonly links: readonly {
    readonly unit: ScriptUnit;
    readonly index: number;
    readonly call: Expression | undefined;
  }[];
}

/** Ways from handlers, listeners and top-level code to a function. */
function routesTo(program: Program, unit: ScriptUnit, scope: number): Route[] {
  const routes: Route[] = [];
  let visits = 0;
  const climb = (at: ScriptUnit, index: number, links: Route['links'], depth: number): void => {
    if (visits++ > MAX_VISITS || routes.length >= MAX_ROUTES || depth > MAX_DEPTH) return;
    if (index === -1) {
      const isHandler = at.source.kind === 'handler' || at.source.kind === 'link';
      routes.push({ trigger: isHandler ? 'handler' : 'load', root: at, links });
      return;
    }
    const around = at.functions[index]!;
    const link = { unit: at, index, call: undefined };
    if (around.isClickListener) {
      routes.push({ trigger: 'listener', root: at, links: [link, ...links] });
      return;
    }
    const calls = program.callsOf(at, index);
    for (const { unit: caller, call } of calls) {
      if (links.some((each) => each.unit === at && each.index === index)) continue; // recursion
      const from = { unit: caller, token: call.open, scope: call.scope, bindings: NO_BINDINGS };
      climb(caller, call.scope, [{ ...link, call: from }, ...links], depth + 1);
    }
    if (calls.length === 0)
      climb(at, around.parent, around.name === undefined ? links : [link, ...links], depth + 1);
  };
  climb(unit, scope, [], 0);
  return routes;
}

const NO_BINDINGS: Bindings = new Map();

function* targetsAlong(
  program: Program,
  units: readonly ScriptUnit[],
  source: number,
  sink: Sink,
  route: Route,
  baseUrl: string,
): Generator<ScriptTarget> {
  const bindings = bindAlong(program, route);
  const { trigger } = route;
  let places: ScriptPlace[] | undefined;
  for (const expression of sink.values(program, bindings)) {
    for (const text of program.evaluate(expression)) {
      for (const { value, cause } of namedBy(sink, text, trigger)) {
        const url = urlOf(value, baseUrl);
        if (url === undefined) continue;
        places ??= placesAlong(units, source, sink, route);
        yield { url, isComplete: !value.includes(HOLE), cause, trigger, places };
      }
    }
  }
}

function bindAlong(program: Program, { links }: Route): Bindings {
  let bindings: Bindings = NO_BINDINGS;
  for (const { unit, index, call } of links) {
    if (call === undefined) continue;
    const given = program.arguments(call.unit, { open: call.token, scope: call.scope }, bindings);
    bindings = new Map(bindings).set(unit.functions[index]!, given);
  }
  return bindings;
}

/** The URLs in a sink's value: itself, or what its markup names. A click that navigates has the cause `click`. */
function namedBy(
  { cause }: Sink,
  text: string,
  trigger: ScriptTarget['trigger'],
): { value: string; cause: Cause }[] {
  if (cause === 'navigate')
    return [{ value: text, cause: trigger === 'load' ? 'location.refresh' : 'click' }];
  if (cause === 'source')
    return [{ value: text, cause: /\.m?js(?:[?#]|$)|\/js\?/.test(text) ? 'script.src' : 'img.src' }];
  if (cause !== 'html') return [{ value: text, cause }];
  if (!text.includes('<')) return [];
  const { references } = scanHtml(text, { tags: 1_000 });
  return references
    .filter(({ pull }) => pull !== 'names')
    .map(({ value, cause: named }) => ({ value: value.replaceAll('\u{fffd}', HOLE), cause: named }));
}

const SCHEMES = ['http://', 'https://', 'ws://', 'wss://', '//'];

/** The URL that a text is, as far as it is known; undefined where not even its host is. */
function urlOf(text: string, baseUrl: string): Url | undefined {
  const known = text.split(HOLE, 1)[0]!.trim();
  if (known === '' || known.startsWith('#') || known.length > 4_096) return undefined;
  const isCut = known !== text.trim();
  if (isCut && /^(?:[a-z][a-z0-9+.-]*:)?[/\\]{2}[^/\\?#]*$/i.test(known)) return undefined; // the host goes on
  if (isCut && SCHEMES.some((scheme) => scheme.startsWith(known.toLowerCase()))) return undefined;
  return parseUrl(known, baseUrl);
}

function placesAlong(units: readonly ScriptUnit[], source: number, sink: Sink, route: Route): ScriptPlace[] {
  const places: ScriptPlace[] = [];
  if (route.trigger === 'handler')
    places.push({ source: units.indexOf(route.root), offset: 0, what: 'handler', name: '' });
  for (const { unit, index, call } of route.links) {
    const { name = '', token } = unit.functions[index]!;
    if (call !== undefined && call.unit.source.kind !== 'handler') {
      places.push({
        source: units.indexOf(call.unit),
        offset: call.unit.tokens.starts[call.token]!,
        what: 'call',
        name,
      });
    }
    places.push({ source: units.indexOf(unit), offset: unit.tokens.starts[token]!, what: 'function', name });
  }
  const { tokens } = units[source]!;
  const offset = tokens.starts[sink.token]!;
  const name = /^(?:new \w+\(\))?[\w$.]{0,60}/.exec(tokens.text.slice(offset, offset + 60))?.[0] ?? '';
  places.push({ source, offset, what: 'request', name });
  return places;
}
