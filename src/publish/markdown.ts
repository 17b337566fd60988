import { CAUSES } from '#model';
import { pathText, select, unicodeForm, type Publication, type PublishedArtifact } from './publication.ts';

/** The project as a report; every address in it is defanged, every value inert. */
export function toMarkdown(publication: Publication): string {
  const { published, leftOut } = select(publication);
  const { name, description } = publication.project;
  const lines = [
    `# ${plain(name)}`,
    '',
    ...(description === '' ? [] : [plain(description), '']),
    `Published ${publication.publishedAt.toISOString()}. ${leftOut}`,
    '',
  ];
  for (const [status, artifacts] of Map.groupBy(published, (artifact) => artifact.status)) {
    lines.push(
      `## ${status[0]!.toUpperCase()}${status.slice(1)} (${artifacts.length})`,
      '',
      '| type | indicator | seen | why |',
      '|---|---|---|---|',
    );
    for (const artifact of artifacts) lines.push(row(artifact));
    lines.push('');
  }
  return `${lines.join('\n')}`;
}

function row({ type, value, reason, path, firstSeen, lastSeen }: PublishedArtifact): string {
  const unicode = unicodeForm(value);
  const indicator = `${code(defangAll(value))}${unicode === undefined ? '' : ` (${code(defangAll(unicode))})`}`;
  const seen =
    firstSeen === undefined ? '' : `${firstSeen.slice(0, 10)} – ${(lastSeen ?? firstSeen).slice(0, 10)}`;
  const why = [reason, pathText(path)]
    .filter((text) => text !== '')
    .map(plain)
    .join(': ');
  return `| ${type} | ${indicator} | ${seen} | ${why} |`;
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

/** A code span that its content cannot leave. */
function code(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

/** Text without markup, links or HTML; addresses in it are defanged. */
function plain(text: string): string {
  return oneLine(defangAll(text)).replace(/[\\`*_{}[\]<>#|!~&]/g, (character) => `\\${character}`);
}

function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ');
}
