import { hostOfUrl, type Host } from '#model';
import type { MarkupPlace } from '../marks/page-facts.ts';

/** What a copying tool left in a text, as one place says it. */
export interface MirrorStamp extends MarkupPlace {
  readonly tool: MirrorTool;
  /** Host copied from. */
  readonly sourceHost: Host;
  /** Address copied from, as the stamp has it: without scheme where the tool leaves it out. */
  readonly sourceUrl: string | undefined;
  /** When it was copied: RFC 3339 UTC. */
  readonly copiedAt: string | undefined;
  /** The time is a local one of unknown zone: it lies within so many hours of `copiedAt`. */
  readonly uncertaintyHours?: number;
  /** The stamp contradicts itself: someone changed it. */
  readonly isEdited?: boolean;
  /** The stamp as it stands in the text. */
  readonly stamp: string;
}

/** The labels of the dataset. */
export type MirrorTool =
  | 'HTTrack'
  | 'Mark of the Web'
  | 'MHTML'
  | 'SingleFile'
  | 'Save Page WE'
  | 'WebScrapBook'
  | 'monolith'
  | 'Cyotek WebCopy'
  | 'Teleport'
  | 'bazhan.wang'
  | 'Wayback Machine'
  | 'wget'
  | 'Document base';

/** Hours between UTC and the farthest time zones (UTC+14). */
export const LOCAL_TIME_HOURS = 14;

const MAX_ADDRESS = 4_096;

/** An address with or without scheme → its host; undefined where it names none (`about:`, `file:`, relative ones). */
export function hostOfAddress(address: string): Host | undefined {
  const text = address.trim();
  if (text === '' || text.length > MAX_ADDRESS) return undefined;
  if (/^https?:\/\//i.test(text)) return hostOfUrl(text);
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text) || text.startsWith('/') || text.startsWith('.'))
    return undefined;
  return hostOfUrl(`http://${text}`);
}

/** Milliseconds since 1970 → RFC 3339 UTC, to the second where the time is a whole one. */
export function toInstant(time: number): string | undefined {
  if (Number.isNaN(time) || Math.abs(time) > 8.64e15) return undefined;
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
