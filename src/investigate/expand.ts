import {
  hostArtifact,
  isWithin,
  parseHost,
  sideArtifact,
  type Artifact,
  type DatasetId,
  type Host,
  type PathStep,
} from '#model';
import type { Edge, ObservationStore } from '#store';
import { sharedService } from './shared-service.ts';
import { evidenceWeight, HOST_DATASETS } from './weight.ts';

export interface ExpansionOptions {
  /** Hosts that are known to belong to the campaign. */
  readonly confirmed: readonly Host[];
  /** Genuine hosts (and all below them): never suspects, but what leads to them is looked at. */
  readonly owned?: readonly Host[] | undefined;
  /** Hosts the analyst has ruled out: never suspects, never passed through. */
  readonly dismissed?: readonly Host[] | undefined;
  /** Values shared by more hosts than this are too common to follow; default from the size of the store. */
  readonly commonAbove?: number | undefined;
  /** Edges read of one host and dataset, and sharers of one value. */
  readonly maxEdges?: number | undefined;
  /** Suspects returned. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A shared value that leads from a confirmed host to a suspect. */
export interface Lead {
  readonly dataset: DatasetId;
  readonly label: string;
  readonly value: string;
  /** Hosts that share it. */
  readonly shared: number;
  readonly score: number;
  readonly path: readonly PathStep[];
}

/** A host that shares with the confirmed ones what few share. */
export interface Suspect {
  readonly artifact: Artifact;
  /** Sum over its leads; only its order means something. */
  readonly score: number;
  /** Strongest first, one a value. */
  readonly leads: readonly Lead[];
}

export interface Expansion {
  readonly suspects: readonly Suspect[];
  /** Values and hosts that everybody shares: named, not followed. */
  readonly tooCommon: readonly TooCommon[];
  readonly commonAbove: number;
}

/** A value that many have, in this store or as far as is generally known. */
interface TooCommon {
  readonly artifact: Artifact;
  readonly dataset: DatasetId;
  /** Hosts that share it in this store. */
  readonly shared: number;
  /** Why it is too common, in words. */
  readonly reason: string;
}

const MAX_EDGES = 500;
const LEAST_COMMON = 10;
const MOST_COMMON = 500;
/** Share of all captured hosts above which a value is too common. */
const COMMON_SHARE = 0.02;
const DEFAULT_LIMIT = 200;

/** A value that a confirmed host has, and how it came by it. */
interface SharedValue {
  readonly dataset: DatasetId;
  readonly label: string;
  readonly value: string;
  readonly from: Host;
}

/**
 * Ranks hosts by what they share with the confirmed ones. A value shared by n hosts counts its dataset's weight divided by
 * n − 1: two hosts alone with one tracker id weigh as much as twenty with twenty values of twenty-one hosts each. Hosts
 * that a confirmed host reaches, or that reach it, count the same way by how many others do. Too common is what more hosts
 * of this store have than `commonAbove`, and every host of a service that sites of all kinds use, however few of its
 * users this store has seen. What identifies a customer of such a service (a token, a counter's number) is a value of
 * its own and is followed.
 */
export async function expand(store: ObservationStore, options: ExpansionOptions): Promise<Expansion> {
  const commonAbove = options.commonAbove ?? commonThreshold((await store.status()).captures);
  const run = new ExpansionRun(store, { ...options, commonAbove });
  for (const host of options.confirmed) await run.lookAt(host, 'confirmed');
  for (const host of options.owned ?? []) await run.lookAt(host, 'owned');
  await run.follow();
  const suspects = run.suspects(options.limit ?? DEFAULT_LIMIT); // names the services among them as too common
  return { suspects, tooCommon: run.tooCommon(), commonAbove };
}

function commonThreshold(captures: number): number {
  return Math.min(MOST_COMMON, Math.max(LEAST_COMMON, Math.round(captures * COMMON_SHARE)));
}

class ExpansionRun {
  readonly #store: ObservationStore;
  readonly #options: ExpansionOptions & { readonly commonAbove: number };
  readonly #values = new Map<string, SharedValue>();
  readonly #leads = new Map<Host, Map<string, Lead>>();
  readonly #common = new Map<string, TooCommon>();

  constructor(store: ObservationStore, options: ExpansionOptions & { readonly commonAbove: number }) {
    this.#store = store;
    this.#options = options;
  }

  /** Collects what the host has (forward) and, for host-valued datasets, who has it (reverse). */
  async lookAt(host: Host, role: 'confirmed' | 'owned'): Promise<void> {
    for (const dataset of HOST_DATASETS) {
      this.#options.signal?.throwIfAborted();
      // What a genuine host shares is not the campaign's; only what leads to it, or was copied from it, is.
      if (role === 'confirmed')
        for (const edge of await this.#edges(dataset, 'forward', host)) this.#note(edge, host);
      if (isHostValued(dataset))
        this.#values.set(`${dataset} ${host}`, { dataset, label: '', value: host, from: host });
    }
  }

  #note(edge: Edge, from: Host): void {
    const id = `${edge.dataset} ${edge.target}`;
    const before = this.#values.get(id);
    const isStronger =
      before === undefined ||
      evidenceWeight(edge.dataset, edge.label) > evidenceWeight(before.dataset, before.label);
    if (isStronger)
      this.#values.set(id, { dataset: edge.dataset, label: edge.label, value: edge.target, from });
  }

  /** Counts how many share each value, then goes to those that share the rare ones. */
  async follow(): Promise<void> {
    const values = [...this.#values.values()];
    const counts = await this.#store.countOthers(
      values.map(({ dataset, value }) => ({ dataset, side: 'target', value })),
    );
    for (const [index, shared] of counts.entries()) {
      this.#options.signal?.throwIfAborted();
      const value = values[index]!;
      const reason = this.#whyCommon(value, shared);
      if (reason !== undefined) {
        this.#nameCommon(value, shared, reason);
        continue;
      }
      if (isHostValued(value.dataset) && !isVictimNamed(value.dataset) && value.value !== value.from)
        this.#suspectNeighbour(value, shared);
      if (shared > 1 || value.value === value.from) await this.#suspectSharers(value, shared);
    }
  }

  /** Why the value says nothing; undefined where it may say something. */
  #whyCommon({ dataset, value, from }: SharedValue, shared: number): string | undefined {
    const isItself = value === from;
    const host = dataset === 'host-pairs' && !isItself ? parseHost(value) : undefined;
    const service = host && serviceReason(host);
    if (service !== undefined) return service;
    // However many imitate a genuine host: the surest are looked at.
    const isOwnVictim = isImitation(dataset) && isItself;
    const { commonAbove } = this.#options;
    return shared > commonAbove && !isOwnVictim
      ? `${shared} hosts have it, more than ${commonAbove}`
      : undefined;
  }

  #nameCommon(
    { dataset, value }: Pick<SharedValue, 'dataset' | 'value'>,
    shared: number,
    reason: string,
  ): void {
    const artifact = sideArtifact(dataset, 'target', value);
    this.#common.set(`${dataset} ${value}`, { artifact, dataset, shared, reason });
  }

  /** The host that a confirmed one reaches: a download host, a redirect's target. */
  #suspectNeighbour({ dataset, label, value, from }: SharedValue, shared: number): void {
    const step = this.#step(from, dataset, label, 'forward', value, shared);
    this.#lead(value, {
      dataset,
      label,
      value: from,
      shared,
      score: scoreOf(dataset, label, shared),
      path: [step],
    });
  }

  async #suspectSharers(value: SharedValue, shared: number): Promise<void> {
    for (const edge of await this.#edges(value.dataset, 'reverse', value.value)) {
      if (edge.source === value.from) continue;
      const isDirect = value.value === value.from;
      const back = this.#step(value.value, edge.dataset, edge.label, 'reverse', edge.source, shared);
      const path = isDirect
        ? [back]
        : [this.#step(value.from, value.dataset, value.label, 'forward', value.value, shared), back];
      const label = isDirect ? edge.label : weaker(value, edge);
      this.#lead(edge.source, {
        dataset: edge.dataset,
        label: edge.label,
        value: value.value,
        shared,
        // Each name that imitates a genuine one does so by itself, however many others do.
        score:
          scoreOf(edge.dataset, label, isDirect && isImitation(edge.dataset) ? 1 : shared) * sureness(edge),
        path,
      });
    }
  }

  #step(
    from: string,
    dataset: DatasetId,
    label: string,
    direction: PathStep['direction'],
    to: string,
    shared: number,
  ): PathStep {
    const [near, far]: readonly ['source' | 'target', 'source' | 'target'] =
      direction === 'forward' ? ['source', 'target'] : ['target', 'source'];
    return {
      from: sideArtifact(dataset, near, from),
      dataset,
      label,
      direction,
      to: sideArtifact(dataset, far, to),
      shared,
    };
  }

  #lead(text: string, lead: Lead): void {
    const host = parseHost(text);
    if (host === undefined || this.#isKnown(host)) return;
    const leads = this.#leads.get(host) ?? new Map<string, Lead>();
    const id = `${lead.dataset} ${lead.value}`;
    if ((leads.get(id)?.score ?? 0) < lead.score) leads.set(id, lead);
    this.#leads.set(host, leads);
  }

  #isKnown(host: Host): boolean {
    const { confirmed, owned = [], dismissed = [] } = this.#options;
    return (
      confirmed.includes(host) || dismissed.includes(host) || owned.some((domain) => isWithin(host, domain))
    );
  }

  async #edges(
    dataset: DatasetId,
    direction: 'forward' | 'reverse',
    value: string,
  ): Promise<readonly Edge[]> {
    const { edges } = await this.#store.edges({
      dataset,
      direction,
      value,
      limit: this.#options.maxEdges ?? MAX_EDGES,
    });
    return edges;
  }

  /** The first of the ranking. Services among them are named as too common, whatever led to them. */
  suspects(limit: number): Suspect[] {
    const commonHosts = new Set(
      [...this.#common.values()]
        .filter(({ dataset }) => isHostValued(dataset))
        .map(({ artifact }) => artifact.value),
    );
    const ranked = [...this.#leads]
      .filter(([host]) => !commonHosts.has(host))
      .map(([host, byValue]) => {
        const leads = [...byValue.values()].sort((a, b) => b.score - a.score || (a.value < b.value ? -1 : 1));
        return { host, score: leads.reduce((sum, { score }) => sum + score, 0), leads };
      })
      .sort((a, b) => b.score - a.score || (a.host < b.host ? -1 : 1));
    const suspects: Suspect[] = [];
    for (const { host, score, leads } of ranked) {
      if (suspects.length >= limit) break;
      const service = serviceReason(host);
      if (service === undefined) suspects.push({ artifact: hostArtifact(host), score, leads });
      else this.#nameCommon({ dataset: 'host-pairs', value: host }, leads[0]!.shared, service);
    }
    return suspects;
  }

  tooCommon(): Expansion['tooCommon'] {
    return [...this.#common.values()].sort(
      (a, b) => b.shared - a.shared || (a.artifact.value < b.artifact.value ? -1 : 1),
    );
  }
}

const isHostValued = (dataset: DatasetId): boolean =>
  dataset === 'host-pairs' ||
  dataset === 'mirror-stamps' ||
  dataset === 'look-alikes' ||
  dataset === 'copies';

/** Datasets whose target is who suffers: being imitated or copied makes nobody a suspect. */
const isVictimNamed = (dataset: DatasetId): boolean => isImitation(dataset) || dataset === 'mirror-stamps';

const isImitation = (dataset: DatasetId): boolean => dataset === 'look-alikes' || dataset === 'copies';

function serviceReason(host: Host): string | undefined {
  const service = sharedService(host);
  return service && `a host of ${service.name} (${service.kind}), which sites of all kinds use`;
}

/** How sure an observation is by itself. */
function sureness({ dataset, detail }: Edge): number {
  const { score } = detail;
  return isImitation(dataset) && typeof score === 'number' ? Math.min(1, Math.max(0, score)) : 1;
}

const scoreOf = (dataset: DatasetId, label: string, shared: number): number =>
  evidenceWeight(dataset, label) / Math.max(1, shared - 1);

/** A value is only as strong as the weaker of the two ways to it. */
const weaker = (value: SharedValue, edge: Edge): string =>
  evidenceWeight(value.dataset, value.label) < evidenceWeight(edge.dataset, edge.label)
    ? value.label
    : edge.label;
