/**
 * Static reading of scripts: which URLs would a page's scripts, handlers and `javascript:` links reach, were they run?
 *
 * A light lexer (`lexer.ts`) gives tokens, one walk (`unit.ts`) what is defined and called, `sinks.ts` the places
 * that reach for a URL, `program.ts` what the URL may be. Calls are followed backwards, from the request through the
 * functions around it to the handler or listener that begins it. Linear in the code, bounded in every search; what
 * is not known is not guessed.
 */
import type { Cause, Evidence, Url } from '#model';
import { parseUrl } from '#model';
import type { ExtractContext, Page, PageText, TextFile } from '../context.ts';
import { scanHtml, type InlineScript } from '../html/scan.ts';
import type { SourceText } from '../source-text.ts';
import { targetsOf, type ScriptPlace, type ScriptTarget } from './targets.ts';
import { readUnit, type ScriptUnit } from './unit.ts';

/** One link of the way from a click (or the script's loading) to a request. */
export interface TargetStep {
  readonly what: ScriptPlace['what'];
  /** Name of the function, or what is called or assigned; the attribute for a handler. */
  readonly name: string;
  /** The code there: the handler's, or the line from the place on. */
  readonly code: string;
  readonly evidence: Evidence;
}

/** A URL that a page's script would reach. It was read, not observed. */
export interface PageTarget {
  readonly page: Page;
  readonly url: Url;
  /** False where the rest of the URL is computed. */
  readonly isComplete: boolean;
  readonly cause: Cause;
  readonly trigger: ScriptTarget['trigger'];
  /** Handler → functions → request. */
  readonly steps: readonly TargetStep[];
}

const CODE_LENGTH = 200;

/** A script of a page with the text it stands in. */
interface PlacedUnit {
  readonly unit: ScriptUnit;
  readonly source: SourceText;
  /** Offset of the code in that text. */
  readonly start: number;
  readonly evidence: Evidence;
  readonly inline: InlineScript | undefined;
}

/**
 * Every URL that the scripts of the pages (default: all of the capture) would reach, page by page. What several pages of one
 * host have alike is the first one's.
 */
export function scriptTargets(
  context: ExtractContext,
  pages: readonly Page[] = context.pages(),
): PageTarget[] {
  const files = new Map<number, PlacedUnit>();
  const found = new Map<string, PageTarget>();
  if (!context.readsScripts) return [];
  for (const page of pages) {
    for (const target of targetsOfPage(context, page, files)) {
      const { url, cause, trigger, steps } = target;
      const lines = steps.map(({ code, evidence }) => [evidence.line, code]);
      const key = JSON.stringify([page.host, url, cause, trigger, lines]);
      if (!found.has(key)) found.set(key, target); // a page that is shown again has the same
    }
  }
  return [...found.values()];
}

function targetsOfPage(context: ExtractContext, page: Page, files: Map<number, PlacedUnit>): PageTarget[] {
  const [first] = page.texts();
  if (first === undefined) return [];
  const placed = [...inlineUnits(context, page), ...fileUnits(context, page, files)];
  const baseHref = scanHtml(first.reading.source.text, { tags: 1_000 }).baseHref;
  const base = (baseHref === undefined ? undefined : parseUrl(baseHref, page.url)) ?? page.url;
  const targets = targetsOf(
    placed.map(({ unit }) => unit),
    page.url,
    base,
  );
  return targets.map(({ url, isComplete, cause, trigger, places }) => ({
    page,
    url,
    isComplete,
    cause,
    trigger,
    steps: places.map((place) => stepAt(placed[place.source]!, place)),
  }));
}

/** Scripts and handlers in the page's text; of later texts only the handlers that are new. */
function inlineUnits(context: ExtractContext, page: Page): PlacedUnit[] {
  const units: PlacedUnit[] = [];
  const seen = new Set<string>();
  let characters = 0;
  for (const [index, text] of page.texts().entries()) {
    for (const inline of scanHtml(text.reading.source.text, { tags: context.limits.tags }).scripts) {
      const key = `${inline.kind} ${inline.code}`;
      if (seen.has(key) || (index > 0 && inline.kind === 'script')) continue;
      seen.add(key);
      characters += inline.code.length;
      if (characters > context.limits.scriptCharacters) {
        context.reach('scriptCharacters', page.url);
        return units;
      }
      units.push(placeInline(text, inline));
    }
  }
  return units;
}

function placeInline({ reading, evidence }: PageText, inline: InlineScript): PlacedUnit {
  return {
    unit: readUnit({ kind: inline.kind, code: inline.code }),
    source: reading.source,
    start: inline.start,
    evidence,
    inline,
  };
}

/** Script files that the page loaded; without DevTools' word on that, all of them. */
function fileUnits(context: ExtractContext, page: Page, files: Map<number, PlacedUnit>): PlacedUnit[] {
  const units: PlacedUnit[] = [];
  let characters = 0;
  for (const file of context.scripts()) {
    const { documentUrl, frame } = file.exchange;
    const isOwn = documentUrl === undefined || documentUrl === page.url || frame === page.document?.frame;
    if (!isOwn) continue;
    const unit = files.get(file.exchange.id) ?? placeFile(file);
    files.set(file.exchange.id, unit);
    characters += unit.source.text.length;
    if (characters > context.limits.scriptCharacters) {
      context.reach('scriptCharacters', page.url);
      break;
    }
    units.push(unit);
  }
  return units;
}

function placeFile(file: TextFile): PlacedUnit {
  const source = file.source();
  return {
    unit: readUnit({ kind: 'file', code: source.text }),
    source,
    start: 0,
    evidence: { exchange: file.exchange.id, script: file.url },
    inline: undefined,
  };
}

function stepAt(
  { unit, source, start, evidence, inline }: PlacedUnit,
  { what, name, offset }: ScriptPlace,
): TargetStep {
  if (inline !== undefined && inline.kind !== 'script') {
    const { element, attribute = '', tagStart, code } = inline;
    const place = { ...evidence, element, attribute, ...source.positionOf(tagStart) };
    return {
      what,
      name: what === 'handler' ? attribute : name,
      code: code.slice(0, CODE_LENGTH),
      evidence: place,
    };
  }
  const code = unit.tokens.text.slice(offset, offset + CODE_LENGTH).split(/[\r\n]/, 1)[0]!;
  const script = inline === undefined ? {} : { script: 'inline' };
  const named = what === 'function' && name !== '' ? { functionName: name } : {};
  return {
    what,
    name,
    code,
    evidence: { ...evidence, ...script, ...named, ...source.positionOf(start + offset) },
  };
}
