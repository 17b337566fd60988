import { definedOnly, parseUrl, type Evidence, UrlBase, type UrlElement } from '#model';
import { scanCss } from '../css/scan.ts';
import type { ExtractContext, Page, PageText, TextEvidence, TextFile } from '../context.ts';
import { cssCause, readTagAt, referencesOf, type HtmlReference } from '../html/scan.ts';
import type { SourceText } from '../source-text.ts';

/** A place that names a URL: an attribute in a page's text, a `url()` in a stylesheet, an element seen by the observer. */
export interface Place {
  /** Resolved, without fragment. */
  readonly url: string;
  readonly reference: PlacedReference;
  readonly text: PlaceText;
}

/** What stands there. */
type PlacedReference = Omit<HtmlReference, 'element' | 'value'> & { readonly element: string | undefined };

/** What all places of one text have in common. */
interface PlaceText {
  readonly where: 'delivered' | 'loaded' | 'final' | 'stylesheet' | 'observed';
  /** The page whose text it is; undefined for stylesheets and observed elements. */
  readonly page: Page | undefined;
  /** Address of the page or stylesheet that names it. */
  readonly parentUrl: string;
  readonly frame: string | undefined;
  /** The text, in which the offsets of references lie; undefined for observed elements. */
  readonly source: Pick<SourceText, 'positionOf' | 'offsetOf'> | undefined;
  /** Names the text alone: see `evidenceOf`. */
  readonly evidence: TextEvidence;
}

/** The evidence of a place, with its element, line and column; and where in an archive it stands. */
export function evidenceOf({ reference, text }: Place, archive?: Evidence['archive']): Evidence {
  const { element, attribute, start } = reference;
  const { line, column } = text.source?.positionOf(start) ?? {};
  const { exchange, document, phase } = text.evidence;
  return document === undefined
    ? definedOnly({ exchange, element, attribute, line, column, archive })
    : definedOnly({ document, phase, element, attribute, line, column, archive });
}

/** Places of one URL that are weighed. */
const MAX_PLACES = 200;

/** Every place of a capture that names a URL. */
export class Places {
  readonly all: readonly Place[];
  #byUrl: ReadonlyMap<string, readonly Place[]> | undefined;

  constructor(context: ExtractContext) {
    const all: Place[] = [];
    const allowed = context.limits.references;
    for (const places of placesIn(context)) {
      for (const place of places) all.push(place);
      if (all.length <= allowed) continue;
      context.reach('references', all[allowed]!.text.parentUrl);
      all.length = allowed;
      break;
    }
    this.all = all;
  }

  /** Places that name this URL, texts in the order delivered, loaded, final. */
  of(url: string): readonly Place[] {
    this.#byUrl ??= Map.groupBy(this.all, (place) => place.url);
    return this.#byUrl.get(withoutFragment(url))?.slice(0, MAX_PLACES) ?? [];
  }
}

/** Text by text. */
function* placesIn(context: ExtractContext): Generator<readonly Place[]> {
  for (const page of context.pages())
    for (const text of page.texts()) yield placesInPage(context, page, text);
  for (const sheet of context.stylesheets()) yield placesInStylesheet(sheet);
  for (const element of context.capture.urlElements) yield placesInElement(element);
}

/** The URL up to its fragment. */
export function withoutFragment(url: string): string {
  const at = url.indexOf('#');
  return at === -1 ? url : url.slice(0, at);
}

function placesInPage(context: ExtractContext, page: Page, text: PageText): Place[] {
  const scan = text.reading.references({
    host: page.host,
    urls: () => askedUrls(context, page),
    tags: context.limits.tags,
  });
  if (scan.isCut) context.reach('tags', page.url);
  const pageUrl = baseAddress(context, page);
  const base = new UrlBase(
    (scan.baseHref === undefined ? undefined : parseUrl(scan.baseHref, pageUrl)) ?? pageUrl,
  );
  const placed: PlaceText = {
    where: text.phase,
    page,
    parentUrl: page.url,
    frame: page.document?.frame,
    source: text.reading,
    evidence: text.evidence,
  };
  const places: Place[] = [];
  for (const reference of scan.references) {
    const url = base.parse(reference.value);
    if (url !== undefined) places.push({ url, reference, text: placed });
  }
  return places;
}

/** The addresses whose places are weighed: those of other exchanges. */
function askedUrls({ capture }: ExtractContext, page: Page): ReadonlySet<string> {
  const urls = new Set<string>();
  for (const exchange of capture.exchanges) {
    const url = exchange === page.exchange ? undefined : parseUrl(exchange.url);
    if (url !== undefined) urls.add(url);
  }
  return urls;
}

/** Documents without an address of their own resolve against the page around them. */
function baseAddress(context: ExtractContext, page: Page): string {
  if (parseUrl(page.url) !== undefined) return page.url;
  const around = page.document?.parentFrame ?? page.document?.openerFrame;
  const outer = context.pages().find(({ document }) => document !== undefined && document.frame === around);
  return outer?.url ?? page.url;
}

function placesInStylesheet(sheet: TextFile): Place[] {
  const source = sheet.source();
  const text: PlaceText = {
    where: 'stylesheet',
    page: undefined,
    parentUrl: sheet.url,
    frame: undefined,
    source,
    evidence: { exchange: sheet.exchange.id },
  };
  return scanCss(source.text).flatMap(({ value, kind, start, end }) => {
    const url = parseUrl(value, sheet.url);
    return url === undefined ? [] : [{ url, reference: cssReference(undefined, kind, start, end), text }];
  });
}

/** The observer saw elements, not text: they are written as a tag again and read like any other. */
function placesInElement({ frame, baseUrl, element, attributes, css }: UrlElement): Place[] {
  const tag = readTagAt(asMarkup(element, attributes), 0);
  const text: PlaceText = {
    where: 'observed',
    page: undefined,
    parentUrl: baseUrl,
    frame,
    source: undefined,
    evidence: {},
  };
  const found: Place[] = [];
  const add = (value: string, reference: PlacedReference): void => {
    const url = parseUrl(value, baseUrl);
    if (url !== undefined) found.push({ url, reference, text });
  };
  if (tag !== undefined) for (const reference of referencesOf(tag)) add(reference.value, reference);
  for (const { value, kind } of scanCss(css ?? '')) add(value, cssReference('style', kind, 0, 0));
  return found;
}

function cssReference(
  element: string | undefined,
  kind: Parameters<typeof cssCause>[0],
  start: number,
  end: number,
): PlacedReference {
  const cause = cssCause(kind);
  return { element, attribute: undefined, cause, pull: 'loads', isNoscript: false, start, end };
}

function asMarkup(element: string, attributes: Readonly<Record<string, string>>): string {
  const list = Object.entries(attributes).map(
    ([name, value]) => ` ${name}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`,
  );
  return `<${element}${list.join('')}>`;
}
