import { AditError, BRAND_PAGE_KINDS, type BrandPageKind } from '#model';
import { InvalidArgumentError, type Command } from 'commander';
import { readBrands } from './brand-file.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { collect } from './options.ts';
import type { Ask, Input, Reply } from './stores/ask.ts';
import { openStores } from './stores/open-stores.ts';
import { hostForReading, instantForReading, printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

interface PageText {
  readonly url: string;
  readonly kind?: BrandPageKind;
}

interface BrandOptions {
  readonly called?: string;
  readonly domain?: readonly string[];
  readonly owns?: readonly string[];
  readonly name?: readonly string[];
  readonly keyword?: readonly string[];
  readonly page?: readonly PageText[];
  readonly tracker?: readonly string[];
  readonly favicon?: readonly string[];
  readonly from?: string;
  readonly json?: boolean;
}

type Finish = (code: ExitCode) => void;
type Brand = Reply<'getBrand'>;
type Run = (work: (ask: Ask) => Promise<void>) => Promise<void>;

export function addBrandCommand(program: Command, terminal: Terminal, finish: Finish): void {
  const brand = program
    .command('brand')
    .description(
      'Brands that are protected: their domains, what they own, the pages that copies are made of.',
    )
    .addHelpText(
      'after',
      `
A brand is named by its first domain; its other domains, hosts and URLs below them, and its name find it too.

Examples:
  adit brand add bitcoingold.org electrum.org
  adit brand add https://www.example.com/signin --owns example.net --keyword wallet
  adit brand add --from brands.txt
  adit brand set example.com --page download=https://example.com/get
  adit brand proposals example.com
  adit brand own example.com example.net
  adit lookalikes example.com --seen`,
    );
  const run: Run = async (work) => {
    await using stores = await openStores({ progress: terminal.progress });
    await work(stores.ask);
    finish(EXIT.ok);
  };
  addChanges(brand, terminal, run);
  addViews(brand, terminal, run);
  addOwnership(brand, terminal, run);
}

/** `login=https://…`, or the URL alone: its kind is guessed. */
function parsePage(text: string, before: readonly PageText[] = []): PageText[] {
  const parts = /^([a-z]+)=(.*)$/.exec(text);
  if (parts === null) return [...before, { url: text }];
  const kind = BRAND_PAGE_KINDS.find((each) => each === parts[1]);
  if (kind === undefined)
    throw new InvalidArgumentError(`A page is ${BRAND_PAGE_KINDS.join(', ')}: KIND=URL.`);
  return [...before, { url: parts[2]!, kind }];
}

function withParts(command: Command): Command {
  return command
    .option('--called <text>', 'what people call it')
    .option('--domain <name>', 'another domain that people know it by; repeatable', collect)
    .option('--owns <host>', 'domain or host of the same owner: never an imitation; repeatable', collect)
    .option('--name <text>', 'another name that stands for it in host names; repeatable', collect)
    .option('--keyword <word>', 'word beside its name that asks for something; repeatable', collect)
    .option(
      '--page <url>',
      `page to protect, or KIND=URL (${BRAND_PAGE_KINDS.join(', ')}); repeatable`,
      parsePage,
    )
    .option('--tracker <id>', 'id of its own analytics or pixels; repeatable', collect)
    .option('--favicon <hash>', 'SHA-256 or MurmurHash3 of its favicon; repeatable', collect)
    .option('--json', 'print one JSON object');
}

function addChanges(brand: Command, terminal: Terminal, run: Run): void {
  withParts(
    brand
      .command('add')
      .description(
        'Protect brands, or add to those that are protected. A domain or a URL is enough for each.',
      )
      .argument('[brand...]', 'domains, hosts or URLs: a brand each')
      .option('--from <file>', 'a file of brands: a domain a line (after it what it owns), or JSON'),
  ).action((texts: string[], options: BrandOptions) =>
    run(async (ask) => {
      const bodies = await newBrands(texts, options);
      const added: Reply<'addBrand'>[] = [];
      // Many brands are matched against the names seen so far together, in one pass.
      const isSeenMatched = bodies.length === 1;
      for (const body of bodies) {
        added.push(await ask('addBrand', { body: { ...body, isSeenMatched } }));
        if (bodies.length > 20) terminal.progress(`${added.length} of ${bodies.length} brands`);
      }
      const seen = isSeenMatched ? undefined : await ask('matchSeen', { body: {} });
      const found = seen?.found ?? added.reduce((sum, each) => sum + each.found, 0);
      if (options.json === true) return terminal.json({ brands: added, found });
      for (const each of added) printAdded(each, terminal);
      terminal.note(
        found === 0
          ? 'no name seen so far imitates them'
          : `${found} names seen so far imitate them: adit lookalikes BRAND --seen`,
      );
    }),
  );
  withParts(
    brand
      .command('set')
      .description('Replace parts of a brand; parts that are not named stay.')
      .argument('<brand>'),
  ).action((id: string, options: BrandOptions) =>
    run(async (ask) => {
      const changed = await ask('changeBrand', { params: { id }, body: partsOf(options) });
      if (options.json === true) terminal.json(changed);
      else printBrand(changed, terminal);
    }),
  );
  brand
    .command('remove')
    .description('Protect brands no longer. What was observed stays.')
    .argument('<brand...>')
    .option('--json', 'print one JSON object')
    .action((ids: string[], { json }: { json?: boolean }) =>
      run(async (ask) => {
        for (const id of ids) await ask('removeBrand', { params: { id } });
        if (json === true) terminal.json({ removed: ids });
        else terminal.print(`no longer protected: ${ids.map(printable).join(', ')}`);
      }),
    );
}

function addViews(brand: Command, terminal: Terminal, run: Run): void {
  brand
    .command('list')
    .description('List the brands.')
    .option('--json', 'print one JSON object')
    .action(({ json }: { json?: boolean }) =>
      run(async (ask) => {
        const brands = await allBrands(ask);
        if (json === true) return terminal.json({ brands });
        const rows = brands.map(({ id, name, owned, pages }) => [
          hostForReading(id),
          name,
          String(owned.length),
          String(pages.length),
        ]);
        terminal.print(
          rows.length === 0
            ? 'no brands yet: adit brand add DOMAIN'
            : table(['brand', 'name', 'owns', 'pages'], rows, terminal.columns),
        );
      }),
    );
  brand
    .command('show')
    .description('Show a brand with all its parts.')
    .argument('<brand>')
    .option('--json', 'print one JSON object')
    .action((id: string, { json }: { json?: boolean }) =>
      run(async (ask) => {
        const found = await ask('getBrand', { params: { id } });
        if (json === true) terminal.json(found);
        else printBrand(found, terminal);
      }),
    );
}

function addOwnership(brand: Command, terminal: Terminal, run: Run): void {
  brand
    .command('proposals')
    .description('List domains that may be of the same owner, and why. Nothing counts until it is confirmed.')
    .argument('<brand>')
    .option('--json', 'print one JSON object')
    .action((id: string, { json }: { json?: boolean }) =>
      run(async (ask) => {
        const answer = await ask('listProposals', { params: { id } });
        if (json === true) return terminal.json(answer);
        const rows = answer.proposals.map(({ domain, score, reasons }) => [
          hostForReading(domain),
          score.toFixed(2),
          reasons.map(({ text }) => text).join('; '),
        ]);
        terminal.print(
          rows.length === 0
            ? 'nothing that is stored connects another domain with it'
            : table(['domain', 'score', 'because'], rows, terminal.columns),
        );
        if (rows.length > 0)
          terminal.note('adit brand own BRAND DOMAIN… confirms; with --not it says the contrary');
      }),
    );
  brand
    .command('own')
    .description('Say that domains or hosts are the brand’s own, or are not.')
    .argument('<brand>')
    .argument('<host...>')
    .option('--not', 'they are not: never propose them again')
    .option('--json', 'print one JSON object')
    .action((id: string, hosts: string[], { not, json }: { not?: boolean; json?: boolean }) =>
      run(async (ask) => {
        const changed = await ask('setOwnership', { params: { id }, body: { hosts, isOwned: not !== true } });
        if (json === true) terminal.json(changed);
        else printBrand(changed, terminal);
      }),
    );
  brand
    .command('pages')
    .description('List the pages to protect, with their versions: the captures of each.')
    .argument('<brand>')
    .option('--json', 'print one JSON object')
    .action((id: string, { json }: { json?: boolean }) =>
      run(async (ask) => {
        const answer = await ask('listBrandPages', { params: { id } });
        if (json === true) return terminal.json(answer);
        const rows = answer.pages.map(({ kind, url, versions }) => [
          kind,
          url,
          versions.length === 0
            ? 'never captured: adit capture URL'
            : `${versions.length} versions, the last of ${instantForReading(versions[0]!.startedAt)}`,
        ]);
        terminal.print(table(['kind', 'page', 'versions'], rows, terminal.columns));
      }),
    );
}

/** All brands, page by page. */
export async function allBrands(ask: Ask): Promise<Brand[]> {
  const brands: Brand[] = [];
  for (;;) {
    const after = brands.at(-1)?.id;
    const page = await ask('listBrands', { query: { limit: PAGE, after } });
    brands.push(...page.brands);
    if (page.brands.length < PAGE) return brands;
  }
}

const PAGE = 1_000;

async function newBrands(
  texts: readonly string[],
  options: BrandOptions,
): Promise<Input<'addBrand'>['body'][]> {
  const parts = partsOf(options);
  const listed = options.from === undefined ? [] : await readBrands(options.from);
  if (texts.length + listed.length === 0)
    throw new AditError('missing-argument', 'There is no brand to add.', {
      advice: 'Give a domain or a URL, or --from FILE.',
    });
  if (Object.keys(parts).length > 0 && texts.length + listed.length > 1)
    throw new AditError('bad-option', 'Parts of a brand are given for one brand at a time.', {
      advice: 'Run the command once a brand, or write them into a file for --from.',
    });
  return [
    ...texts.map((url) => ({ url, ...parts })),
    ...listed.map(({ domains, names = [], owned = [], keywords = [] }) => ({
      domains: [...domains],
      names: [...names],
      owned: [...owned],
      keywords: [...keywords],
      ...parts,
    })),
  ];
}

function partsOf({
  called,
  domain,
  owns,
  name,
  keyword,
  page,
  tracker,
  favicon,
}: BrandOptions): Input<'changeBrand'>['body'] {
  return {
    ...(called !== undefined && { name: called }),
    ...(domain !== undefined && { domains: [...domain] }),
    ...(owns !== undefined && { owned: [...owns] }),
    ...(name !== undefined && { names: [...name] }),
    ...(keyword !== undefined && { keywords: [...keyword] }),
    ...(page !== undefined && { pages: [...page] }),
    ...(tracker !== undefined && { trackers: [...tracker] }),
    ...(favicon !== undefined && { favicons: [...favicon] }),
  };
}

function printAdded({ brand, isNew, copies }: Reply<'addBrand'>, terminal: Terminal): void {
  terminal.print(`${hostForReading(brand.id)}  ${isNew ? 'protected from now on' : 'added to'}`);
  if (copies > 0)
    terminal.print(`  ${copies} stored pages copy its pages: adit copies ${hostForReading(brand.id)}`);
}

function printBrand(brand: Brand, terminal: Terminal): void {
  terminal.print(`${hostForReading(brand.id)}  ${printable(brand.name)}`);
  const lists = {
    domains: brand.domains.map(hostForReading),
    owns: brand.owned.map(hostForReading),
    'does not own': brand.disowned.map(hostForReading),
    names: brand.names,
    keywords: brand.keywords,
    pages: brand.pages.map(({ url, kind }) => `${kind} ${url}`),
    trackers: brand.trackers,
    favicons: brand.favicons,
  };
  for (const [title, values] of Object.entries(lists))
    if (values.length > 0) terminal.print(`  ${title.padEnd(12)}  ${values.map(printable).join(', ')}`);
}
