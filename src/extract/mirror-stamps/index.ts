/**
 * Mirror stamps: what copying tools left in a page, and so where and when it was copied. A stamp says that a tool made
 * this page from that host; whether that is an imitation is for others to judge (a site's own export carries stamps
 * too).
 */
import type { Evidence, Host, Observation } from '#model';
import type { ExtractContext } from '../context.ts';
import type { PageReading } from '../page-reading.ts';
import { mhtmlStamp } from './mhtml.ts';
import type { MirrorStamp } from './stamp.ts';

export { mhtmlStamp } from './mhtml.ts';
export { stampsOf } from './page-stamps.ts';
export type { MirrorStamp } from './stamp.ts';

/** Observations of the dataset `mirror-stamps`: each host, tool and source once, with the earliest time. */
export function mirrorStamps(context: ExtractContext): Observation[] {
  const found = new Map<string, Found>();
  for (const page of context.pages()) {
    for (const { reading, evidence } of page.texts()) {
      for (const stamp of reading.stamps(page.host)) {
        add(found, page.host, page.url, stamp, { ...evidence, ...placeOf(reading, stamp) });
      }
    }
  }
  for (const { exchange, host, url, mediaType } of context.responses()) {
    if (!isWebArchive(mediaType, url)) continue;
    const stamp = mhtmlStamp(context.text(exchange, 'other')?.text ?? '');
    if (stamp !== undefined) add(found, host, url, stamp, { exchange: exchange.id, line: 1, column: 1 });
  }
  return [...found.values()].map((each) => toObservation(context, each));
}

interface Found {
  readonly host: Host;
  readonly url: string;
  readonly stamp: MirrorStamp;
  readonly evidence: Evidence;
  /** All stamps that say so, in order. */
  readonly stamps: readonly string[];
}

const MAX_STAMPS = 4;

function add(
  found: Map<string, Found>,
  host: Host,
  url: string,
  stamp: MirrorStamp,
  evidence: Evidence,
): void {
  const key = `${host} ${stamp.tool} ${stamp.sourceHost}`;
  const before = found.get(key);
  if (before === undefined) {
    found.set(key, { host, url, stamp, evidence, stamps: [stamp.stamp] });
    return;
  }
  const stamps = [...new Set([...before.stamps, stamp.stamp])].slice(0, MAX_STAMPS);
  const isEarlier = (stamp.copiedAt ?? '9') < (before.stamp.copiedAt ?? '9');
  found.set(key, isEarlier ? { host, url, stamp, evidence, stamps } : { ...before, stamps });
}

function toObservation(context: ExtractContext, { host, url, stamp, evidence, stamps }: Found): Observation {
  const { tool, sourceHost, sourceUrl, copiedAt, uncertaintyHours, isEdited } = stamp;
  return context.observe('mirror-stamps', {
    source: host,
    label: tool,
    target: sourceHost,
    detail: { url, sourceUrl, copiedAt, stamp: stamps.join('\n'), uncertaintyHours, isEdited },
    evidence,
  });
}

function placeOf(reading: PageReading, { offset, length, element, attribute }: MirrorStamp): Evidence {
  return {
    ...reading.positionOf(offset),
    length,
    ...(element !== undefined && { element }),
    ...(attribute !== undefined && { attribute }),
  };
}

function isWebArchive(mediaType: string | undefined, url: string): boolean {
  return (
    mediaType === 'multipart/related' ||
    mediaType === 'message/rfc822' ||
    mediaType === 'application/x-mimearchive' ||
    /\.mht(?:ml)?(?:[?#]|$)/i.test(url)
  );
}
