/**
 * Where the parts meet: a visit is made by `crawl`, kept by `archive`, read by `extract`, and stored by `store`.
 *
 * Promises: a capture is reported only after its bundle is on disk (and, from the queue, its observations in both
 * directions); observations are derived from that bundle as it was stored, never from what is still in memory, so
 * whoever opens it later sees the same.
 * Leaves to others: how visits are made, what a bundle looks like, which facts a capture holds, who asks.
 */
export { captureAll, type CaptureEvent, type CaptureTask } from './capture-all.ts';
export { captureJobSchema, type CaptureJob } from './capture-job.ts';
export {
  enqueueCaptures,
  startCaptureWorkers,
  type CaptureJobResult,
  type CaptureWorkersOptions,
} from './capture-jobs.ts';
export { crawlRequestSchema, startCrawl, type CrawlRequest } from './crawl-jobs.ts';
export { comparePages, versionBefore, type PageComparison } from './compare.ts';
export { PERSONAS } from '#crawl';
export { compareVisits, type DatasetChange, type VisitChanges } from './compare-visits.ts';
export {
  importArchives,
  type ImportEvent,
  type ImportProgress,
  type ImportSummary,
} from './import-archives.ts';
export type { FileReport } from './import-file.ts';
export { ImportJobs, importRequestSchema, type ImportRequest } from './import-jobs.ts';
export { importKindOf } from './import-kind.ts';
export { findSources } from './import-sources.ts';
export { keepCapture, readableName, readCapture, type KeptCapture } from './keep-capture.ts';
export { LiveEvents, type NumberedEvent } from './live-events.ts';
export type { MatchSeenOptions, SeenMatches } from './match-seen.ts';
export type { NameWatch } from './name-watch.ts';
export { openWorkbench, type Workbench } from './workbench.ts';
