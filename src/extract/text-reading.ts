import type { Host } from '#model';
import { componentsOfMarks, componentsOfMeta, componentsOfUrl } from './components/find-components.ts';
import { domShape } from './fingerprints/dom-shape.ts';
import { scanHtml } from './html/scan.ts';
import { pageFacts, type PageFacts } from './marks/page-facts.ts';
import { marksOf, stampKindsIn } from './marks/text-marks.ts';
import { stampsOf } from './mirror-stamps/page-stamps.ts';
import type { MirrorStamp } from './mirror-stamps/stamp.ts';
import type { AskedReferences, PageComponent, PageReading } from './page-reading.ts';
import type { Position, SourceText } from './source-text.ts';
import { findTrackers, type TrackerFinding } from './trackers/find-trackers.ts';

/** A page read as a string, by the exact readers. Offsets are UTF-16 units. */
export class TextReading implements PageReading {
  readonly source: SourceText;
  readonly #url: string;

  constructor(source: SourceText, url: string) {
    this.source = source;
    this.#url = url;
  }

  positionOf(offset: number): Position {
    return this.source.positionOf(offset);
  }

  offsetOf(position: Position): number | undefined {
    return this.source.offsetOf(position);
  }

  elementAt(offset: number): string | undefined {
    return this.#facts.elementAt(offset)?.element;
  }

  references({ tags }: AskedReferences): ReturnType<PageReading['references']> {
    return scanHtml(this.source.text, { tags });
  }

  trackers(): TrackerFinding[] {
    return findTrackers(this.source.text, 'page', marksOf(this.source, 'page'));
  }

  components(): PageComponent[] {
    const found: PageComponent[] = [];
    for (const { name, content, offset, length } of this.#facts.metas)
      for (const finding of componentsOfMeta(name, content))
        found.push({ finding, offset, length, element: 'meta', attribute: 'content' });
    for (const { url, element, attribute, offset, length } of this.#facts.loads) {
      const place = { url, offset, length, ...(element && { element }), ...(attribute && { attribute }) };
      const { ofPage, ofServer } = componentsOfUrl(url);
      for (const finding of ofPage) found.push({ finding, ...place });
      for (const finding of ofServer) found.push({ finding, ...place, isOfServer: true });
    }
    for (const finding of componentsOfMarks(marksOf(this.source, 'page'))) {
      const { offset = 0, length = 0 } = finding;
      const element = this.elementAt(offset);
      found.push({ finding, offset, length, ...(element !== undefined && { element }) });
    }
    return found;
  }

  stamps(host: Host): MirrorStamp[] {
    const kinds = stampKindsIn(this.source);
    return kinds.size === 0 ? [] : stampsOf(this.#facts, host, kinds);
  }

  title(): PageFacts['title'] {
    return this.#facts.title;
  }

  shape(): string | undefined {
    return domShape(this.#facts.structure);
  }

  get #facts(): PageFacts {
    return pageFacts(this.source, this.#url);
  }
}
