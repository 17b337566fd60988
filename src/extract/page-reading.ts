import type { Host } from '#model';
import type { ComponentFinding } from './components/find-components.ts';
import type { HtmlReference } from './html/scan.ts';
import type { MarkupPlace } from './marks/page-facts.ts';
import type { MirrorStamp } from './mirror-stamps/stamp.ts';
import type { Position, SourceText } from './source-text.ts';
import type { TrackerFinding } from './trackers/find-trackers.ts';

/** A product that a page's text shows, and where. */
export interface PageComponent extends MarkupPlace {
  readonly finding: ComponentFinding;
  /** Address of what the page loads, where that shows it. */
  readonly url?: string;
  /** It shows what runs on the host of that address, not on the page's own. */
  readonly isOfServer?: boolean;
}

/** Which references of a page are asked for. */
export interface AskedReferences {
  /** One each that leads from this host to another, with each cause. */
  readonly host: Host;
  /** All that lead to one of these addresses. */
  urls(): ReadonlySet<string>;
  /** Most tags that are read. */
  readonly tags: number;
}

/**
 * A page's text as all datasets ask for it. There are two: `TextReading` reads the text as a string, exactly; `core/` reads
 * its bytes, at a hundred times the speed, and says the same. Offsets are the reading's own; lengths are UTF-16 units.
 */
export interface PageReading {
  /** The whole text. */
  readonly source: SourceText;
  positionOf(offset: number): Position;
  offsetOf(position: Position): number | undefined;
  /** Name of the start tag at or before an offset; undefined where an end tag stands in between. */
  elementAt(offset: number): string | undefined;
  /** At least the references that are asked for, in order; offsets of their tags. */
  references(asked: AskedReferences): {
    readonly baseHref: string | undefined;
    readonly references: readonly HtmlReference[];
    readonly isCut: boolean;
  };
  trackers(): readonly TrackerFinding[];
  components(): readonly PageComponent[];
  stamps(host: Host): readonly MirrorStamp[];
  title(): (MarkupPlace & { readonly text: string }) | undefined;
  /** See `domShape`. */
  shape(): string | undefined;
}
