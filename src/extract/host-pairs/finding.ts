import type { Cause, Evidence } from '#model';
import type { Place } from './places.ts';

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

/** A cause, before its parent and place are filled in. */
export interface Finding {
  readonly cause: Cause;
  readonly basis: Basis;
  readonly place?: Place | undefined;
  readonly parentUrl?: string | undefined;
  readonly evidence?: Evidence;
}
