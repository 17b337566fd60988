import type { Observation } from '#model';

/** Hosts that pages load from; the first are on every second page, the last on hardly any. */
const CHILDREN = 400_000;
/** How fast popularity falls: the most popular child has about one observation in twenty-five. */
const SKEW = 4;
const PAIRS_A_PARENT = 15;
const SUFFIXES = ['com', 'net', 'org', 'de', 'co.uk', 'ru', 'io'];
const CAUSES = ['script.src', 'img.src', 'link.href', 'css.url', 'iframe.src'];
const FIRST_MS = Date.UTC(2017, 0, 1);

/** Host pairs as captures give them: sixteen pages' worth a parent, power-law children. The same in every run. */
export class SyntheticWeb {
  readonly parents: number;
  #state = 20_171_117;
  #pairs = 0;

  constructor(observations: number) {
    this.parents = Math.max(1, Math.floor(observations / PAIRS_A_PARENT));
  }

  /**
   * The next observations; parents come in a scattered order, each with all its pairs. Their texts are whole, as those
   * read from pages are, not joined from parts at their first use, which would be while a clock runs.
   */
  take(count: number): Observation[] {
    const made = Array.from({ length: count }, () => this.#next());
    return JSON.parse(JSON.stringify(made)) as Observation[];
  }

  #next(): Observation {
    const visit = Math.floor(this.#pairs / PAIRS_A_PARENT);
    const index = this.#pairs++ % PAIRS_A_PARENT;
    const source = this.parent((visit * 7_919) % this.parents);
    const target = this.child(this.popularChild());
    const cause = CAUSES[index % CAUSES.length]!;
    return {
      dataset: 'host-pairs',
      source,
      label: cause,
      target,
      seenAt: new Date(FIRST_MS + this.#pairs * 25).toISOString(),
      detail: {
        isObserved: true,
        depth: 1,
        url: `https://${target}/assets/${index}.js`,
        parentUrl: `https://${source}/`,
      },
      evidence: { exchange: index, element: 'script', attribute: 'src', line: 10 + (visit % 900), column: 5 },
    };
  }

  parent(index: number): string {
    return `www.site${index}.${SUFFIXES[index % SUFFIXES.length]}`;
  }

  child(index: number): string {
    return `cdn.host${index}.${SUFFIXES[index % SUFFIXES.length]}`;
  }

  randomParent(): string {
    return this.parent(Math.floor(this.random() * this.parents));
  }

  /** Any child, whether anybody knows it or not. */
  randomChild(): string {
    return this.child(Math.floor(this.random() * CHILDREN));
  }

  /** A child as likely as it is popular. */
  popularChild(): number {
    return Math.floor(CHILDREN * this.random() ** SKEW);
  }

  /** In [0, 1), mulberry32. */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}
