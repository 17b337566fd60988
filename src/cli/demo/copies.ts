import { campaign } from '#testnet';
import type { Ask } from '../stores/ask.ts';
import { hostForReading, printable } from '../text.ts';
import type { Stage } from './stage.ts';

/** A page that was found to copy one of the brands' pages, and what was done to it. */
export interface NamedCopy {
  readonly host: string;
  readonly url: string;
  readonly brand: string;
  readonly original: string;
  readonly level: string;
  readonly score: number;
  readonly reasons: readonly string[];
  /** The second of the copy, where a copying tool's stamp tells. */
  readonly copiedAt?: string | undefined;
  /** How much of the copy is the original's, 0 to 1. */
  readonly shares: { readonly text: number; readonly markup: number; readonly resources: number };
  /** What still comes from the brand. */
  readonly hotlinks: readonly { readonly kind: string; readonly url: string }[];
  /** Controls that were added or run other code, with the code and where it leads. */
  readonly controls: readonly {
    readonly kind: string;
    readonly text: string;
    readonly onclick: string;
    readonly leadsTo: readonly string[];
  }[];
}

/** Finds the copies of the brands' pages, though the brands were protected after all visits. */
export async function findCopies(ask: Ask, { print }: Pick<Stage, 'print'>): Promise<NamedCopy[]> {
  const { copies } = await ask('findCopies', { body: {} });
  print('\n11. Copies: the brands’ pages, looked for among all pages that were stored before');
  const found: NamedCopy[] = [];
  for (const { page, original, brand, level, score, evidence, copiedAt } of copies) {
    if (page.captureId === undefined || original.captureId === undefined) continue;
    const compared = await ask('comparePages', { query: { a: original.captureId, b: page.captureId } });
    const controls = compared.differences.flatMap(({ kind, text, handler, leadsTo = [] }) =>
      handler === undefined || kind === 'removed' || kind === 'moved'
        ? []
        : [{ kind, text, onclick: handler, leadsTo: leadsTo.map((target) => target.url) }],
    );
    const { text, markup, resources } = compared.shares;
    const copy: NamedCopy = {
      host: page.host,
      url: page.url,
      brand,
      original: original.url,
      level,
      score,
      reasons: [...evidence, ...compared.verdict.evidence.filter(({ kind }) => kind === 'picture')].map(
        ({ says }) => says,
      ),
      copiedAt,
      shares: { text, markup, resources },
      hotlinks: compared.hotlinks.map(({ kind, url }) => ({ kind, url })),
      controls,
    };
    found.push(copy);
    printCopy(copy, print);
  }
  return found;
}

function printCopy(
  { host, original, level, score, reasons, controls }: NamedCopy,
  print: Stage['print'],
): void {
  print(`   ${level.padEnd(6)} ${score.toFixed(2)}  ${hostForReading(host)}  copies ${printable(original)}`);
  for (const says of reasons) print(`     ${printable(says)}`);
  for (const { kind, text, onclick, leadsTo } of controls.slice(0, 3))
    print(
      `     ${kind}: “${printable(text)}” runs ${printable(onclick)}${leadsTo.length === 0 ? '' : ` → ${printable(leadsTo.join(', '))}`}`,
    );
}

/** Where the pages do not tell the story. */
export function copyFaults(found: readonly NamedCopy[]): string[] {
  const faults: string[] = [];
  for (const { host, brand, hotlinks } of campaign.fakes) {
    const copy = found.find((each) => each.host === host);
    if (copy === undefined || copy.level !== 'HIGH' || !brand.endsWith(copy.brand)) {
      if (hotlinks) faults.push(`${host} was not found by its page`);
      continue;
    }
    if (!copy.controls.some(({ kind, leadsTo }) => kind !== 'removed' && leadsTo.length > 0))
      faults.push(`nothing is said of the button that was added to ${host}`);
    if (
      hotlinks &&
      !['style', 'script', 'image'].every((kind) => copy.hotlinks.some((each) => each.kind === kind))
    )
      faults.push(`what ${host} loads from ${brand} is not all named`);
  }
  const others = new Set<string>([...campaign.innocents, ...campaign.popular, ...campaign.thirdParties]);
  for (const { host } of found) if (others.has(host)) faults.push(`${host} copies nobody, and is said to`);
  return faults;
}
