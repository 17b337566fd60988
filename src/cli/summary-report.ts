import { artifactForReading } from './report.ts';
import type { Reply } from './stores/ask.ts';
import { instantForReading, printable, spanForReading, table } from './text.ts';
import type { Terminal } from './terminal.ts';

/** What is known of an artifact. */
export function printSummary(
  summary: Reply<'getArtifact'>,
  terminal: Pick<Terminal, 'print' | 'columns'>,
): void {
  const { artifact, counts, firstSeen, lastSeen, insights, captures } = summary;
  terminal.print(`${artifactForReading(artifact)}  ${artifact.type}`);
  if (firstSeen === undefined || lastSeen === undefined)
    terminal.print(captures.length > 0 ? '  captured; in no dataset' : '  never seen');
  else terminal.print(`  seen       ${instantForReading(firstSeen)} – ${instantForReading(lastSeen)}`);
  for (const { isTrue, text } of insights) if (isTrue) terminal.print(`  stands out ${printable(text)}`);
  if (counts.length > 0) {
    const rows = counts.map(({ dataset, direction, edges, observations, ...span }) => [
      dataset,
      direction,
      String(edges),
      String(observations),
      spanForReading(span.firstSeen, span.lastSeen),
    ]);
    const header = ['dataset', 'direction', 'edges', 'times', 'seen'];
    terminal.print(`\n${table(header, rows, terminal.columns)}`);
  }
  if (captures.length > 0) {
    const rows = captures.map(({ id, startedAt, outcome, url }) => [
      id,
      instantForReading(startedAt),
      outcome,
      url,
    ]);
    terminal.print(`\nCaptures\n${table(['id', 'at', 'outcome', 'url'], rows, terminal.columns)}`);
  }
  const first =
    counts.find(({ dataset, direction }) => dataset === 'host-pairs' && direction === 'reverse') ?? counts[0];
  if (first !== undefined)
    terminal.print(
      `\nGo on: adit pivot ${printable(artifact.value)} --dataset ${first.dataset}${first.direction === 'reverse' ? ' --reverse' : ''}`,
    );
}
