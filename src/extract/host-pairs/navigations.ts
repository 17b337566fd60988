import { hostOfUrl, parseUrl, type Cause, type Exchange, type Navigation } from '#model';
import type { ExtractContext } from '../context.ts';
import type { Finding } from './finding.ts';
import type { Frames } from './frames.ts';
import { headerEvidence, refreshTarget } from './header-references.ts';
import type { PlaceFinder } from './place-finder.ts';
import { withoutFragment, type Place } from './places.ts';
import { FRAME_CAUSES, requestHeader } from './request-kind.ts';

const FRAME_DESTINATION = /^(?:iframe|frame|object|embed)$/i;

/** Why a frame went to another document, told by the browser's own word where there is one. */
export class Navigations {
  readonly #context: ExtractContext;
  readonly #frames: Frames;
  readonly #finder: PlaceFinder;

  constructor(context: ExtractContext, frames: Frames, finder: PlaceFinder) {
    this.#context = context;
    this.#frames = frames;
    this.#finder = finder;
  }

  /** A page in a main frame: opened by the virtual user, by a link, a form, a script, a popup … */
  page(exchange: Exchange): Finding | undefined {
    if (exchange.isDownload) return this.download(exchange);
    const navigation = this.#navigation(exchange);
    const parentUrl = navigation?.fromUrl;
    const control = this.#context.capture.steps[exchange.step ?? -1]?.control;
    if (this.#frames.isPopup(exchange.frame) && this.#isFirstOfFrame(exchange)) {
      const opener = this.#frames.documentAround(exchange.frame, exchange)?.url ?? webAddress(parentUrl);
      const isLink = control?.href !== undefined && parseUrl(control.href) === parseUrl(exchange.url);
      const cause = isLink
        ? 'a.href'
        : navigation?.reason.startsWith('formSubmission')
          ? 'form.action'
          : 'window.open';
      return { cause, basis: 'navigation', parentUrl: opener, place: this.#finder.find(exchange, [cause]) };
    }
    switch (navigation?.reason) {
      case undefined:
        return this.#unexplainedDocument(exchange);
      case 'anchorClick':
        return {
          cause: 'a.href',
          basis: 'navigation',
          parentUrl,
          place: this.#finder.find(exchange, ['a.href']),
        };
      case 'formSubmissionGet':
      case 'formSubmissionPost':
        return {
          cause: 'form.action',
          basis: 'navigation',
          parentUrl,
          place: this.#finder.findForm(exchange),
        };
      case 'metaTagRefresh':
        return {
          cause: 'meta.refresh',
          basis: 'navigation',
          parentUrl,
          place: this.#finder.find(exchange, ['meta.refresh']),
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
    const place = this.#finder.find(exchange, ['meta.refresh', 'a.href', 'form.action', 'link.href']);
    if (place !== undefined) return { cause: place.reference.cause, basis: 'markup', place };
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

  download(exchange: Exchange): Finding {
    const place = this.#finder.find(exchange, ['a.href', 'form.action', ...FRAME_CAUSES, 'meta.refresh']);
    const parentUrl = this.#navigation(exchange)?.fromUrl ?? place?.text.parentUrl;
    // What a frame asks for by itself is the frame's, whatever the browser then does with it.
    const isFrames = FRAME_DESTINATION.test(requestHeader(exchange, 'sec-fetch-dest') ?? '');
    if (isFrames && place !== undefined && FRAME_CAUSES.includes(place.reference.cause))
      return { cause: place.reference.cause, basis: 'markup', parentUrl, place };
    return { cause: 'download', basis: 'navigation', parentUrl, place };
  }

  /** A frame that moved on by itself, or was moved by a link, a form or a script. */
  frame(exchange: Exchange): Finding | undefined {
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
        return moved('a.href', this.#finder.find(exchange, ['a.href']));
      case 'formSubmissionGet':
      case 'formSubmissionPost':
        return moved('form.action', this.#finder.findForm(exchange));
      case 'metaTagRefresh':
        return moved('meta.refresh', this.#finder.find(exchange, ['meta.refresh']));
      case 'httpHeaderRefresh':
        return { ...moved('location.refresh'), ...this.#refreshHeader(parentUrl) };
      case 'scriptInitiated':
        return this.#finder.find(exchange, FRAME_CAUSES) === undefined
          ? moved('location.refresh')
          : undefined;
      default:
        return undefined;
    }
  }

  #refreshHeader(url: string | undefined): Pick<Finding, 'evidence'> {
    const view = this.#context
      .responses()
      .find((each) => each.url === url && each.header('refresh') !== undefined);
    return view === undefined ? {} : { evidence: headerEvidence(view.exchange, 'refresh') };
  }

  /** The browser's own word on why the frame went there: of several, the last before the request. */
  #navigation(exchange: Exchange): Navigation | undefined {
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
}

function webAddress(url: string | undefined): string | undefined {
  return url !== undefined && hostOfUrl(url) !== undefined ? url : undefined;
}
