import { CAUSES } from '#model';
import {
  leftOutText,
  pathText,
  select,
  unicodeForm,
  type Publication,
  type PublishedArtifact,
} from './publication.ts';

/** The project as a report; every address in it is defanged, every value inert. */
export function toMarkdown(publication: Publication): string {
  const { published, omitted } = select(publication);
  const { name, description, notes, tags } = publication.project;
  const lines = [
    `# ${plain(name)}`,
    '',
    ...(description === '' ? [] : [plain(description), '']),
    ...(tags.length === 0 ? [] : [tagsText(tags), '']),
    `Published ${publication.publishedAt.toISOString()}. ${leftOutText(omitted)}`,
    '',
  ];
  for (const [status, artifacts] of Map.groupBy(published, (artifact) => artifact.status)) {
    lines.push(
      `## ${status[0]!.toUpperCase()}${status.slice(1)} (${artifacts.length})`,
      '',
      '| type | indicator | seen | why | notes |',
      '|---|---|---|---|---|',
    );
    for (const artifact of artifacts) lines.push(row(artifact));
    lines.push('');
  }
  // As text: the marks of an analyst's Markdown could carry a link or a picture along.
  if (notes !== '')
    lines.push('## Notes', '', ...notes.split(/\r\n|[\r\n]/).map((line) => plain(line.trim())), '');
  return `${lines.join('\n')}`;
}

function row(artifact: PublishedArtifact): string {
  const { type, value, reason, path, tags, notes, firstSeen, lastSeen } = artifact;
  const unicode = unicodeForm(value);
  const indicator = `${code(defangAll(value))}${unicode === undefined ? '' : ` (${code(defangAll(unicode))})`}`;
  const seen =
    firstSeen === undefined ? '' : `${firstSeen.slice(0, 10)} – ${(lastSeen ?? firstSeen).slice(0, 10)}`;
  const why = [reason, pathText(path)]
    .filter((text) => text !== '')
    .map(plain)
    .join(': ');
  const more = [tagsText(tags), plain(notes)].filter((text) => text !== '').join(' ');
  return `| ${type} | ${indicator} | ${seen} | ${why} | ${more} |`;
}

/** Schemes, and names with a dot that are no cause of a host pair: nothing in a report is a live address. */
function defangAll(text: string): string {
  return text
    .replace(/h(tt)ps?(?=:\/\/)/gi, (scheme) => scheme.replace(/t/gi, 'x'))
    .replace(/(?:[\p{L}\p{N}_-]+\.)+[\p{L}\p{N}_-]+/gu, (name) =>
      CAUSES.some((cause) => cause === name) ? name : name.replaceAll('.', '[.]'),
    )
    .replace(/(?<=\S)@(?=\S)/g, '[@]');
}

const tagsText = (tags: readonly string[]): string => tags.map((tag) => code(defangAll(tag))).join(' ');

/**
 * A code span that its content cannot leave. A bar ends the cell of a table even there, unless an odd number of
 * backslashes stands before it: where the value itself has one there, it gets a second.
 */
function code(text: string): string {
  const inert = oneLine(text)
    .replaceAll('`', "'")
    .replace(/(\\*)\|/g, (_bar, before: string) => `${before}${before.length % 2 === 0 ? '' : '\\'}\\|`);
  return `\`${inert}\``;
}

/** Text without markup, links or HTML; addresses in it are defanged. */
function plain(text: string): string {
  return oneLine(defangAll(text)).replace(/[\\`*_{}[\]<>#|!~&]/g, (character) => `\\${character}`);
}

function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ');
}
