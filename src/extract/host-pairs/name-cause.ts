import { parseUrl, type Cause, type Evidence, type Exchange, type Host, type StackFrame } from '#model';
import type { ExtractContext } from '../context.ts';
import { evidenceFor, innermostScript } from './cause-evidence.ts';
import type { Basis, Finding } from './finding.ts';
import { Frames } from './frames.ts';
import {
  headerEvidence,
  headerReferences,
  redirectTargets,
  type HeaderReference,
} from './header-references.ts';
import { Navigations } from './navigations.ts';
import { PlaceFinder } from './place-finder.ts';
import { Places, withoutFragment } from './places.ts';
import {
  CAUSE_OF_KIND,
  CERTAIN_KINDS,
  MARKUP_CAUSES,
  requestHeader,
  requestKind,
  type RequestKind,
} from './request-kind.ts';

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
  let causes = opened.get(context);
  if (causes === undefined) opened.set(context, (causes = new Causes(context)));
  return causes.name(exchange);
}

/** Made once, since they read every text. */
const opened = new WeakMap<ExtractContext, Causes>();

/** Names the causes of a capture, each exchange once. */
export class Causes {
  readonly places: Places;
  readonly frames: Frames;
  readonly #context: ExtractContext;
  readonly #finder: PlaceFinder;
  readonly #navigations: Navigations;
  readonly #named = new Map<number, NamedCause | undefined>();
  /** What answers name in headers. */
  readonly headers: readonly HeaderReference[];
  readonly #stylesheetUrls: ReadonlySet<string>;
  readonly #workerUrls: ReadonlySet<string>;
  readonly #linked: ReadonlyMap<string, HeaderReference>;
  readonly #redirectsTo: ReadonlyMap<string, Exchange>;

  constructor(context: ExtractContext) {
    this.#context = context;
    this.places = new Places(context);
    this.frames = new Frames(context);
    this.#finder = new PlaceFinder(this.places);
    this.#navigations = new Navigations(context, this.frames, this.#finder);
    this.#stylesheetUrls = new Set(context.stylesheets().map(({ url }) => url));
    this.#workerUrls = new Set(context.capture.workers.map(({ url }) => url));
    this.#redirectsTo = redirectTargets(context);
    this.headers = headerReferences(context);
    const links = this.headers.filter(({ header, cause }) => header === 'link' && cause === 'link.href');
    this.#linked = new Map(links.map((reference) => [reference.url, reference]));
  }

  name(exchange: Exchange): NamedCause | undefined {
    if (!this.#named.has(exchange.id)) {
      this.#named.set(exchange.id, undefined); // a forged capture may refer in circles
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
    if (exchange.isDownload && exchange.resourceType === undefined)
      return this.#navigations.download(exchange);
    const kind = requestKind(exchange, this.#workerUrls);
    if (kind === 'document') return this.#navigations.page(exchange);
    if (kind === 'preflight') return this.#preflight(exchange);
    if (CERTAIN_KINDS.has(kind)) {
      return { cause: CAUSE_OF_KIND[kind]!, basis: 'kind', place: this.#finder.findPing(exchange, kind) };
    }
    if (kind === 'frame') {
      const navigated = this.#navigations.frame(exchange);
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
    const asked = parseUrl(capture.url);
    const first = capture.exchanges.find(({ url }) => parseUrl(url) === asked) ?? capture.exchanges[0];
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

  /** The browser asks first whether it may: the cause is that of the request that followed. */
  #preflight(exchange: Exchange): Finding {
    const asked = this.#context.capture.exchanges.filter(
      ({ url, method }) => url === exchange.url && method !== 'OPTIONS',
    );
    const meant = asked.find(({ id }) => id > exchange.id) ?? asked.at(-1); // DevTools may list it first
    const named = meant === undefined ? undefined : this.name(meant);
    return { cause: named?.cause ?? CAUSE_OF_KIND.preflight!, basis: 'kind', parentUrl: named?.parentUrl };
  }

  #stylesheet(exchange: Exchange): Finding | undefined {
    const { initiator } = exchange;
    if (initiator?.url === undefined || initiator.type === 'script') return undefined;
    const sheet = withoutFragment(initiator.url);
    if (!this.#stylesheetUrls.has(sheet)) return undefined;
    const place = this.places.of(exchange.url).find(({ text }) => text.parentUrl === sheet);
    const cause =
      place?.reference.cause ?? (exchange.resourceType === 'Stylesheet' ? 'css.import' : 'css.url');
    return { cause, basis: 'stylesheet', place, parentUrl: sheet };
  }

  #markup(exchange: Exchange, kind: RequestKind): Finding | undefined {
    const atPosition = this.#finder.atPosition(exchange);
    if (atPosition !== undefined)
      return { cause: atPosition.reference.cause, basis: 'position', place: atPosition };
    const place = this.#finder.find(exchange, MARKUP_CAUSES[kind]);
    if (place === undefined) return undefined;
    return {
      cause: place.reference.cause,
      basis: place.text.where === 'stylesheet' ? 'stylesheet' : 'markup',
      place,
    };
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

  #complete(exchange: Exchange, finding: Finding): NamedCause {
    const { cause, basis, place } = finding;
    const script = basis === 'redirect' ? undefined : innermostScript(exchange);
    const parentUrl = finding.parentUrl ?? place?.text.parentUrl ?? this.#containerUrl(exchange);
    const parentFrame = place?.text.frame ?? exchange.frame;
    return {
      cause,
      basis,
      parentUrl,
      parentHost: this.frames.hostOf(parentUrl, parentFrame),
      script,
      evidence: evidenceFor(this.#context, exchange, finding, script),
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
    const referer = requestHeader(exchange, 'referer');
    const { capture } = this.#context;
    return own ?? document?.url ?? referer ?? capture.finalUrl ?? capture.url;
  }

  #depth(exchange: Exchange): number {
    const frameDepth = this.frames.depth(exchange.frame);
    return exchange.resourceType === 'Document' ? frameDepth : frameDepth + 1;
  }
}
