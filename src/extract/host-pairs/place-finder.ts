import type { Cause, Exchange } from '#model';
import { withoutFragment, type Place, type Places } from './places.ts';
import type { RequestKind } from './request-kind.ts';

/** Finds, among the places that name a URL, the one that made the browser ask for it. */
export class PlaceFinder {
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  /** The reference in the tag that ended where the parser stood. */
  atPosition(exchange: Exchange): Place | undefined {
    const { initiator } = exchange;
    if (initiator?.type !== 'parser' || initiator.url === undefined || initiator.lineNumber === undefined)
      return undefined;
    const url = withoutFragment(initiator.url);
    const position = { line: initiator.lineNumber + 1, column: (initiator.columnNumber ?? 0) + 1 };
    return this.#places.of(exchange.url).find(({ reference, text }) => {
      if (text.where !== 'delivered' || withoutFragment(text.parentUrl) !== url) return false;
      const offset = text.source?.offsetOf(position);
      return offset !== undefined && reference.start < offset && offset <= reference.end + 1;
    });
  }

  /** The best place that names the exchange's URL with one of these causes: of its own document before others, surer causes and earlier texts first. */
  find(exchange: Exchange, causes: readonly Cause[]): Place | undefined {
    const rank = ({ reference, text }: Place): number => {
      const isOwn = text.frame === exchange.frame || text.parentUrl === exchange.documentUrl;
      return (isOwn ? 0 : 100) + causes.indexOf(reference.cause);
    };
    let best: Place | undefined;
    for (const place of this.#places.of(exchange.url)) {
      const { isNoscript, cause } = place.reference;
      if (isNoscript && exchange.initiator !== undefined) continue;
      if (causes.includes(cause) && (best === undefined || rank(place) < rank(best))) best = place;
    }
    return best;
  }

  /** A GET form puts its fields into the address: the form's own address is that without them. */
  findForm(exchange: Exchange): Place | undefined {
    const bare = exchange.url.replace(/[?#].*$/s, '');
    return (
      this.find(exchange, ['form.action']) ??
      this.#places.all.find(
        ({ reference, url }) => reference.cause === 'form.action' && url.replace(/\?.*$/s, '') === bare,
      )
    );
  }

  /** The link whose ping it is. */
  findPing(exchange: Exchange, kind: RequestKind): Place | undefined {
    return kind === 'beacon' && exchange.initiator?.type !== 'script'
      ? this.find(exchange, ['beacon'])
      : undefined;
  }
}
