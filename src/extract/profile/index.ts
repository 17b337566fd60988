/**
 * What is needed of a page to tell whether it copies another, or is copied: the sketch of its contents, whence it loads,
 * whose page it says it is, what copying tools left in it, and its operator's ids. `similar` compares profiles.
 */
import {
  hostOfUrl,
  type CaptureReader,
  type DetailValue,
  type Host,
  type Observation,
  type PageSketch,
} from '#model';
import { openContext, type ExtractContext, type Page, type PageText } from '../context.ts';
import { CoreReading } from '../core/core-reading.ts';
import { openCore, type ExtractionCore, type PageFacts as CoreFacts } from '../core/index.ts';
import type { HostColumns } from '../core/page-facts.ts';
import { copyOfSketch } from '../core/page-sketch.ts';
import { MEANINGS, type Meaning } from '../core/vocabulary.ts';
import { fingerprints } from '../fingerprints/index.ts';
import { pageFacts } from '../marks/page-facts.ts';
import { stampKindsIn } from '../marks/text-marks.ts';
import { stampsOf } from '../mirror-stamps/index.ts';
import { trackers } from '../trackers/index.ts';
import { claimsOf } from './claims.ts';

export { NOWHERE, readerOfPage } from './page-file.ts';

interface ProfileLoads {
  readonly host: Host;
  readonly kind: 'style' | 'script' | 'image' | 'other';
  readonly count: number;
}

/** A page's profile; plain data. */
export interface CapturedProfile {
  readonly url: string;
  readonly host: Host;
  /** The text that was read: as delivered, or the DOM at the end where scripts made the page. */
  readonly phase: 'delivered' | 'loaded' | 'final';
  readonly sketch: PageSketch;
  readonly loads: readonly ProfileLoads[];
  readonly claims: readonly {
    readonly kind: 'canonical' | 'og:url' | 'json-ld' | 'base' | 'form';
    readonly host: Host;
  }[];
  readonly stamps: readonly {
    readonly tool: string;
    readonly sourceHost: Host;
    readonly sourceUrl: string | undefined;
    readonly copiedAt: string | undefined;
  }[];
  readonly ids: readonly string[];
  /** SHA-256. */
  readonly favicon: string | undefined;
}

let sketching: ExtractionCore | undefined;

/** The core of this thread that sketches. */
function sketchCore(): ExtractionCore {
  if (sketching === undefined) {
    sketching = openCore();
    sketching.isSketching = true;
  }
  return sketching;
}

/** Sketch and loads of a page alone, from its bytes: what bulk work can afford, a few thousand pages a second. */
export function sketchPage(
  bytes: Uint8Array,
  url: string,
  contentType?: string,
): Pick<CapturedProfile, 'sketch' | 'loads'> {
  const { sketch, loads } = readSketchAndLoads(sketchCore().page(bytes, url, contentType));
  return { sketch: copyOfSketch(sketch), loads };
}

/** The same from facts that a sketching core has read; the sketch is valid as long as they are. */
function readSketchAndLoads(
  facts: CoreFacts,
  hosts = facts.hosts(isLoading),
): Pick<CapturedProfile, 'sketch' | 'loads'> {
  const sketch = facts.sketch();
  if (sketch === undefined) throw new TypeError('the core was not told to sketch');
  return { sketch, loads: loadsOf(hosts) };
}

const isLoading = ({ pull }: Meaning): boolean => pull === 'loads';

/** Of the hosts of a page most are only linked to: a profile asks for those that these meanings name. */
const isInProfile = (meaning: Meaning): boolean => isLoading(meaning) || isForm(meaning);

const isForm = ({ cause }: Meaning): boolean => cause === 'form.action';

function loadsOf({ host, meaning, count }: HostColumns): ProfileLoads[] {
  const loads = new Map<string, { host: Host; kind: ProfileLoads['kind']; count: number }>();
  for (let row = 0; row < host.length; row++) {
    const { cause, pull } = MEANINGS[meaning[row]!]!;
    if (pull !== 'loads') continue;
    const kind = kindOf(cause);
    const key = `${kind} ${host[row]}`;
    const before = loads.get(key);
    if (before === undefined) loads.set(key, { host: host[row]!, kind, count: count[row]! });
    else before.count += count[row]!;
  }
  return [...loads.values()];
}

function kindOf(cause: string): ProfileLoads['kind'] {
  if (cause === 'link.href' || cause === 'css.import') return 'style';
  if (cause === 'script.src' || cause === 'script.import') return 'script';
  return cause === 'img.src' || cause === 'css.url' ? 'image' : 'other';
}

/**
 * The profile of the page that a capture ended on; undefined where it holds no page. Of a page as delivered and as it stood
 * at the end, the one with more text: what scripts made is what people saw.
 */
export function profileOf(reader: CaptureReader): CapturedProfile | undefined {
  return profileIn(openContext(reader));
}

/** All of it with one reading: the profile, and the context for whoever asks for more. */
export function profileIn(context: ExtractContext): CapturedProfile | undefined {
  const page = shownPage(context);
  const text = page === undefined ? undefined : mainText(page);
  if (page === undefined || text === undefined) return undefined;
  const { reading, phase } = text;
  const { source } = reading;
  const facts = pageFacts(source, page.url);
  return {
    url: page.url,
    host: page.host,
    phase,
    ...sketchPage(Buffer.from(source.text), page.url, 'text/html; charset=utf-8'),
    claims: claimsOf(source.text, facts).map(({ kind, host }) => ({ kind, host })),
    stamps: stampsOf(facts, page.host, stampKindsIn(source)).map(
      ({ tool, sourceHost, sourceUrl, copiedAt }) => ({ tool, sourceHost, sourceUrl, copiedAt }),
    ),
    ids: idsOf(trackers(context), page.host),
    favicon: fingerprints(context).find(({ label }) => label === 'favicon.sha256')?.target,
  };
}

/**
 * The profile of an archived page, made of what its datasets have found; undefined where it holds no page that was answered.
 * Of its claims it has the forms alone; its sketch is valid until the core reads another page.
 */
export function profileAmong(
  context: ExtractContext,
  observations: readonly Observation[],
): CapturedProfile | undefined {
  const page = shownPage(context);
  const [text] = page?.texts() ?? [];
  if (page === undefined || text === undefined || page.exchange?.response?.status !== 200) return undefined;
  const { reading } = text;
  const facts =
    reading instanceof CoreReading && reading.facts.isSketched
      ? reading.facts
      : sketchCore().page(Buffer.from(reading.source.text), page.url, 'text/html; charset=utf-8');
  const hosts = facts.hosts(isInProfile);
  return {
    url: page.url,
    host: page.host,
    phase: text.phase,
    ...readSketchAndLoads(facts, hosts),
    claims: formsOf(hosts),
    ...foundOf(page.host, observations),
  };
}

/** What the datasets have found of a host's page that its profile holds. */
function foundOf(
  host: Host,
  observations: readonly Observation[],
): Pick<CapturedProfile, 'stamps' | 'ids' | 'favicon'> {
  const stamps: CapturedProfile['stamps'][number][] = [];
  const ids = new Set<string>();
  let favicon: string | undefined;
  for (const { dataset, source, label, target, detail } of observations) {
    if (source !== host) continue;
    if (dataset === 'trackers') ids.add(target);
    else if (dataset === 'mirror-stamps')
      stamps.push({
        tool: label,
        sourceHost: target as Host, // of this dataset's targets all are
        sourceUrl: textOf(detail['sourceUrl']),
        copiedAt: textOf(detail['copiedAt']),
      });
    else if (label === 'favicon.sha256') favicon ??= target;
  }
  return { stamps, ids: [...ids], favicon };
}

const textOf = (value: DetailValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

function formsOf({ host, meaning }: HostColumns): CapturedProfile['claims'] {
  const forms: CapturedProfile['claims'][number][] = [];
  for (let row = 0; row < host.length; row++)
    if (isForm(MEANINGS[meaning[row]!]!)) forms.push({ kind: 'form', host: host[row]! });
  return forms;
}

/** The page in the main frame at the end; the last one that has a text. */
export function shownPage(context: ExtractContext): Page | undefined {
  const pages = context.pages().filter(({ isMainFrame }) => isMainFrame);
  const final = context.capture.finalUrl;
  const shown = pages.findLast(({ url, texts }) => url === final && texts().length > 0);
  return (
    shown ??
    pages.findLast(({ texts }) => texts().length > 0) ??
    context.pages().find(({ texts }) => texts().length > 0)
  );
}

/** Which of a page's texts stands for it. */
export function mainText(page: Page): PageText | undefined {
  const texts = page.texts();
  const [delivered] = texts;
  const final = texts.at(-1);
  if (delivered === undefined || final === undefined || delivered === final) return delivered;
  const words = ({ reading }: PageText): number =>
    sketchCore().page(Buffer.from(reading.source.text), page.url, 'text/html; charset=utf-8').words;
  return words(final) > words(delivered) * 1.5 + 20 ? final : delivered;
}

function idsOf(found: readonly Observation[], host: Host): string[] {
  const ids = found.filter(({ source }) => source === host || hostOfUrl(source) === host);
  return [...new Set(ids.map(({ target }) => target))];
}
