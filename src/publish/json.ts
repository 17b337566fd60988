import { defang } from '#model';
import { leftOutText, pathText, select, unicodeForm, type Publication } from './publication.ts';

/** Format of `toJson`; raised when a field changes its meaning. */
const VERSION = 1;

/** The project as one JSON document. */
export function toJson(publication: Publication): object {
  const { published, omitted } = select(publication);
  const { id, name, description, notes: projectNotes, tags: projectTags } = publication.project;
  return {
    format: 'adit-project',
    version: VERSION,
    project: { id, name, description, notes: projectNotes, tags: projectTags },
    publishedAt: publication.publishedAt.toISOString(),
    leftOut: leftOutText(omitted),
    artifacts: published.map(({ type, value, status, reason, path, tags, notes, firstSeen, lastSeen }) => ({
      type,
      value,
      defanged: defang(value),
      unicode: unicodeForm(value),
      status,
      reason,
      path,
      pathText: pathText(path),
      tags,
      notes,
      firstSeen,
      lastSeen,
    })),
  };
}
