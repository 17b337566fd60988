import type { Host } from '#model';
import { campaign } from '#testnet';
import type { Ask } from '../stores/ask.ts';
import { hostForReading, printable } from '../text.ts';
import type { Stage } from './stage.ts';

/** A name that imitates one of the brands, among all that the visits met. */
export interface NamedLookalike {
  readonly host: string;
  /** As a browser shows it. */
  readonly display: string;
  readonly brand: string;
  readonly level: string;
  readonly score: number;
  readonly techniques: readonly string[];
  /** Letters that stand for others, with code points. */
  readonly characters?: string | undefined;
}

/** Protects the brands now that all is captured: what was seen before is found by name all the same. */
export async function findLookalikes(
  ask: Ask,
  genuine: readonly Host[],
  { print }: Pick<Stage, 'print'>,
): Promise<NamedLookalike[]> {
  print('\n10. Brands: protected now, matched against every name seen so far');
  const found: NamedLookalike[] = [];
  for (const url of genuine) {
    const { brand } = await ask('addBrand', { body: { url } });
    const { lookalikes } = await ask('listLookalikes', { params: { id: brand.id }, query: { limit: 1_000 } });
    print(`   ${brand.id}: ${lookalikes.length} names imitate it`);
    for (const { host, score, detail } of lookalikes) {
      const { level = '', display = host, techniques = '', characters } = detail;
      found.push({
        host,
        display,
        brand: brand.id,
        level,
        score,
        techniques: techniques.split(','),
        characters,
      });
      print(
        `     ${level.padEnd(6)} ${score.toFixed(2)}  ${hostForReading(host)}  ${printable(characters ?? techniques)}`,
      );
    }
  }
  return found;
}

/** Where the names do not tell the story. */
export function lookalikeFaults(found: readonly NamedLookalike[]): string[] {
  const faults = [...campaign.fakes, ...campaign.unusedFakes]
    .filter(
      ({ host, brand }) =>
        !found.some((each) => each.host === host && each.level === 'HIGH' && brand.endsWith(each.brand)),
    )
    .map(({ host }) => `${host} was not found by its name`);
  const others = new Set<string>([...campaign.innocents, ...campaign.popular, ...campaign.thirdParties]);
  for (const { host, level } of found)
    if (level === 'HIGH' && others.has(host)) faults.push(`${host} imitates nobody, and is said to`);
  return faults;
}
