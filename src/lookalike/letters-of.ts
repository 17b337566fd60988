import type { Evidence } from './evidence.ts';
import { COSTS } from './distance.ts';
import { codePointText, letterName, LETTERS, scriptOf } from './letters.ts';
import type { NameLabel } from './read-name.ts';
import type { Letter } from './verdict.ts';

/** The characters of the part that stand for others: foreign letters first by place, then ASCII ones. */
export function lettersOf({ hit, edits, foreign }: Evidence, label: NameLabel): Letter[] {
  const letters: Letter[] = foreign.map(({ index, point, standsFor }) => ({
    text: String.fromCodePoint(point),
    position: index,
    codePoint: codePointText(point),
    name: letterName(point),
    standsFor,
    kind: LETTERS.get(point)?.kind ?? 'diacritic',
    script: scriptOf(point),
  }));
  for (const edit of edits) {
    if (edit.kind !== 'substitution' && edit.kind !== 'pair') continue;
    const at = hit.from + edit.at;
    const position = label.points === undefined ? at : hit.reading.origins[at];
    const written =
      label.points === undefined ? edit.text : writtenAt(label, hit.reading.origins, at, edit.width);
    const points = Array.from(written, (letter) => letter.codePointAt(0)!);
    letters.push({
      text: written,
      position,
      codePoint: points.map(codePointText).join(' '),
      name: points.map((point) => letterName(point) ?? codePointText(point)).join(', '),
      standsFor: edit.meant,
      kind: edit.cost <= COSTS.homoglyph ? 'ascii' : 'typo',
      script: scriptOf(points[0]),
    });
  }
  return letters.sort((a, b) => a.position - b.position);
}

function writtenAt(label: NameLabel, origins: readonly number[], at: number, width: number): string {
  const indexes = new Set(origins.slice(at, at + width));
  return [...indexes].map((index) => String.fromCodePoint(label.points![index])).join('');
}

/** The part as displayed. */
export function partText({ hit, text }: Evidence, label: NameLabel): string {
  if (label.points === undefined) return text;
  const first = hit.reading.origins[hit.from];
  const last = hit.reading.origins[hit.to - 1];
  return String.fromCodePoint(...label.points.slice(first, last + 1));
}
