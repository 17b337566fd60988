import type { Evidence, Observation } from '#model';
import type { Mention } from './mail-reading.ts';

/** The time of mails that tell none and are read without one. */
const NO_TIME = '1970-01-01T00:00:00.000Z';

/** Observations of dataset `mentions`. */
export function toObservations(
  source: string,
  mentions: readonly Mention[],
  seenAt = NO_TIME,
): Observation[] {
  return mentions.map((mention) => ({
    dataset: 'mentions',
    source,
    label: mention.where,
    target: mention.url ?? mention.host,
    seenAt,
    detail: {
      ...(mention.isDefanged && { isDefanged: true }),
      ...(mention.shownText !== undefined && { shownText: mention.shownText }),
    },
    evidence: evidenceOf(mention),
  }));
}

function evidenceOf({ part, element, attribute }: Mention): Evidence {
  const header = /^header (\S+)$/.exec(part)?.[1];
  return {
    ...(header !== undefined && { header }),
    ...(element !== undefined && { element }),
    ...(attribute !== undefined && { attribute }),
  };
}
