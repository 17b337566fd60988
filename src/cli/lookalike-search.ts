import { systemNetwork, networkAsking, resolveNames, type NameResolution, type Network } from '#crawl';
import { AditError } from '#model';
import { EXIT, type ExitCode } from './exit-code.ts';
import { onInterrupt } from './interrupt.ts';
import { candidatesOf, type LookalikesOptions } from './lookalikes-command.ts';
import type { Ask, Reply } from './stores/ask.ts';
import { openStores } from './stores/open-stores.ts';
import type { Terminal } from './terminal.ts';
import { openNamedTestnet } from './testnet.ts';

/** A look-alike that a search found, as it is told. */
export interface FoundLookalike {
  readonly host: string;
  readonly display: string;
  /** The brand's id. */
  readonly brand: string;
  readonly level?: string | undefined;
  readonly score: number;
  readonly technique: string;
  readonly characters?: string | undefined;
  readonly addresses?: readonly string[] | undefined;
  /** Every name below its suffix has these addresses: it may not be registered. */
  readonly isWildcard?: boolean | undefined;
  readonly firstSeen?: string | undefined;
  readonly lastSeen?: string | undefined;
  /** No search of this kind had found it. */
  readonly isNew: boolean;
}

type Tell = (found: FoundLookalike) => Promise<void>;
type Brand = Reply<'getBrand'>;

/** Names asked for where nothing else is said: all with one change, and those with words beside the brand's name. */
const ASKED = 3_000;
/** Found names that are kept at a time. */
const KEPT_AT_ONCE = 100;
const PAGE = 1_000;

interface Search {
  readonly ask: Ask;
  readonly brand: Brand;
  readonly options: LookalikesOptions;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly tell: Tell;
}

/** Finds look-alikes that were seen, or that resolve, and tells those that are new; then visits them, if asked. */
export async function searchLookalikes(
  brandText: string,
  options: LookalikesOptions,
  terminal: Terminal,
  tell: Tell,
): Promise<ExitCode> {
  if (options.capture === true && options.dns !== undefined)
    throw new AditError(
      'bad-option',
      '--dns goes without --capture: visits ask the servers of this machine.',
      {
        advice: 'Search first, then adit capture what is found.',
      },
    );
  const { signal } = onInterrupt(
    terminal,
    'stopping: what was found so far is kept; press Ctrl-C again to leave at once',
  );
  const found: FoundLookalike[] = [];
  {
    await using stores = await openStores({ progress: terminal.progress });
    const brand = await stores.ask('getBrand', { params: { id: brandText } });
    const search: Search = {
      ask: stores.ask,
      brand,
      options,
      terminal,
      signal,
      tell: async (each) => {
        if (!each.isNew && options.again !== true) return;
        found.push(each);
        await tell(each);
      },
    };
    if (options.seen === true) await searchSeen(search);
    if (options.resolve === true && !signal.aborted) await searchDns(search);
  }
  terminal.note(`${found.length} ${options.again === true ? '' : 'new '}look-alikes`);
  if (signal.aborted) return EXIT.interrupted;
  const hosts = new Set(found.flatMap(({ host, isWildcard }) => (isWildcard === true ? [] : [host])));
  if (options.capture === true && hosts.size > 0) return captureHosts([...hosts], options, terminal);
  return EXIT.ok;
}

async function searchSeen({ ask, brand, options, terminal, signal, tell }: Search): Promise<void> {
  terminal.progress('matching the names seen so far …');
  await ask('matchSeen', { body: {} });
  let told = 0;
  let cursor: string | undefined;
  do {
    const page = await ask('listLookalikes', {
      params: { id: brand.id },
      query: { level: options.level, limit: PAGE, cursor },
    });
    const { fresh } = await ask('noteFound', {
      params: { id: brand.id },
      body: { by: 'seen', candidates: page.lookalikes.map(({ host }) => ({ host })) },
    });
    const isFresh = new Set(fresh);
    for (const { host, score, technique, firstSeen, lastSeen, detail } of page.lookalikes) {
      const isNew = isFresh.has(host);
      if (isNew || options.again === true) told++;
      if (told > (options.limit ?? Number.POSITIVE_INFINITY)) return;
      const { level, display = host, characters } = detail;
      await tell({
        host,
        display,
        brand: brand.id,
        level,
        score,
        technique,
        characters,
        firstSeen,
        lastSeen,
        isNew,
      });
    }
    cursor = page.cursor;
  } while (cursor !== undefined && !signal.aborted);
}

async function searchDns(search: Search): Promise<void> {
  const { brand, options, terminal, signal } = search;
  const limit = options.limit ?? ASKED;
  const candidates = new Map<
    string,
    { readonly display: string; readonly technique: string; readonly score: number }
  >();
  for (const domain of brand.domains)
    for (const { host, ...candidate } of candidatesOf(domain, options)) {
      if (candidates.size >= limit) break;
      if (!isOwn(brand, host)) candidates.set(host, candidate);
    }
  await using testnet = options.testnet === undefined ? undefined : await openNamedTestnet(options.testnet);
  const network = testnet?.network ?? networkOf(options.dns);
  let asked = 0;
  let kept: NameResolution[] = [];
  const keep = async (): Promise<void> => {
    const some = kept;
    kept = [];
    if (some.length > 0) await keepResolved(search, candidates, some);
  };
  const answers = resolveNames(candidates.keys(), {
    network,
    allowNetworks: options.allowNet,
    parallel: options.concurrency,
    signal,
  });
  const outcomes = new Map<NameResolution['kind'], number>();
  for await (const answer of answers) {
    outcomes.set(answer.kind, (outcomes.get(answer.kind) ?? 0) + 1);
    if (++asked % 20 === 0) terminal.progress(`asked for ${asked} of ${candidates.size} names`);
    if (answer.kind === 'resolves' || answer.kind === 'wildcard') kept.push(answer);
    if (kept.length >= KEPT_AT_ONCE) await keep();
  }
  await keep();
  terminal.note(
    `asked for ${asked} names: ${[...outcomes].map(([kind, count]) => `${count} ${WORDS[kind]}`).join(', ')}`,
  );
}

const WORDS: Readonly<Record<NameResolution['kind'], string>> = {
  resolves: 'resolve',
  wildcard: 'resolve as every name there does',
  none: 'have no address',
  refused: 'lie where nothing is visited',
  failed: 'got no answer',
};

const isOwn = ({ domains, owned }: Brand, host: string): boolean =>
  [...domains, ...owned].some((own) => host === own || host.endsWith(`.${own}`));

function networkOf(dns: readonly string[] | undefined): Network {
  if (dns === undefined) return systemNetwork;
  try {
    return networkAsking(dns);
  } catch (cause) {
    throw new AditError(
      'bad-option',
      '--dns takes the address of a server, e.g. 192.0.2.53 or 127.0.0.1:5353.',
      {
        cause,
      },
    );
  }
}

/** Stores what resolved, and tells of each as it is judged. */
async function keepResolved(
  { ask, brand, tell }: Search,
  candidates: ReadonlyMap<
    string,
    { readonly display: string; readonly technique: string; readonly score: number }
  >,
  answers: readonly NameResolution[],
): Promise<void> {
  const params = { id: brand.id };
  const { fresh } = await ask('noteFound', {
    params,
    body: {
      by: 'dns',
      candidates: answers.map(({ host, addresses }) => ({
        host,
        addresses: addresses.map(({ address, type }) => ({ address, type })),
      })),
    },
  });
  const isFresh = new Set(fresh);
  const { verdicts } = await ask('matchNames', { body: { names: answers.map(({ host }) => host) } });
  const levels = new Map(
    verdicts.flatMap((verdict) =>
      verdict.kind === 'imitation' && verdict.brand === brand.id
        ? [[verdict.name, verdict.level] as const]
        : [],
    ),
  );
  for (const { host, addresses, kind } of answers)
    await tell({
      host,
      ...candidates.get(host)!, // they were the questions
      brand: brand.id,
      level: levels.get(host),
      addresses: addresses.map(({ address }) => address),
      ...(kind === 'wildcard' && { isWildcard: true }),
      isNew: isFresh.has(host),
    });
}

async function captureHosts(
  hosts: readonly string[],
  options: LookalikesOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { capturePages } = await import('./capture-command.ts');
  terminal.note(`visiting ${hosts.length} hosts …`);
  return capturePages(
    hosts.map((host) => `http://${host}/`),
    {
      interact: true,
      lane: 'browser',
      mode: 'headless',
      parallel: 3,
      timeout: 60,
      ...(options.allowNet !== undefined && { allowNet: options.allowNet }),
      ...(options.testnet !== undefined && { testnet: options.testnet }),
    },
    { ...terminal, print: terminal.note },
  );
}
