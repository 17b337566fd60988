/**
 * Trackers: identifiers that point at whoever operates a page. Rules are data (`rules/`), found by the one scan of
 * `marks`; wallets are proven by their checksums (`wallet.ts`).
 *
 * The source is the host of the page that carries or loads the id; the evidence names the text in which it stands.
 */
import { definedOnly, hostOfUrl, type Capture, type Evidence, type Exchange, type Observation } from '#model';
import type { ExtractContext } from '../context.ts';
import { marksOf } from '../marks/text-marks.ts';
import type { SourceText } from '../source-text.ts';
import { findTrackers, type TrackerFinding } from './find-trackers.ts';

export { findTrackers } from './find-trackers.ts';
export { TRACKER_RULES } from './rules/index.ts';

/** Observations of the dataset `trackers`. */
export function trackers(context: ExtractContext): Observation[] {
  const found = new ObservationSet(context);
  for (const page of context.pages()) {
    for (const { reading, evidence } of page.texts()) {
      const { exchange, document, phase } = evidence;
      const archive = context.archiveOf(evidence);
      for (const finding of reading.trackers()) {
        const { offset, length } = finding;
        const { line, column } = reading.positionOf(offset);
        const element = reading.elementAt(offset);
        const place: Evidence =
          document === undefined
            ? definedOnly({ exchange, line, column, length, element, archive })
            : definedOnly({ document, phase, line, column, length, element, archive });
        found.add(page.host, page.url, finding, place);
      }
    }
  }
  for (const script of context.scripts()) {
    const host = ownerOf(script.exchange, context.capture);
    const source = script.source();
    for (const finding of findTrackers(source.text, 'script', marksOf(source, 'script'))) {
      found.add(host, script.url, finding, { exchange: script.exchange.id, ...placeOf(source, finding) });
    }
  }
  for (const exchange of context.capture.exchanges) addOfExchange(found, exchange, context.capture);
  return found.observations;
}

/** Ids in the addresses that were asked for, and in headers that name report collectors. */
function addOfExchange(found: ObservationSet, exchange: Exchange, capture: Capture): void {
  const host = ownerOf(exchange, capture);
  if (exchange.url.length <= 16_384) {
    for (const finding of findTrackers(exchange.url, 'url')) {
      found.add(host, exchange.url, finding, { exchange: exchange.id, isRequest: true });
    }
  }
  for (const [header, value] of exchange.response?.headers ?? []) {
    if (!REPORTING_HEADERS.has(header.toLowerCase())) continue;
    for (const finding of findTrackers(value.slice(0, 16_384), 'header')) {
      const own = hostOfUrl(exchange.url) ?? host;
      found.add(own, exchange.url, finding, { exchange: exchange.id, header });
    }
  }
}

const REPORTING_HEADERS = new Set([
  'content-security-policy',
  'content-security-policy-report-only',
  'report-to',
  'reporting-endpoints',
  'expect-ct',
]);

/** The host of the document that loads a resource; of the resource itself where that is not known. */
export function ownerOf(exchange: Exchange, capture: Capture): string | undefined {
  const document = exchange.documentUrl === undefined ? undefined : hostOfUrl(exchange.documentUrl);
  return document ?? hostOfUrl(capture.finalUrl ?? capture.url) ?? hostOfUrl(exchange.url);
}

function placeOf(source: Pick<SourceText, 'positionOf'>, { offset, length }: TrackerFinding): Evidence {
  return { ...source.positionOf(offset), length };
}

/** Each host, type and value once, with the first evidence. */
class ObservationSet {
  readonly observations: Observation[] = [];
  readonly #context: ExtractContext;
  readonly #seen = new Set<string>();

  constructor(context: ExtractContext) {
    this.#context = context;
  }

  add(host: string | undefined, url: string, { type, value }: TrackerFinding, evidence: Evidence): void {
    const key = `${host} ${type} ${value}`;
    if (host === undefined || this.#seen.has(key)) return;
    this.#seen.add(key);
    this.observations.push(
      this.#context.observe('trackers', {
        source: host,
        label: type,
        target: value,
        detail: { url },
        evidence,
      }),
    );
  }
}
