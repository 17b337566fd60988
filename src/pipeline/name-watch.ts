import {
  compileBrands,
  KEY_VERSION,
  match,
  nameKeys,
  type BrandIndex,
  type Imitation,
  type Letter,
  type Verdict,
} from '#lookalike';
import type { Observation } from '#model';
import type { Brands, ObservationBatch, SeenHost, Through } from '#store';
import { namesOf, toName, type NameSpan } from './names-of.ts';

/** Names remembered as stored, so that a host that every page uses is not written with every batch. */
const MOST_REMEMBERED = 200_000;
/** Look-alikes of a batch: a page may hold tens of thousands of hostile names, and what comes with it must still be stored at once. */
const MOST_FOUND = 10_000;

/**
 * Looks at every batch on its way into the store: adds the names in it with their keys, and the look-alikes of protected brands among
 * them. A brand that is protected later is matched against the names then (`matchSeen`).
 */
export class NameWatch {
  readonly #brands: Brands;
  readonly #stored = new Map<string, NameSpan>();
  #revision: string | undefined;
  #index: BrandIndex = compileBrands([]);

  constructor(brands: Brands) {
    this.#brands = brands;
  }

  readonly through: Through = async (batch, add) => {
    const completed = await this.#complete(batch);
    await add(completed);
    for (const name of completed.hosts ?? []) this.#remember(name);
  };

  /** The verdicts on a name, by the brands as they are now. */
  async match(name: string): Promise<readonly Verdict[]> {
    return match(await this.index(), name);
  }

  /** The brands as they are now, compiled; made anew only where one has changed. */
  async index(): Promise<BrandIndex> {
    const revision = await this.#brands.revision();
    if (revision !== this.#revision) {
      this.#index = compileBrands(await this.#brands.list());
      this.#revision = revision;
    }
    return this.#index;
  }

  /** A batch of names from a list, with the look-alikes among them. What is no host name is left out. */
  async batchOf(id: string, names: readonly string[], seenAt: string): Promise<ObservationBatch> {
    const index = await this.index();
    const hosts = new Set(names.flatMap((name) => toName(name) ?? []));
    const spans = Array.from(hosts, (host) => ({ host, firstSeen: seenAt, lastSeen: seenAt }));
    return {
      id,
      observations: spans.flatMap((span) => lookalikesOf(index, span)),
      hosts: spans.map(toSeenHost),
    };
  }

  async #complete(batch: ObservationBatch): Promise<ObservationBatch> {
    const spans = namesOf(batch.observations);
    const index = await this.index();
    const found = index.brands.length === 0 ? [] : spans.flatMap((span) => lookalikesOf(index, span));
    const lookalikes = found.length <= MOST_FOUND ? found : surest(found);
    return {
      ...batch,
      observations: lookalikes.length === 0 ? batch.observations : [...batch.observations, ...lookalikes],
      hosts: [...(batch.hosts ?? []), ...spans.filter((span) => !this.#isStored(span)).map(toSeenHost)],
    };
  }

  #isStored({ host, firstSeen, lastSeen }: NameSpan): boolean {
    const known = this.#stored.get(host);
    return known !== undefined && known.firstSeen <= firstSeen && known.lastSeen >= lastSeen;
  }

  #remember({ host, firstSeen, lastSeen }: NameSpan): void {
    const known = this.#stored.get(host);
    if (known === undefined) {
      if (this.#stored.size >= MOST_REMEMBERED) this.#stored.clear();
      this.#stored.set(host, { host, firstSeen, lastSeen });
      return;
    }
    if (firstSeen < known.firstSeen) known.firstSeen = firstSeen;
    if (lastSeen > known.lastSeen) known.lastSeen = lastSeen;
  }
}

/** The surest of more look-alikes than a batch takes; the others are found when their brand is matched again. */
function surest(found: readonly Observation[]): Observation[] {
  const scoreOf = ({ detail }: Observation): number => Number(detail['score']);
  return found.toSorted((a, b) => scoreOf(b) - scoreOf(a)).slice(0, MOST_FOUND);
}

const toSeenHost = (span: NameSpan): SeenHost => ({
  ...span,
  ...nameKeys(span.host),
  keyVersion: KEY_VERSION,
});

/** An observation a brand that the name imitates; two where it was seen on several days, so that its life span is known. */
export function lookalikesOf(index: BrandIndex, { host, firstSeen, lastSeen }: NameSpan): Observation[] {
  const found: Observation[] = [];
  for (const verdict of match(index, host)) {
    if (verdict.kind !== 'imitation') continue;
    const last = toObservation(verdict, lastSeen);
    if (firstSeen.slice(0, 10) !== lastSeen.slice(0, 10)) found.push({ ...last, seenAt: firstSeen });
    found.push(last);
  }
  return found;
}

function toObservation(verdict: Imitation, seenAt: string): Observation {
  const { host, brand, techniques, score, level, display, letters, part, imitates, reasons } = verdict;
  return {
    dataset: 'look-alikes',
    source: host,
    label: techniques[0] ?? 'combo',
    target: brand,
    seenAt,
    detail: {
      score,
      level,
      ...(display.text !== host && { display: display.text }),
      part,
      imitates,
      ...(letters.length > 0 && { characters: letters.map(letterText).join(', ') }),
      techniques: techniques.join(','),
      reasons: reasons.join('; '),
    },
    evidence: {},
  };
}

const letterText = ({ text, codePoint, standsFor }: Letter): string =>
  `${text} (${codePoint}) for ${standsFor}`;
