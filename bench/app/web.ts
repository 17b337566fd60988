import type { DatasetId, Observation } from '#model';
import { SyntheticWeb } from '../synthetic-web.ts';

/** Observations of one visit: pairs, and what else a capture shows. */
const A_VISIT = 15;
const PAIRS = 8;
const FIRST_MS = Date.UTC(2017, 0, 1);
/** Sources of the artifact that has a hundred thousand rows. */
const HOT_ROWS = 100_000;
export const HOT = 'hotlinked.example.org';

const SERVERS = ['nginx', 'Apache', 'Microsoft IIS', 'LiteSpeed', 'Caddy'];
const CMS = ['WordPress', 'Joomla', 'Drupal', 'Shopify', 'TYPO3'];
const CAUSES = ['script.src', 'img.src', 'link.href', 'css.url', 'iframe.src'];

/**
 * Whole visits instead of pairs alone: every host has pairs with power-law children, a server and a CMS of few kinds,
 * trackers and cookies of many, an address, a title. One host is reached by a hundred thousand others.
 */
export class AppWeb {
  readonly web: SyntheticWeb;
  readonly hosts: number;
  #made = 0;

  constructor(observations: number) {
    this.web = new SyntheticWeb(observations);
    this.hosts = Math.max(1, Math.floor(observations / A_VISIT));
  }

  take(count: number): Observation[] {
    return Array.from({ length: count }, () => this.#next());
  }

  #next(): Observation {
    const visit = Math.floor(this.#made / A_VISIT);
    const index = this.#made++ % A_VISIT;
    const source = this.web.parent((visit * 7_919) % this.hosts);
    const seenAt = new Date(FIRST_MS + this.#made * 6_000).toISOString();
    const { dataset, label, target, detail = {} } = this.#fact(index, visit, source);
    return {
      dataset,
      source,
      label,
      target,
      seenAt,
      detail,
      evidence: { exchange: index, element: 'script', attribute: 'src', line: 10 + (visit % 900), column: 5 },
    };
  }

  #fact(
    index: number,
    visit: number,
    source: string,
  ): {
    readonly dataset: DatasetId;
    readonly label: string;
    readonly target: string;
    readonly detail?: Observation['detail'];
  } {
    if (index < PAIRS) {
      const isHot = index === 0 && visit < HOT_ROWS;
      const target = isHot ? HOT : this.web.child(this.web.popularChild());
      const detail = {
        isObserved: visit % 5 !== 0,
        depth: 1,
        url: `https://${target}/assets/${index}.js`,
        parentUrl: `https://${source}/`,
      };
      return { dataset: 'host-pairs', label: CAUSES[(index + visit) % CAUSES.length]!, target, detail };
    }
    switch (index - PAIRS) {
      case 0:
        return {
          dataset: 'components',
          label: 'Server',
          target: SERVERS[Math.floor(SERVERS.length * this.web.random() ** 2)]!,
          detail: { version: `1.${visit % 20}` },
        };
      case 1:
        return {
          dataset: 'components',
          label: 'CMS',
          target: CMS[Math.floor(CMS.length * this.web.random() ** 2)]!,
        };
      case 2:
        return {
          dataset: 'trackers',
          label: 'GoogleTagManagerId',
          target: this.tracker(this.#popular(300_000)),
        };
      case 3:
        return {
          dataset: 'cookies',
          label: `.${source}`,
          target: `cookie${this.#popular(20_000)}`,
          detail: { secure: visit % 2 === 0, httpOnly: false, setter: 'header' },
        };
      case 4:
        return { dataset: 'resolutions', label: 'A', target: addressOf(this.#popular(200_000)) };
      case 5:
        return { dataset: 'fingerprints', label: 'title', target: `Page number ${this.#popular(250_000)}` };
      default:
        return {
          dataset: 'files',
          label: 'response',
          target: this.#popular(500_000).toString(16).padStart(64, '0'),
          detail: { url: `https://${source}/x`, sizeBytes: visit, mediaType: 'image/png' },
        };
    }
  }

  #popular(count: number): number {
    return Math.floor(count * this.web.random() ** 4);
  }

  tracker(index: number): string {
    return `GTM-${index.toString(36).toUpperCase().padStart(6, '0')}`;
  }

  /** A tracker as likely as it is popular. */
  randomTracker(): string {
    return this.tracker(this.#popular(300_000));
  }

  randomServer(): string {
    return SERVERS[Math.floor(SERVERS.length * this.web.random())]!;
  }

  randomCms(): string {
    return CMS[Math.floor(CMS.length * this.web.random())]!;
  }

  randomHost(): string {
    return this.web.parent(Math.floor(this.web.random() * this.hosts));
  }
}

function addressOf(index: number): string {
  return `${11 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.${1 + (index % 250)}`;
}
