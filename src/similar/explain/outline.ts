import type { PageProfile } from '../page.ts';

/** Where something stands in a page's text. */
export interface Place {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** UTF-16 units. */
  readonly offset: number;
  readonly length: number;
}

/** One thing of a page, in the order of its text. */
export interface Item {
  readonly kind:
    | 'text'
    | 'title'
    | 'control'
    | 'form'
    | 'resource'
    | 'script'
    | 'meta'
    | 'element'
    | 'comment';
  /** Element name; of texts, the element around them. */
  readonly tag: string;
  /** What people read: a text, a control's label, a comment. */
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What it leads to or loads, resolved. */
  readonly url: string | undefined;
  readonly place: Place;
}

/** Where a control leads, as the page's scripts have it. */
export interface Target {
  /** The code of the handler that begins it. */
  readonly handler: string;
  readonly url: string;
  readonly steps: readonly { readonly what: string; readonly name: string; readonly code: string }[];
}

/** A page laid out for comparison. */
export interface Outline {
  readonly profile: PageProfile;
  readonly items: readonly Item[];
  readonly targets: readonly Target[];
  readonly wallets: readonly string[];
  /** Things beyond a limit were left out. */
  readonly isCut: boolean;
}
