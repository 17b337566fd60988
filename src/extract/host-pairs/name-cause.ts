import {
  hostOfUrl,
  parseUrl,
  type Cause,
  type Evidence,
  type Exchange,
  type Host,
  type StackFrame,
} from '#model';
import type { ExtractContext } from '../context.ts';
import { Frames } from './frames.ts';
import { evidenceOf, Places, withoutFragment, type Place } from './places.ts';
import {
  headerEvidence,
  headerReferences,
  redirectTargets,
  refreshTarget,
  type HeaderReference,
} from './header-references.ts';
import {
  CAUSE_OF_KIND,
  CERTAIN_KINDS,
  FRAME_CAUSES,
  MARKUP_CAUSES,
  requestKind,
  type RequestKind,
} from './request-kind.ts';

/** By what a cause is known, surest first. */
export type Basis =
  /** The exchange before answered with a redirect. */
  | 'redirect'
  /** The browser said why it navigated. */
  | 'navigation'
  /** The parser stood at the tag that holds this URL. */
  | 'position'
  /** A stylesheet holds this URL. */
  | 'stylesheet'
  /** A page's text or an element seen by the observer holds this URL. */
  | 'markup'
  /** The answer that delivered the page names this URL in its Link header. */
  | 'header'
  /** The kind of request has one cause. */
  | 'kind'
  /** Only the page that it belongs to is known. */
  | 'containment';

/** Why the browser sent a request. */
export interface NamedCause {
  readonly cause: Cause;
  readonly basis: Basis;
  /** Document, stylesheet, worker or redirect that made the browser reach it. */
  readonly parentUrl: string | undefined;
  readonly parentHost: Host | undefined;
  /** The script that asked for it, where one did: the innermost frame of the stack with a web address. */
  readonly script: StackFrame | undefined;
  readonly evidence: Evidence;
  /** 0: the page itself, 1: a frame in it or what it loads, … */
  readonly depth: number;
}

/**
 * Names the cause of one request; undefined for the address that the virtual user opened. The evidence is looked for
 * in this order: the redirect before it, the browser's reason for a navigation, what only one cause makes (fetch,
 * beacon, worker), the stylesheet, the tag at the parser's position, any text or element that names the URL, the
 * kind of request.
 */
export function nameCause(context: ExtractContext, exchange: Exchange): NamedCause | undefined {
  return causesOf(context).name(exchange);
}

const opened = new WeakMap<ExtractContext, Causes>();

/** The cause finder of a context: made once, since it reads every text. */
export function causesOf(context: ExtractContext): Causes {
  let causes = opened.get(context);
  if (causes === undefined) opened.set(context, (causes = new Causes(context)));
  return causes;
}

/** A cause, before its parent and place are filled in. */
interface Finding {
  readonly cause: Cause;
  readonly basis: Basis;
  readonly place?: Place | undefined;
  readonly parentUrl?: string | undefined;
  readonly evidence?: Evidence;
}

export class Causes {
  readonly places: Places;
  readonly frames: Frames;
  readonly #context: ExtractContext;
  readonly #named = new Map<number, NamedCause | undefined>();
  readonly #stylesheetUrls: ReadonlySet<string>;
  readonly #workerUrls: ReadonlySet<string>;
  readonly #linked: ReadonlyMap<string, HeaderReference>;
  readonly #redirectsTo: ReadonlyMap<string, Exchange>;

  constructor(context: ExtractContext) {
    this.#context = context;
    this.places = new Places(context);
    this.frames = new Frames(context);
    this.#stylesheetUrls = new Set(context.stylesheets().map(({ url }) => url));
    this.#workerUrls = new Set(context.capture.workers.map(({ url }) => url));
    this.#redirectsTo = redirectTargets(context);
    const links = headerReferences(context).filter(
      ({ header, cause }) => header === 'link' && cause === 'link.href',
    );
    this.#linked = new Map(links.map((reference) => [reference.url, reference]));
  }

  name(exchange: Exchange): NamedCause | undefined {
    if (!this.#named.has(exchange.id)) {
      const finding = this.#find(exchange);
      this.#named.set(exchange.id, finding === undefined ? undefined : this.#complete(exchange, finding));
    }
    return this.#named.get(exchange.id);
  }

  /** The exchange whose redirect led to this one. */
  redirectBefore(exchange: Exchange): Exchange | undefined {
    const { exchanges } = this.#context.capture;
    if (exchange.redirectedFrom !== undefined) return exchanges[exchange.redirectedFrom];
    if (exchange.initiator !== undefined) return undefined; // DevTools would have said so
    const before = this.#redirectsTo.get(withoutFragment(exchange.url));
    return before !== undefined && before.id < exchange.id ? before : undefined;
  }

  #find(exchange: Exchange): Finding | undefined {
    const before = this.redirectBefore(exchange);
    if (before !== undefined) return this.#redirect(exchange, before);
    if (this.#isStart(exchange)) return undefined;
    if (exchange.isDownload && exchange.resourceType === undefined) return this.#download(exchange);
    const kind = requestKind(exchange, this.#workerUrls);
    if (kind === 'document') return this.#document(exchange);
    if (kind === 'preflight') return this.#preflight(exchange);
    if (CERTAIN_KINDS.has(kind)) {
      return { cause: CAUSE_OF_KIND[kind]!, basis: 'kind', place: this.#beaconPlace(exchange, kind) };
    }
    if (kind === 'frame') {
      const navigated = this.#frameNavigation(exchange);
      if (navigated !== undefined) return navigated;
    }
    return (
      this.#stylesheet(exchange) ??
      this.#markup(exchange, kind) ??
      this.#linkHeader(exchange) ??
      this.#byKind(exchange, kind)
    );
  }

  /** Whether it is what the virtual user was told to open. */
  #isStart(exchange: Exchange): boolean {
    const { capture } = this.#context;
    if (exchange.resourceType !== undefined && exchange.resourceType !== 'Document') return false;
    if (capture.steps[exchange.step ?? -1]?.kind === 'navigate')
      return parseUrl(exchange.url) === parseUrl(capture.url);
    const first =
      capture.exchanges.find(({ url }) => parseUrl(url) === parseUrl(capture.url)) ?? capture.exchanges[0];
    return first?.id === exchange.id;
  }

  #redirect(exchange: Exchange, before: Exchange): Finding {
    const isPage = requestKind(exchange, this.#workerUrls) === 'document';
    return {
      cause: isPage ? 'topLevelRedirect' : 'redirect',
      basis: 'redirect',
      parentUrl: before.url,
      evidence: headerEvidence(before, 'location'),
    };
  }

  /** A page in a main frame: opened by the virtual user, by a link, a form, a script, a popup … */
  #document(exchange: Exchange): Finding | undefined {
    if (exchange.isDownload) return this.#download(exchange);
    const navigation = this.#navigation(exchange);
    const parentUrl = navigation?.fromUrl;
    const control = this.#context.capture.steps[exchange.step ?? -1]?.control;
    if (this.frames.isPopup(exchange.frame) && this.#isFirstOfFrame(exchange)) {
      const opener = this.frames.documentAround(exchange.frame, exchange)?.url ?? parentUrl;
      const isLink = control?.href !== undefined && parseUrl(control.href) === parseUrl(exchange.url);
      const cause = isLink
        ? 'a.href'
        : navigation?.reason.startsWith('formSubmission')
          ? 'form.action'
          : 'window.open';
      return { cause, basis: 'navigation', parentUrl: opener, place: this.#placeOf(exchange, [cause]) };
    }
    switch (navigation?.reason) {
      case undefined:
        return this.#unexplainedDocument(exchange);
      case 'anchorClick':
        return {
          cause: 'a.href',
          basis: 'navigation',
          parentUrl,
          place: this.#placeOf(exchange, ['a.href']),
        };
      case 'formSubmissionGet':
      case 'formSubmissionPost':
        return { cause: 'form.action', basis: 'navigation', parentUrl, place: this.#formPlace(exchange) };
      case 'metaTagRefresh':
        return {
          cause: 'meta.refresh',
          basis: 'navigation',
          parentUrl,
          place: this.#placeOf(exchange, ['meta.refresh']),
        };
      case 'httpHeaderRefresh':
        return {
          cause: 'location.refresh',
          basis: 'navigation',
          parentUrl,
          ...this.#refreshHeader(parentUrl),
        };
      case 'scriptInitiated':
        return {
          cause: control === undefined ? 'topLevelRedirect' : 'click',
          basis: 'navigation',
          parentUrl,
        };
      default:
        return undefined; // reload and the like: the virtual user's own
    }
  }

  /** No reason known: what the pages before it name. */
  #unexplainedDocument(exchange: Exchange): Finding | undefined {
    const place = this.#placeOf(exchange, ['meta.refresh', 'a.href', 'form.action', 'link.href']);
    if (place !== undefined) return { cause: place.cause, basis: 'markup', place };
    const refreshed = this.#refreshedBy(exchange);
    if (refreshed !== undefined) return refreshed;
    if (exchange.initiator?.type === 'script') return { cause: 'topLevelRedirect', basis: 'kind' };
    return { cause: 'unknown', basis: 'containment' };
  }

  /** A page that an answer before it named in a Refresh header. */
  #refreshedBy(exchange: Exchange): Finding | undefined {
    for (const view of this.#context.responses()) {
      if (view.exchange.id >= exchange.id) break;
      const value = view.header('refresh');
      if (value === undefined || refreshTarget(value, view.url) !== parseUrl(exchange.url)) continue;
      return {
        cause: 'location.refresh',
        basis: 'redirect',
        parentUrl: view.url,
        ...this.#refreshHeader(view.url),
      };
    }
    return undefined;
  }

  #download(exchange: Exchange): Finding {
    const place = this.#placeOf(exchange, ['a.href', 'form.action', 'iframe.src', 'meta.refresh']);
    const parentUrl = this.#navigation(exchange)?.fromUrl ?? place?.parentUrl;
    return { cause: 'download', basis: 'navigation', parentUrl, place };
  }

  /** A frame that moved on by itself, or was moved by a link, a form or a script. */
  #frameNavigation(exchange: Exchange): Finding | undefined {
    const navigation = this.#navigation(exchange);
    const parentUrl = webAddress(navigation?.fromUrl);
    const moved = (cause: Cause, place?: Place): Finding => ({
      cause,
      basis: 'navigation',
      parentUrl,
      place,
    });
    switch (navigation?.reason) {
      case 'anchorClick':
        return moved('a.href', this.#placeOf(exchange, ['a.href']));
      case 'formSubmissionGet':
      case 'formSubmissionPost':
        return moved('form.action', this.#formPlace(exchange));
      case 'metaTagRefresh':
        return moved('meta.refresh', this.#placeOf(exchange, ['meta.refresh']));
      case 'httpHeaderRefresh':
        return { ...moved('location.refresh'), ...this.#refreshHeader(parentUrl) };
      case 'scriptInitiated':
        return this.#placeOf(exchange, FRAME_CAUSES) === undefined ? moved('location.refresh') : undefined;
      default:
        return undefined;
    }
  }

  /** The browser asks first whether it may: the cause is that of the request that followed. */
  #preflight(exchange: Exchange): Finding {
    const meant = this.#context.capture.exchanges.find(
      ({ id, url, method }) => id > exchange.id && url === exchange.url && method !== 'OPTIONS',
    );
    const named = meant === undefined ? undefined : this.name(meant);
    return { cause: named?.cause ?? CAUSE_OF_KIND.preflight!, basis: 'kind', parentUrl: named?.parentUrl };
  }

  #stylesheet(exchange: Exchange): Finding | undefined {
    const { initiator } = exchange;
    if (initiator?.url === undefined || initiator.type === 'script') return undefined;
    const sheet = withoutFragment(initiator.url);
    if (!this.#stylesheetUrls.has(sheet)) return undefined;
    const place = this.places.of(exchange.url).find(({ parentUrl }) => parentUrl === sheet);
    const cause = place?.cause ?? (exchange.resourceType === 'Stylesheet' ? 'css.import' : 'css.url');
    return { cause, basis: 'stylesheet', place, parentUrl: sheet };
  }

  #markup(exchange: Exchange, kind: RequestKind): Finding | undefined {
    const atPosition = this.#placeAtPosition(exchange);
    if (atPosition !== undefined) return { cause: atPosition.cause, basis: 'position', place: atPosition };
    const place = this.#placeOf(exchange, MARKUP_CAUSES[kind]);
    if (place === undefined) return undefined;
    return { cause: place.cause, basis: place.where === 'stylesheet' ? 'stylesheet' : 'markup', place };
  }

  /** What the page's own answer told the browser to fetch ahead. */
  #linkHeader(exchange: Exchange): Finding | undefined {
    const reference = this.#linked.get(withoutFragment(exchange.url));
    if (reference === undefined || reference.view.exchange.id >= exchange.id) return undefined;
    const { view, cause } = reference;
    return { cause, basis: 'header', parentUrl: view.url, evidence: headerEvidence(view.exchange, 'link') };
  }

  #byKind(exchange: Exchange, kind: RequestKind): Finding {
    const { initiator } = exchange;
    const isScripted = initiator?.type === 'script';
    if (kind === 'script' && isScripted && this.#hasObserver())
      return { cause: 'script.import', basis: 'kind' };
    if (kind === 'stylesheet' && (initiator?.url === undefined || initiator.url.startsWith('about:'))) {
      return { cause: initiator === undefined ? 'link.href' : 'css.import', basis: 'kind' };
    }
    if (this.#isFavicon(exchange)) return { cause: 'link.href', basis: 'kind' };
    const cause = CAUSE_OF_KIND[kind];
    if (cause !== undefined) return { cause, basis: 'kind' };
    const belongsToPage = exchange.documentUrl !== undefined || exchange.frame !== undefined;
    return {
      cause: belongsToPage || exchange.initiator === undefined ? 'parentPage' : 'unknown',
      basis: 'containment',
    };
  }

  /** Whether elements that scripts added would be known; if not, a script element cannot be told from an import(). */
  #hasObserver(): boolean {
    return this.#context.capture.urlElements.length > 0;
  }

  #isFavicon(exchange: Exchange): boolean {
    return (
      this.#context.capture.favicon?.exchange === exchange.id || /\/favicon\.ico(?:\?|$)/.test(exchange.url)
    );
  }

  /** The reference in the tag that ended where the parser stood. */
  #placeAtPosition(exchange: Exchange): Place | undefined {
    const { initiator } = exchange;
    if (initiator?.type !== 'parser' || initiator.url === undefined || initiator.lineNumber === undefined)
      return undefined;
    const url = withoutFragment(initiator.url);
    const position = { line: initiator.lineNumber + 1, column: (initiator.columnNumber ?? 0) + 1 };
    return this.places.of(exchange.url).find(({ where, parentUrl, source, start, end }) => {
      if (where !== 'delivered' || withoutFragment(parentUrl) !== url) return false;
      const offset = source?.offsetOf(position);
      return offset !== undefined && start < offset && offset <= end + 1;
    });
  }

  /** The best place that names the exchange's URL with one of these causes: of its own document before others, surer causes and earlier texts first. */
  #placeOf(exchange: Exchange, causes: readonly Cause[]): Place | undefined {
    const rank = (place: Place): number => {
      const isOwn = place.frame === exchange.frame || place.parentUrl === exchange.documentUrl;
      return (isOwn ? 0 : 100) + causes.indexOf(place.cause);
    };
    let best: Place | undefined;
    for (const place of this.places.of(exchange.url)) {
      if (causes.includes(place.cause) && (best === undefined || rank(place) < rank(best))) best = place;
    }
    return best;
  }

  /** A GET form puts its fields into the address: the form's own address is that without them. */
  #formPlace(exchange: Exchange): Place | undefined {
    const bare = exchange.url.replace(/[?#].*$/s, '');
    return (
      this.#placeOf(exchange, ['form.action']) ??
      this.places.all.find(({ cause, url }) => cause === 'form.action' && url.replace(/\?.*$/s, '') === bare)
    );
  }

  #beaconPlace(exchange: Exchange, kind: RequestKind): Place | undefined {
    return kind === 'beacon' && exchange.initiator?.type !== 'script'
      ? this.#placeOf(exchange, ['beacon'])
      : undefined;
  }

  #refreshHeader(url: string | undefined): Pick<Finding, 'evidence'> {
    const view = this.#context
      .responses()
      .find((each) => each.url === url && each.header('refresh') !== undefined);
    return view === undefined ? {} : { evidence: headerEvidence(view.exchange, 'refresh') };
  }

  /** The browser's own word on why the frame went there: of several, the last before the request. */
  #navigation(exchange: Exchange) {
    const url = withoutFragment(exchange.url);
    const asked = this.#context.capture.navigations.filter(
      (each) => each.frame === exchange.frame && withoutFragment(each.url) === url,
    );
    return asked.findLast(({ at }) => at <= exchange.startedAt) ?? asked[0];
  }

  #isFirstOfFrame(exchange: Exchange): boolean {
    const first = this.#context.capture.exchanges.find(({ frame }) => frame === exchange.frame);
    return first?.id === exchange.id;
  }

  #complete(exchange: Exchange, finding: Finding): NamedCause {
    const { cause, basis, place } = finding;
    const script = basis === 'redirect' ? undefined : innermostScript(exchange);
    const parentUrl = finding.parentUrl ?? place?.parentUrl ?? this.#containerUrl(exchange);
    const parentFrame = place?.frame ?? exchange.frame;
    return {
      cause,
      basis,
      parentUrl,
      parentHost: this.frames.hostOf(parentUrl, parentFrame),
      script,
      evidence: this.#evidence(exchange, finding, script),
      depth: this.#depth(exchange),
    };
  }

  /** The document that the request belongs to, as DevTools, the frames or the Referer tell. */
  #containerUrl(exchange: Exchange): string | undefined {
    const isDocument = exchange.resourceType === 'Document';
    const document = isDocument
      ? this.frames.documentAround(exchange.frame, exchange)
      : this.frames.documentAt(exchange.frame, exchange);
    const own = isDocument ? undefined : exchange.documentUrl;
    const referer = exchange.request.headers.find(([name]) => name.toLowerCase() === 'referer')?.[1];
    const { capture } = this.#context;
    return own ?? document?.url ?? referer ?? capture.finalUrl ?? capture.url;
  }

  #depth(exchange: Exchange): number {
    const frameDepth = this.frames.depth(exchange.frame);
    return exchange.resourceType === 'Document' ? frameDepth : frameDepth + 1;
  }

  /** The delivered text before the script before the DOM: what was sent, else who did it, else what came of it. */
  #evidence(exchange: Exchange, { evidence, place }: Finding, script: StackFrame | undefined): Evidence {
    const step = exchange.step === undefined ? {} : { step: exchange.step };
    if (evidence !== undefined) return { ...evidence, ...step };
    const isSent = place?.where === 'delivered' || place?.where === 'stylesheet';
    const element = place === undefined ? {} : elementOf(place);
    if (place !== undefined && isSent) return { ...evidenceOf(place), ...step };
    if (script !== undefined) return { ...this.#scriptEvidence(script, exchange), ...element, ...step };
    if (place?.source !== undefined) return { ...evidenceOf(place), ...step };
    return { exchange: exchange.id, isRequest: true, ...element, ...step };
  }

  #scriptEvidence(script: StackFrame, exchange: Exchange): Evidence {
    const url = withoutFragment(script.url);
    const file = this.#context.capture.exchanges.findLast(
      (each) => each.url === url && each.response?.body !== undefined && each.id < exchange.id,
    );
    const isInline =
      file !== undefined && this.#context.pages().some((page) => page.exchange?.id === file.id);
    return {
      ...(file !== undefined && { exchange: file.id }),
      script: isInline ? 'inline' : url,
      ...(script.functionName !== '' && { functionName: script.functionName }),
      line: script.lineNumber + 1,
      column: script.columnNumber + 1,
    };
  }
}

function elementOf({ element, attribute }: Place): Pick<Evidence, 'element' | 'attribute'> {
  return { ...(element !== undefined && { element }), ...(attribute !== undefined && { attribute }) };
}

function innermostScript(exchange: Exchange): StackFrame | undefined {
  const { initiator } = exchange;
  const framed = initiator?.stack?.find(({ url }) => hostOfUrl(url) !== undefined);
  if (framed !== undefined || initiator?.type !== 'script' || initiator.url === undefined) return framed;
  if (hostOfUrl(initiator.url) === undefined) return undefined;
  const { url, lineNumber = 0, columnNumber = 0 } = initiator;
  return { url, functionName: '', lineNumber, columnNumber };
}

function webAddress(url: string | undefined): string | undefined {
  return url !== undefined && hostOfUrl(url) !== undefined ? url : undefined;
}
