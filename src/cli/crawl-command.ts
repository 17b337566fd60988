import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { captureHttp, CRAWL_SCOPES, MAX_DEPTH, openVirtualUsers, parseSeed, runCrawl, systemNetwork, type CrawlEvent, type CrawlScope } from '#crawl';
import { toCaptureReader, type CaptureSource } from '#archive';
import { linksOf } from '#extract';
import { keepCapture, type KeptCapture } from '#pipeline';
import { Option, type Command } from 'commander';
import { addCaptureOptions, errorText, toJson, type CaptureOptions } from './capture-command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { aditHome } from './home.ts';
import { onInterrupt } from './interrupt.ts';
import { openNamedTestnet, personasOf, wholeNumber } from './options.ts';
import { printable } from './text.ts';
import type { Terminal } from './terminal.ts';

interface CrawlCommandOptions extends CaptureOptions {
  readonly scope: CrawlScope;
  readonly depth: number;
  readonly pages: number;
  readonly delay: number;
}

export function addCrawlCommand(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  const command = program
    .command('crawl')
    .description('Visit pages and follow their links within a scope.')
    .argument('<seed...>', 'addresses to start from')
    .addOption(new Option('--scope <scope>', 'which links are followed: none, the same host, the same domain, any').choices([...CRAWL_SCOPES]).default('host'))
    .option('--depth <n>', 'links past a seed', wholeNumber(0, MAX_DEPTH), 1)
    .option('--pages <n>', 'most addresses to visit', wholeNumber(1, 100_000), 50)
    .option('--delay <ms>', 'pause between two visits to a host', wholeNumber(0, 600_000), 1_000)
    .addHelpText(
      'after',
      `
Examples:
  adit crawl https://example.org/ --depth 2 --scope domain --pages 200
  adit crawl https://example.org/ --lane http --out captures --json
  adit crawl https://bitcoingold.org/ --testnet campaign`,
    );
  addCaptureOptions(command).action(async (seeds: string[], options: CrawlCommandOptions) => {
    finish(await crawlPages(seeds.map((seed) => parseSeed(seed).url), options, terminal));
  });
}

async function crawlPages(seeds: readonly string[], options: CrawlCommandOptions, terminal: Terminal): Promise<ExitCode> {
  const { signal } = onInterrupt(terminal);
  await using testnet = options.testnet === undefined ? undefined : await openNamedTestnet(options.testnet);
  const network = testnet?.network ?? systemNetwork;
  await using users =
    options.lane === 'http'
      ? undefined
      : await openVirtualUsers({ network, mode: options.mode, parallel: options.parallel, allowNetworks: options.allowNet, log: (line) => terminal.note(printable(line)) });
  const limits = { totalMs: options.timeout * 1000 };
  const visit = ({ url, persona, crawl, signal: ending }: Parameters<Parameters<typeof runCrawl>[0]['visit']>[0]): Promise<CaptureSource> =>
    users === undefined
      ? captureHttp({ url, persona, network, limits, allowNetworks: options.allowNet, signal: ending, crawl })
      : users.visit({ url, persona, interact: options.interact, limits, signal: ending, crawl });
  const kept: KeptCapture[] = [];
  const events: Exclude<CrawlEvent, { kind: 'captured' }>[] = [];
  const crawl = runCrawl({
    id: randomUUID(),
    seeds,
    scope: options.scope,
    maxDepth: options.depth,
    maxPages: options.pages,
    personas: personasOf(options),
    lane: options.lane,
    politeness: { perHostDelayMs: options.delay },
    parallel: options.parallel,
    visit,
    linksOf: (source) => linksOf(toCaptureReader(source)),
    signal,
    onProgress: ({ visited, active, pending }) => terminal.progress(`${visited} visited, ${active} under way, ${pending} waiting`),
  });
  for await (const event of crawl) {
    if (event.kind !== 'captured') {
      events.push(event);
      if (options.json !== true) reportEvent(event, terminal);
      continue;
    }
    await using source = event.source;
    const result = await keepCapture(source, options.out ?? join(aditHome(), 'captures'), options.out === undefined ? 'byHash' : 'byName');
    kept.push(result);
    if (options.json !== true)
      terminal.print(`${printable(`${' '.repeat(event.depth * 2)}${event.url}`)}  ${result.capture.outcome.kind}, ${result.observations.length} observations  ${printable(result.bundle)}`);
  }
  if (options.json === true) terminal.json({ captures: kept.map(toJson), events: events.map(eventJson) });
  if (signal.aborted) return EXIT.interrupted;
  return kept.length > 0 && kept.every(({ capture }) => capture.outcome.kind === 'ok') ? EXIT.ok : EXIT.incomplete;
}

function reportEvent(event: Exclude<CrawlEvent, { kind: 'captured' }>, terminal: Terminal): void {
  switch (event.kind) {
    case 'failed':
      terminal.note(`${printable(event.url)}: ${errorText(event.error)}`);
      break;
    case 'skipped':
      break; // counted in the JSON; a line each would drown the captures
    case 'compared':
      if (event.report.isCloaked) terminal.print(`${printable(event.url)}: personas were shown different pages`);
      break;
    case 'done':
      terminal.print(`${event.visited} addresses visited (${event.reason})`);
  }
}

function eventJson(event: Exclude<CrawlEvent, { kind: 'captured' }>) {
  switch (event.kind) {
    case 'failed':
      return { kind: event.kind, url: event.url, depth: event.depth, persona: event.persona.id, message: errorText(event.error) };
    case 'done':
      return { kind: event.kind, reason: event.reason, visited: event.visited };
    default:
      return event;
  }
}
