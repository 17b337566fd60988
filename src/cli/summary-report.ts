import { artifactForReading } from './report.ts';
import type { Reply } from './stores/ask.ts';
import { printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

/** What is known of an artifact. */
export function printSummary(
  summary: Reply<'getArtifact'>,
  terminal: Pick<Terminal, 'print' | 'columns'>,
): void {
  const { artifact, counts, firstSeen, lastSeen, insights, captures } = summary;
  terminal.print(`${artifactForReading(artifact)}  ${artifact.type}`);
  if (firstSeen === undefined || lastSeen === undefined) terminal.print('  never seen');
  else terminal.print(`  seen       ${instant(firstSeen)} – ${instant(lastSeen)}`);
  for (const { isTrue, text } of insights) if (isTrue) terminal.print(`  stands out ${printable(text)}`);
  if (counts.length > 0) {
    const rows = counts.map(
      ({ dataset, direction, edges, observations, firstSeen: first, lastSeen: last }) => [
        dataset,
        direction,
        String(edges),
        String(observations),
        first.slice(0, 10),
        last.slice(0, 10),
      ],
    );
    const header = ['dataset', 'direction', 'edges', 'seen', 'first', 'last'];
    terminal.print(`\n${table(header, rows, terminal.columns)}`);
  }
  if (captures.length > 0) {
    const rows = captures.map(({ startedAt, outcome, persona, url, id }) => [
      instant(startedAt),
      outcome,
      persona,
      url,
      id,
    ]);
    terminal.print(`\nCaptures\n${table(['at', 'outcome', 'persona', 'url', 'id'], rows, terminal.columns)}`);
  }
  const first = counts[0];
  if (first !== undefined)
    terminal.print(
      `\nGo on: adit pivot ${printable(artifact.value)} --dataset ${first.dataset}${first.direction === 'reverse' ? ' --reverse' : ''}`,
    );
}

/** `2017-11-17 03:27:29`, UTC. */
function instant(text: string): string {
  return text.slice(0, 19).replace('T', ' ');
}
