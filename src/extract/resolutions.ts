import { parseHost, type Observation } from '#model';
import type { ExtractContext } from './context.ts';

/** What each name resolved to when the browser asked for it. */
export function resolutions(context: ExtractContext): Observation[] {
  return context.capture.resolutions.flatMap(({ host, type, value, at }) => {
    const source = parseHost(host);
    const target = parseHost(value);
    if (source === undefined || target === undefined || source === target) return [];
    return [context.observe('resolutions', { source, label: type, target, evidence: {}, seenAt: at })];
  });
}
