import { sha256, UrlBase, type Host } from '#model';
import type { ComponentRule } from '../components/rule.ts';
import {
  componentsOfLoad,
  knownLoad,
  componentsOfMarks,
  componentsOfMeta,
  type ComponentFinding,
  type LoadComponents,
} from '../components/find-components.ts';
import { MIN_ELEMENTS } from '../fingerprints/dom-shape.ts';
import { decodeCharacterData } from '../html/characters.ts';
import { readTagAt } from '../html/scan.ts';
import { BEYOND_ASCII, type Neighbour, type PartialText, type TextMatch } from '../marks/index.ts';
import {
  MAX_COLLECTED,
  pageFacts,
  readPageFacts,
  type Comment,
  type MarkupPlace,
  type PageFacts,
  type StampFacts,
} from '../marks/page-facts.ts';
import { marksAround, STAMP_KINDS, type Mark, type StampKind } from '../marks/text-marks.ts';
import { httrackRenames } from '../mirror-stamps/httrack-renames.ts';
import { isForeign, WGET_NAME } from '../mirror-stamps/markup-stamps.ts';
import { stampsOf } from '../mirror-stamps/page-stamps.ts';
import { hostOfAddress, type MirrorStamp } from '../mirror-stamps/stamp.ts';
import type { AskedReferences, PageComponent, PageReading } from '../page-reading.ts';
import { SourceText, type Position } from '../source-text.ts';
import {
  cloudflareMailAt,
  collectTrackers,
  trackersAtSign,
  type TrackerFinding,
} from '../trackers/find-trackers.ts';
import { atSignFinding, MAX_AFTER, MAX_BEFORE } from '../trackers/mail-address.ts';
import { NEAR_UNITS, walletFinding } from '../trackers/wallet.ts';
import type { Engine } from './engine.ts';
import * as layout from './layout.ts';
import { USES, type Literals, type LiteralUse, type UrlSign } from './literals.ts';
import type { PageFacts as CoreFacts, PageLoad, PageSpan } from './page-facts.ts';

const OF_RULES = USES.indexOf('rules');
/** Only behind four hexadecimal digits: few are. */
const OF_HTTRACK = USES.indexOf('httrack');
const MAX_TITLE = 8_192;
const NO_LOAD = /^(?:data|blob|javascript|about):/i;
const DOT = 46;
const HYPHEN = 45;
/** Longest label of a host name. */
const MAX_LABEL = 63;
/** In UTF-8. */
const MAX_BYTES_A_UNIT = 3;
const COMMENT_MARK = '<!--';
/** A comment ends at most so many bytes behind its content: `--!>`. */
const COMMENT_END_BYTES = 4;
/** A base element ends so soon behind its address, or it is left to the exact reader. */
const MAX_BASE_TAG = 8_192;

/** A page as the core read it: see `PageReading`. Offsets are bytes of the core's memory. */
export class CoreReading implements PageReading, PartialText {
  readonly #engine: Engine;
  readonly #memory: Buffer;
  readonly #cells: Int32Array;
  /** What was read of the same bytes before. */
  readonly facts: CoreFacts;
  readonly #literals: Literals;
  readonly #start: number;
  readonly #end: number;
  readonly #url: string;
  /** Literals of rules, and where they stand, in turn. */
  readonly #found: Int32Array;
  /** Offsets of the other literals by the number of their use. */
  readonly #places: (number[] | undefined)[] = [];
  readonly isCut: boolean;
  #marks: readonly TextMatch<Mark>[] | undefined;
  #source: SourceText | undefined;
  #base: UrlBase | undefined;
  #areLinesMeasured = false;
  #comments: readonly PageSpan[] | undefined;

  constructor(
    engine: Engine,
    facts: CoreFacts,
    literals: Literals,
    { start, end, url }: { readonly start: number; readonly end: number; readonly url: string },
  ) {
    this.#engine = engine;
    this.#memory = facts.memory;
    this.#cells = facts.cells;
    this.facts = facts;
    this.#literals = literals;
    this.#start = start;
    this.#end = end;
    this.#url = url;
    engine.scanner.clearMarks();
    engine.scanner.findLiterals(layout.PAGE_LITERALS, start, end);
    this.#found = this.#takeMarks();
    this.isCut =
      facts.isCut ||
      facts.spanCount === layout.MAX_SPANS ||
      this.#cell(layout.TAGS_ARE_CUT) !== 0 ||
      this.#cell(layout.MARKS_ARE_CUT) !== 0;
  }

  /** The whole text; decoded when asked for. */
  get source(): SourceText {
    this.#source ??= new SourceText(this.#memory.toString('utf8', this.#start, this.#end));
    return this.#source;
  }

  positionOf(offset: number): Position {
    if (!this.#areLinesMeasured) this.#engine.scanner.measureLines(this.#start, this.#end);
    this.#areLinesMeasured = true;
    this.#engine.scanner.findPlace(offset);
    return { line: this.#cell(layout.PLACE_LINE) + 1, column: this.#cell(layout.PLACE_COLUMN) + 1 };
  }

  offsetOf(position: Position): number | undefined {
    const units = this.source.offsetOf(position);
    return units === undefined
      ? undefined
      : this.#start + Buffer.byteLength(this.source.text.slice(0, units));
  }

  elementAt(offset: number): string | undefined {
    const row = this.#tagRowAt(offset);
    const nameEnd = row === undefined ? 0 : this.#cells[row + 1]!;
    return nameEnd === 0 ? undefined : asciiLower(this.between(this.#cells[row!]!, nameEnd));
  }

  /** Where the start tag begins that is the last before an offset. */
  #tagBefore(offset: number): number | undefined {
    const row = this.#tagRowAt(offset);
    return row === undefined || this.#cells[row + 1] === 0 ? undefined : this.#cells[row]! - 1;
  }

  /** The row, in cells, of the last tag that begins at or before an offset. */
  #tagRowAt(offset: number): number | undefined {
    const first = layout.TAGS / 4;
    let low = 0;
    let high = this.#cell(layout.TAG_ROWS);
    while (low < high) {
      const middle = (low + high) >> 1;
      const isEnd = this.#cells[first + middle * 2 + 1] === 0;
      if (this.#cells[first + middle * 2]! - (isEnd ? 2 : 1) <= offset) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? undefined : first + low * 2 - 2;
  }

  references(asked: AskedReferences): ReturnType<PageReading['references']> {
    return {
      baseHref: this.facts.baseHref,
      references: this.facts.references(asked.host, asked.urls()),
      isCut: false,
    };
  }

  trackers(): TrackerFinding[] {
    return collectTrackers(this, this.#pageMarks(), this.#trackersByShape());
  }

  *#trackersByShape(): Generator<TrackerFinding> {
    const { scanner } = this.#engine;
    for (let at = scanner.findWallet(this.#start, this.#end); at < this.#end;) {
      const end = scanner.walletEnd();
      const finding = walletFinding(this.between(at, end), at, {
        before: this.before(at, 1),
        after: this.after(end, 2),
        nearby: () => this.before(at, NEAR_UNITS) + this.between(at, end) + this.after(end, NEAR_UNITS),
      });
      if (finding !== undefined) yield finding;
      at = scanner.findWallet(end, this.#end);
    }
    for (const at of this.#placesOf('mail')) {
      if (!this.#mayBeDomain(at + 1)) continue;
      const finding = atSignFinding(this.before(at, MAX_BEFORE), this.after(at + 1, MAX_AFTER), at);
      if (finding !== undefined) yield* trackersAtSign(finding, 'page');
    }
    for (const at of this.#placesOf('cloudflare')) yield* cloudflareMailAt(this, at);
  }

  /** Whether letters, digits and hyphens up to a dot begin at an offset, as every domain does. */
  #mayBeDomain(offset: number): boolean {
    const last = Math.min(this.#end, offset + MAX_LABEL + 1);
    for (let at = offset; at < last; at++) {
      const byte = this.#memory[at]!;
      if (byte === DOT) return at > offset;
      const isOfLabel =
        byte === HYPHEN || (this.#memory[layout.TEXT_CLASSES + byte]! & layout.ALPHANUMERIC) !== 0;
      if (!isOfLabel) return false;
    }
    return false;
  }

  components(): PageComponent[] {
    const found: PageComponent[] = [];
    const shown = new ShownProducts();
    for (const { start, end } of this.facts.spans('tellingMeta'))
      this.#addMeta(found, this.#start + start, this.#start + end);
    this.#addLoads(found, shown);
    for (const finding of componentsOfMarks(this.#pageMarks())) {
      if (!shown.add(finding, PAGE)) continue;
      const { offset = 0, length = 0 } = finding;
      found.push({ finding, offset, length, element: this.elementAt(offset) });
    }
    return found;
  }

  #addMeta(found: PageComponent[], start: number, end: number): void {
    const text = this.between(start, end);
    const tag = readTagAt(text, 0, text.length);
    const name = tag?.value('name') ?? tag?.value('property') ?? tag?.value('http-equiv');
    const content = tag?.value('content');
    if (name === undefined || content === undefined) return;
    for (const finding of componentsOfMeta(name.trim().toLowerCase(), content.trim()))
      found.push({ finding, offset: start, length: text.length, element: 'meta', attribute: 'content' });
  }

  #addLoads(found: PageComponent[], shown: ShownProducts): void {
    const { scanner } = this.#engine;
    const { urlSigns, hasFragment } = this.#literals;
    const isBasePlain =
      this.#cell(layout.BASE_START) === 0 &&
      this.#url.length <= layout.MAX_URL &&
      this.#urlLiterals(this.#url).length === 0;
    const asks = this.#askedLoads() | (isBasePlain && !hasFragment ? 0 : 8);
    for (let next = 0; next < this.facts.linkCount;) {
      next = scanner.findLoads(next, asks);
      const end = layout.MARKS / 4 + this.#cell(layout.MARK_COUNT) * 2;
      for (let row = layout.MARKS / 4; row < end;) {
        const link = this.#cells[row + 1]!;
        const host = this.facts.hostRowOf(link);
        const server = host === layout.RELATIVE && !isBasePlain ? undefined : host;
        let isNew = server === undefined || layout.UNKNOWN_LOAD === this.#cells[row];
        for (row += 2; row < end && this.#cells[row]! >= 0; row += 2)
          isNew ||= !shown.hasAll(urlSigns[this.#cells[row]!], server!);
        if (isNew) this.#addLoad(found, link, shown, server);
      }
    }
  }

  #addLoad(found: PageComponent[], link: number, shown: ShownProducts, server: number | undefined): void {
    for (const load of this.facts.loadsOf(link)) {
      if (NO_LOAD.test(load.url)) continue;
      const { url, ofPage, ofServer } = knownLoad(load.url) ?? this.#componentsOf(load);
      for (const finding of ofPage)
        if (shown.add(finding, PAGE)) found.push(this.#ofLoad(load, finding, url, false));
      for (const finding of ofServer)
        if (shown.add(finding, server)) found.push(this.#ofLoad(load, finding, url, true));
    }
  }

  #componentsOf({ url: written, offset }: PageLoad): LoadComponents {
    return componentsOfLoad(written, this.#resolve(written, offset), this.#urlLiterals);
  }

  #ofLoad(load: PageLoad, finding: ComponentFinding, url: string, isOfServer: boolean): PageComponent {
    const { offset, end, element, attribute } = load;
    const length = this.between(offset, end).length;
    return { finding, url, isOfServer, offset, length, element, attribute };
  }

  /** Literals of the rules for URLs, and where in a URL they stand, in turn, in order. Leaves `MARKS` as they are. */
  readonly #urlLiterals = (url: string): readonly number[] => {
    const before = this.#cell(layout.MARK_COUNT);
    const size = this.#memory.write(url, layout.SCRATCH, layout.MAX_URL, 'latin1');
    this.#engine.scanner.findLiterals(layout.URL_LITERALS, layout.SCRATCH, layout.SCRATCH + size);
    const marks: number[] = [];
    const first = layout.MARKS / 4;
    for (let mark = before; mark < this.#cell(layout.MARK_COUNT); mark++) {
      const row = first + mark * 2;
      marks.push(this.#literals.urlNumbers[this.#cells[row]!]!, this.#cells[row + 1]! - layout.SCRATCH);
    }
    this.#cells[layout.MARK_COUNT / 4] = before;
    return marks;
  };

  #resolve(written: string, offset: number): string {
    const base = this.facts.baseBefore(offset) ?? this.#url;
    if (this.#base?.url !== base) this.#base = new UrlBase(base);
    return this.#base.resolve(written) ?? written;
  }

  /** Of which shapes relative URLs must be looked at whole: see `findLoads`. */
  #askedLoads(): number {
    const { heads, hasScheme } = this.#literals;
    const base = this.facts.baseBefore(Infinity);
    let asks = hasScheme ? 4 : 0;
    for (const url of base === undefined ? [this.#url] : [this.#url, base]) {
      const { origin = '', pathname = '/' } = URL.parse(url) ?? {};
      const path = (origin + pathname).toLowerCase();
      if (heads.endOf(path.slice(0, origin.length))) asks |= 1 | 2;
      for (
        let slash = path.indexOf('/', origin.length + 1);
        slash !== -1;
        slash = path.indexOf('/', slash + 1)
      )
        if (heads.endOf(path.slice(0, slash))) asks |= 2;
    }
    return asks;
  }

  stamps(host: Host): MirrorStamp[] {
    const kinds = STAMP_KINDS.filter((kind) => this.#mayHaveStamp(kind, host));
    if (kinds.length === 0) return [];
    const isPlain = kinds.every((kind) => kind === 'comment' || kind === 'base');
    const plain = isPlain ? this.#plainFacts(kinds) : undefined;
    if (plain !== undefined) return stampsOf(plain, host, new Set(kinds));
    const { text } = this.source;
    const facts = pageFacts(this.source, this.#url);
    return stampsOf(facts, host, new Set(kinds)).map((stamp) => ({
      ...stamp,
      offset: this.#start + Buffer.byteLength(text.slice(0, stamp.offset)),
    }));
  }

  /** False only where the exact reader would find none. */
  #mayHaveStamp(kind: StampKind, host: Host): boolean {
    const places = this.#placesOf(kind);
    if (places.length === 0) return false;
    switch (kind) {
      case 'comment':
      case 'bazhan':
        return places.some((offset) => this.#commentAt(offset) !== undefined);
      case 'wayback':
        return host !== 'web.archive.org' && this.#mayBeWayback(places);
      case 'base':
        return this.#hasForeignBase(host);
      case 'wget':
        return new Set(this.#linkValues(places).filter((value) => WGET_NAME.test(value))).size > 1;
      case 'httrack':
        return this.#mayBeHttrack(places);
      case 'savePage':
      case 'scrapBook':
      case 'teleport':
        return true;
    }
  }

  #hasForeignBase(host: Host): boolean {
    const { baseHref } = this.facts;
    const base = baseHref === undefined ? undefined : hostOfAddress(baseHref.replace(/^\/\//, 'https://'));
    return base !== undefined && isForeign(base, host);
  }

  /** The archive's own comment, or two files that are loaded through it. */
  #mayBeWayback(places: readonly number[]): boolean {
    let loads = 0;
    for (const offset of places) {
      if (this.#commentAt(offset) !== undefined) return true;
      if (this.facts.linkAt(offset)?.isLoaded === true) loads++;
    }
    return loads > 1;
  }

  #mayBeHttrack(places: readonly number[]): boolean {
    const links = this.#linkValues(places).map((value) => ({ value, offset: 0, length: 0 }));
    return httrackRenames(links).length > 1;
  }

  /** Whether four hexadecimal digits end at an offset. */
  #isHexBefore(offset: number): boolean {
    for (let at = offset - 4; at < offset; at++) if (!isHexDigit(this.#memory[at]!)) return false;
    return true;
  }

  #linkValues(offsets: readonly number[]): string[] {
    return offsets.length < 2 ? [] : offsets.flatMap((offset) => this.facts.linkAt(offset)?.values ?? []);
  }

  /** Comments with marks, and the base element; undefined where an exact reader must tell their bounds. */
  #plainFacts(kinds: readonly StampKind[]): StampFacts | undefined {
    const comments: Comment[] = [];
    for (const range of new Set(this.#placesOf('comment').map((offset) => this.#commentAt(offset)))) {
      if (range === undefined) continue;
      const start = this.#start + range.start - COMMENT_MARK.length;
      const text = this.between(start, Math.min(this.#end, this.#start + range.end + COMMENT_END_BYTES));
      const [comment] = text.startsWith(COMMENT_MARK) ? readPageFacts(text, this.#url).comments : [];
      if (comment === undefined) return undefined;
      comments.push({ ...comment, offset: start });
    }
    if ((this.#comments?.length ?? 0) > MAX_COLLECTED) return undefined;
    const base = kinds.includes('base') ? this.#baseElement() : undefined;
    if (base === undefined && kinds.includes('base')) return undefined;
    return { comments, base, metas: [], loads: [], links: [], toolAttributes: [] };
  }

  #baseElement(): PageFacts['base'] {
    const value = this.#cell(layout.BASE_START);
    const start = this.#tagBefore(value);
    if (start === undefined) return undefined;
    const text = this.between(start, Math.min(this.#end, value + MAX_BASE_TAG));
    const { base } = readPageFacts(text, this.#url);
    return base?.offset === 0 ? { ...base, offset: start } : undefined;
  }

  /** The comment whose content an offset lies in. */
  #commentAt(offset: number): PageSpan | undefined {
    this.#comments ??= [...this.facts.spans('comment')];
    const at = offset - this.#start;
    let low = 0;
    let high = this.#comments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#comments[middle]!.start <= at) low = middle + 1;
      else high = middle;
    }
    const comment = this.#comments[low - 1];
    return comment !== undefined && at < comment.end ? comment : undefined;
  }

  title(): (MarkupPlace & { readonly text: string }) | undefined {
    for (const { start, end } of this.facts.spans('title')) {
      if (start === end) continue;
      const raw = this.between(this.#start + start, this.#start + end);
      const text = decodeCharacterData(raw.slice(0, MAX_TITLE)).replace(/\s+/g, ' ').trim();
      return { offset: this.#start + start, length: raw.length, element: 'title', text };
    }
    return undefined;
  }

  shape(): string | undefined {
    const tags = Math.min(this.#cell(layout.TAG_ROWS), layout.MAX_STRUCTURE_TAGS);
    let elements = 0;
    for (let tag = 0; tag < tags && elements < MIN_ELEMENTS; tag++)
      if (this.#cells[layout.TAGS / 4 + tag * 2 + 1] !== 0) elements++;
    if (elements < MIN_ELEMENTS) return undefined;
    const size = this.#cell(layout.STRUCTURE_SIZE);
    return sha256(this.#memory.subarray(layout.STRUCTURE, layout.STRUCTURE + size)).slice(0, 32);
  }

  before(offset: number, units: number): string {
    const plain = this.#memory.toString('latin1', Math.max(this.#start, offset - units), offset);
    if (!NON_ASCII.test(plain)) return plain;
    let from = Math.max(this.#start, offset - 3 * units - 4);
    while (from < offset && (this.#memory[from]! & 0xc0) === 0x80) from++;
    const text = this.#memory.toString('utf8', from, offset);
    return text.slice(Math.max(0, text.length - units));
  }

  after(offset: number, units: number): string {
    const plain = this.#memory.toString('latin1', offset, Math.min(this.#end, offset + units));
    if (!NON_ASCII.test(plain)) return plain;
    let to = Math.min(this.#end, offset + 3 * units + 4);
    while (to > offset && to < this.#end && (this.#memory[to]! & 0xc0) === 0x80) to--;
    return this.#memory.toString('utf8', offset, to).slice(0, units);
  }

  between(from: number, to: number): string {
    const plain = this.#memory.toString('latin1', from, to);
    return NON_ASCII.test(plain) ? this.#memory.toString('utf8', from, to) : plain;
  }

  around(first: number, last: number, before: number, after: number): { text: string; head: number } {
    const start = Math.max(this.#start, first - before);
    const plain = this.#memory.toString('latin1', start, Math.min(this.#end, last + after));
    if (!NON_ASCII.test(plain)) return { text: plain, head: first - start };
    const head = this.before(first, before);
    return { text: head + this.between(first, last) + this.after(last, after), head: head.length };
  }

  mayHave(neighbours: readonly Neighbour[], start: number, end: number): boolean {
    for (let number = 0; number < neighbours.length; number++) {
      const { distance, isAllowed } = neighbours[number]!;
      const at = distance < 0 ? start + distance : end + distance - 1;
      if (at < this.#start || at >= this.#end) continue;
      if (isAllowed[Math.min(this.#memory[at]!, BEYOND_ASCII)] === 1) continue;
      if (distance < 0 ? this.#isAscii(at + 1, start) : this.#isAscii(end, at)) return false;
    }
    return true;
  }

  /** Of other text units cannot be counted by bytes. */
  #isAscii(from: number, to: number): boolean {
    for (let at = from; at < to; at++) if (this.#memory[at]! >= BEYOND_ASCII) return false;
    return true;
  }

  isNear(from: number, to: number, units: number): boolean {
    return to - from <= MAX_BYTES_A_UNIT * units;
  }

  move(offset: number, text: string, isBackward = false): number {
    const bytes = Buffer.byteLength(text);
    return isBackward ? offset - bytes : offset + bytes;
  }

  #cell(at: number): number {
    return this.#cells[at / 4]!;
  }

  #pageMarks(): readonly TextMatch<Mark>[] {
    this.#marks ??= marksAround(this, 'page', this.#found);
    return this.#marks;
  }

  /** Takes the literals that were found from the core, in its order: by place. Those of rules are returned. */
  #takeMarks(): Int32Array {
    const cells = this.#cells;
    const { uses } = this.#literals;
    const first = layout.MARKS / 4;
    const last = first + this.#cell(layout.MARK_COUNT) * 2;
    let end = first;
    for (let mark = first; mark < last; mark += 2) {
      const use = uses[cells[mark]!]!;
      const offset = cells[mark + 1]!;
      if (use === OF_RULES) {
        cells[end++] = cells[mark]!;
        cells[end++] = offset;
      } else if (use !== OF_HTTRACK || this.#isHexBefore(offset)) (this.#places[use] ??= []).push(offset);
    }
    return cells.slice(first, end);
  }

  #placesOf(use: LiteralUse): readonly number[] {
    return this.#places[USES.indexOf(use)] ?? NOWHERE;
  }
}

/** Instead of a server's row: what the page itself shows. */
const PAGE = layout.MAX_PAIRS;

/** Products and versions that were found, so that finding them again tells nothing: of the page, or of a server by its row. */
class ShownProducts {
  readonly #servers = new Map<number, Map<ComponentRule, ShownVersions>>();

  /** Whether it is new. That of a server without a row always is. */
  add({ rule, version }: ComponentFinding, server: number | undefined): boolean {
    if (server === undefined || server <= layout.HARD) return true;
    let products = this.#servers.get(server);
    if (products === undefined) this.#servers.set(server, (products = new Map()));
    const shown = products.get(rule);
    if (shown === undefined) products.set(rule, { version, others: undefined });
    else if (isShown(shown, version)) return false;
    else (shown.others ??= new Set()).add(version);
    return true;
  }

  /** Whether all that signs can show was found. */
  hasAll(signs: readonly UrlSign[] | undefined, server: number): boolean {
    if (signs === undefined) return false;
    for (const { product, isPath } of signs) {
      const shown = this.#servers.get(isPath ? server : PAGE)?.get(product);
      if (shown === undefined || !isShown(shown, undefined)) return false;
    }
    return true;
  }
}

/** The first version that was found, and the others, if any. */
interface ShownVersions {
  readonly version: string | undefined;
  others: Set<string | undefined> | undefined;
}

const isShown = ({ version: first, others }: ShownVersions, version: string | undefined): boolean =>
  first === version || others?.has(version) === true;

const NOWHERE: readonly number[] = [];
const NON_ASCII = /[\u0080-\u00ff]/;

const isHexDigit = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 102);

const asciiLower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
