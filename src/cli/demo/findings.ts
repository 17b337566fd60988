import { openBundle } from '#archive';
import { openEvidence } from '#extract';
import type { Host, Observation } from '#model';
import type { KeptCapture } from '#pipeline';
import { linkText } from '../show-bundle.ts';
import { hostForReading, printable } from '../text.ts';
import type { Stage } from './stage.ts';
import { foreignParents, type Sightings } from './summary.ts';

/** What the captures show by themselves: who hotlinks, what is downloaded, who was copied. */
export async function printFindings(
  kept: readonly KeptCapture[],
  { parents, downloads, mirrorStamps }: Sightings,
  genuine: readonly Host[],
  { print }: Pick<Stage, 'print'>,
): Promise<void> {
  print('\n4. Host pairs: who leads to the genuine hosts, their own domains left out');
  for (const host of genuine) {
    const leading = parents[host] ?? [];
    print(`   ${host}${leading.length === 0 ? ': nobody' : ''}`);
    for (const parent of leading) await printParent(kept, parent, host, print);
  }
  print('\n5. Downloads, and the way to each');
  for (const { host, steps } of downloads) {
    print(`   ${hostForReading(host)}`);
    for (const step of steps) print(`     ${printable(linkText(step))}`);
  }
  print('\n6. Mirror stamps: pages made with a copying tool');
  const lines = mirrorStamps.map(({ host, tool, source, copiedAt }) => {
    const at = copiedAt === undefined ? '' : ` at ${copiedAt}`;
    return `   ${hostForReading(host)} was copied from ${hostForReading(source)} with ${printable(tool)}${at}`;
  });
  for (const line of new Set(lines)) print(line);
}

/** The causes of a pair, each with the line of HTML behind it. */
async function printParent(
  kept: readonly KeptCapture[],
  parent: string,
  child: Host,
  print: Stage['print'],
): Promise<void> {
  print(`     ${hostForReading(parent)}`);
  const from = kept.find(({ observations }) =>
    foreignParents(observations, child).some(({ source }) => source === parent),
  );
  if (from === undefined) return;
  await using reader = await openBundle(from.bundle);
  const pairs = foreignParents(from.observations, child).filter(({ source }) => source === parent);
  for (const pair of pairs)
    print(
      `       ${pair.label.padEnd(12)} ${printable(evidenceLine(openEvidence(reader, pair).text, pair))}`,
    );
}

function evidenceLine(text: string, { evidence }: Observation): string {
  const line = text.trim().split(/\r\n|[\r\n]/)[0] ?? '';
  return `${evidence.line === undefined ? '' : `line ${evidence.line}: `}${line.slice(0, 140)}`;
}
