/**
 * A capture in, observations out.
 *
 * Promises: pure (no I/O of its own, no clock), the same capture gives the same observations in the same order;
 * hostile bytes never throw and cost time in proportion to their size; every limit that was met is in the result.
 * It works with what a capture has: with DevTools' facts each request's cause is named from them, without them (plain
 * HTTP, imported archives) from the markup alone.
 * Leaves to others: making captures (`crawl`), keeping them (`archive`), storing what was observed.
 */
import type { CaptureReader, LimitReached, Observation } from '#model';
import { certificates } from './certificates/index.ts';
import { components } from './components/index.ts';
import { openContext, type ExtractContext, type ExtractLimits, type ReadingOptions } from './context.ts';
import { cookies } from './cookies/index.ts';
import { files } from './files/index.ts';
import { fingerprints } from './fingerprints/index.ts';
import { hostPairs } from './host-pairs/index.ts';
import { mirrorStamps } from './mirror-stamps/index.ts';
import { profileAmong, type CapturedProfile } from './profile/index.ts';
import { resolutions } from './resolutions.ts';
import { trackers } from './trackers/index.ts';

export { vendorOfHost } from './components/index.ts';
export { parseCertificate } from './certificates/index.ts';
export {
  DEFAULT_LIMITS,
  openContext,
  type ExtractContext,
  type ExtractLimits,
  type ReadingOptions,
} from './context.ts';
export { openCore, type ExtractionCore } from './core/index.ts';
export { downloadChains, type ChainLink, type DownloadChain } from './download-chain.ts';
export { openEvidence, type OpenedEvidence } from './evidence.ts';
export { linksOf } from './links.ts';
export {
  DEFAULT_MAIL_LIMITS,
  findLinks,
  readMail,
  type FoundLink,
  type MailAttachment,
  type MailLimits,
  type MailMessage,
  type MailReading,
  type Mention,
  type ReadMail,
  type UnreadMail,
} from './mail/index.ts';
export { nameCause, type Basis, type NamedCause } from './host-pairs/index.ts';
export { NOWHERE, profileOf, readerOfPage, sketchPage, type CapturedProfile } from './profile/index.ts';
export { MAX_OUTLINE_ITEMS, outlineOf, type PageOutline } from './profile/outline.ts';
export { scriptTargets, type PageTarget, type TargetStep } from './script/index.ts';

/** What a capture shows. */
export interface ExtractResult {
  /** By dataset, in the order of the capture; each of dataset, source, label and target once. */
  readonly observations: readonly Observation[];
  /** Limits of the extraction that were met: what lies beyond them is missing. */
  readonly limits: readonly LimitReached[];
}

/** The datasets that a capture feeds, in the order in which they are given out. */
const EXTRACTORS: readonly ((context: ExtractContext) => Observation[])[] = [
  hostPairs,
  resolutions,
  trackers,
  components,
  mirrorStamps,
  files,
  cookies,
  certificates,
  fingerprints,
];

/** Those that give out each fact once by themselves. */
const DISTINCT: ReadonlySet<(context: ExtractContext) => Observation[]> = new Set([hostPairs, trackers]);

/** All observations of a capture. */
export function extractObservations(
  reader: CaptureReader,
  limits: Partial<ExtractLimits> = {},
  options: ReadingOptions = {},
): ExtractResult {
  return observe(openContext(reader, limits, options));
}

/**
 * The same of an archived page, and its profile, for which nothing is read twice; undefined where it holds no page. The
 * profile's sketch is valid until the core reads another page.
 */
export function extractArchived(
  reader: CaptureReader,
  limits: Partial<ExtractLimits>,
  options: ReadingOptions,
): ExtractResult & { readonly profile: CapturedProfile | undefined } {
  const context = openContext(reader, limits, options);
  const result = observe(context);
  return { ...result, profile: profileAmong(context, result.observations) };
}

function observe(context: ExtractContext): ExtractResult {
  const observations = EXTRACTORS.flatMap((extract) => {
    const found = extract(context);
    return keepWithinLimits(context, DISTINCT.has(extract) ? found : distinct(found));
  });
  const at = context.capture.finishedAt;
  return {
    observations,
    limits: context.limitsReached.map(({ limit, allowed, count, detail }) => ({
      limit,
      allowed,
      at,
      detail: count === 1 ? detail : `${detail} and ${count - 1} more`,
    })),
  };
}

/** Lists so short are compared each with each: most are. */
const FEW = 24;

/** Each fact once; the first is kept. */
function distinct(found: readonly Observation[]): readonly Observation[] {
  if (found.length <= FEW && !hasTwins(found)) return found;
  const seen = new Set<string>();
  return found.filter(({ source, label, target }) => {
    const key = `${source.length} ${label.length} ${source} ${label} ${target}`;
    return seen.size < seen.add(key).size;
  });
}

function hasTwins(found: readonly Observation[]): boolean {
  for (let at = 1; at < found.length; at++) {
    const { source, label, target } = found[at]!;
    for (let before = 0; before < at; before++) {
      const other = found[before]!;
      if (other.target === target && other.label === label && other.source === source) return true;
    }
  }
  return false;
}

/** Facts of bearable length, and not more of them than the limit. */
function keepWithinLimits(context: ExtractContext, found: readonly Observation[]): readonly Observation[] {
  const { observations: allowed, valueLength } = context.limits;
  const isLong = ({ source, label, target }: Observation): boolean =>
    source.length > valueLength || label.length > valueLength || target.length > valueLength;
  if (found.length <= allowed && !found.some(isLong)) return found;
  const kept: Observation[] = [];
  for (const observation of found) {
    if (isLong(observation)) {
      context.reach('valueLength', `${observation.dataset} of ${observation.source.slice(0, 100)}`);
    } else if (kept.length === allowed) {
      context.reach('observations', observation.dataset);
      break;
    } else kept.push(observation);
  }
  return kept;
}
