/** Where something stands in a page's text. */
export interface OutlinePlace {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** UTF-16 units. */
  readonly offset: number;
  readonly length: number;
}

/** One thing of a page, in the order of its text. */
export interface OutlineItem {
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
  /** Attributes that say what it does; values cut. */
  readonly attributes: Readonly<Record<string, string>>;
  /** What it leads to or loads, resolved; undefined where it is no web address. */
  readonly url: string | undefined;
  readonly place: OutlinePlace;
}

/** Where a page's control leads, as its scripts have it. */
export interface OutlineTarget {
  /** Of the handler that begins it, or the listener. */
  readonly handler: string;
  readonly url: string;
  /** Handler → functions → request: what is called, and the code there. */
  readonly steps: readonly { readonly what: string; readonly name: string; readonly code: string }[];
}
