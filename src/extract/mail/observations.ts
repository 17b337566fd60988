import type { Evidence, Observation, Sha256 } from '#model';
import type { Mention } from './mail-reading.ts';

/** The time of mails that tell none and are read without one. */
const NO_TIME = '1970-01-01T00:00:00.000Z';

/**
 * Observations of dataset `mentions`: of each URL one, and one of its host for each place, so that the mail is found from either.
 */
export function toObservations(
  mail: { readonly source: string; readonly sha256: Sha256 },
  mentions: readonly Mention[],
  seenAt = NO_TIME,
): Observation[] {
  const observations = new Map<string, Observation>();
  for (const mention of mentions)
    for (const target of [mention.url, mention.host]) {
      const key = `${mention.where} ${target}`;
      if (target === undefined || observations.has(key)) continue;
      observations.set(key, {
        dataset: 'mentions',
        source: mail.source,
        label: mention.where,
        target,
        seenAt,
        detail: {
          ...(mention.isDefanged && { isDefanged: true }),
          ...(mention.shownText !== undefined && { shownText: storable(mention.shownText) }),
        },
        evidence: evidenceOf(mail.sha256, mention),
      });
    }
  return [...observations.values()];
}

/** Text that every store can keep. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\u{fffd}');

function evidenceOf(sha256: Sha256, { part, snippet, element, attribute }: Mention): Evidence {
  const header = /^header (\S+)$/.exec(part)?.[1];
  return {
    mail: { sha256, part: storable(part), snippet: storable(snippet) },
    ...(header !== undefined && { header }),
    ...(element !== undefined && { element }),
    ...(attribute !== undefined && { attribute }),
  };
}
