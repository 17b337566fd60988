import type { CaptureReader } from '#model';
import { openContext, type ExtractLimits } from './context.ts';
import { Places } from './host-pairs/places.ts';

/** Addresses that a visitor of the captured pages could go on to: links, frames, refreshes; each once, in order. */
export function linksOf(reader: CaptureReader, limits: Partial<ExtractLimits> = {}): string[] {
  const { all } = new Places(openContext(reader, limits));
  return [...new Set(all.filter(({ reference }) => FOLLOWED.has(reference.cause)).map(({ url }) => url))];
}

const FOLLOWED: ReadonlySet<string> = new Set(['a.href', 'iframe.src', 'frame.src', 'meta.refresh']);
