import { randomUUID } from 'node:crypto';
import { CRAWL_SCOPES, MAX_DEPTH, parseSeed, runCrawl, type CrawlEvent, type CrawlScope } from '#crawl';
import { openBundle, toCaptureReader } from '#archive';
import { linksOf } from '#extract';
import type { KeptCapture } from '#pipeline';
import { Option, type Command } from 'commander';
import { sourceOf } from './bundle-source.ts';
import { addCaptureOptions, jobOf, toJson, type CaptureOptions } from './capture-command.ts';
import { openCapturer } from './capturer.ts';
import { errorText } from './error-text.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { onInterrupt } from './interrupt.ts';
import { wholeNumber } from './options.ts';
import { personasOf } from './persona-options.ts';
import { printable } from './text.ts';
import type { Terminal } from './terminal.ts';

interface CrawlCommandOptions extends CaptureOptions {
  readonly scope: CrawlScope;
  readonly depth: number;
  readonly pages: number;
  readonly delay: number;
}

export function addCrawlCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  const command = program
    .command('crawl')
    .description('Visit pages and follow their links within a scope.')
    .argument('<seed...>', 'addresses to start from')
    .addOption(
      new Option('--scope <scope>', 'which links are followed: none, the same host, the same domain, any')
        .choices([...CRAWL_SCOPES])
        .default('host'),
    )
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
    finish(
      await crawlPages(
        seeds.map((seed) => parseSeed(seed).url),
        options,
        terminal,
      ),
    );
  });
}

async function crawlPages(
  seeds: readonly string[],
  options: CrawlCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { signal } = onInterrupt(terminal);
  await using capturer = await openCapturer(options, terminal);
  const kept = new Map<string, KeptCapture>();
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
    async visit({ url, persona, crawl, signal }) {
      const made = await capturer.capture({ ...jobOf(url, persona, options), crawl }, { signal });
      kept.set(made.capture.id, made);
      return sourceOf(await openBundle(made.bundle));
    },
    linksOf: (source) => linksOf(toCaptureReader(source)),
    signal,
    onProgress: ({ visited, active, pending }) =>
      terminal.progress(`${visited} visited, ${active} under way, ${pending} waiting`),
  });
  for await (const event of crawl) {
    if (event.kind === 'captured') {
      await using source = event.source;
      const made = kept.get(source.capture.id);
      if (made !== undefined && options.json !== true) terminal.print(captureLine(event.depth, made));
    } else {
      events.push(event);
      if (options.json !== true) reportEvent(event, terminal);
    }
  }
  const made = [...kept.values()];
  if (options.json === true) terminal.json({ captures: made.map(toJson), events: events.map(eventJson) });
  if (signal.aborted) return EXIT.interrupted;
  const isWhole = made.length > 0 && made.every(({ capture }) => capture.outcome.kind === 'ok');
  return isWhole ? EXIT.ok : EXIT.incomplete;
}

function captureLine(depth: number, { capture, observations, bundle }: KeptCapture): string {
  const head = printable(`${' '.repeat(depth * 2)}${capture.url}`);
  return `${head}  ${capture.outcome.kind}, ${observations.length} observations  ${printable(bundle)}`;
}

function reportEvent(event: Exclude<CrawlEvent, { kind: 'captured' }>, terminal: Terminal): void {
  switch (event.kind) {
    case 'failed':
      terminal.note(`${printable(event.url)}: ${errorText(event.error)}`);
      break;
    case 'skipped':
      break; // counted in the JSON; a line each would drown the captures
    case 'compared':
      if (event.report.isCloaked)
        terminal.print(`${printable(event.url)}: personas were shown different pages`);
      break;
    case 'done':
      terminal.print(`${event.visited} addresses visited (${event.reason})`);
  }
}

function eventJson(event: Exclude<CrawlEvent, { kind: 'captured' }>) {
  switch (event.kind) {
    case 'failed':
      return {
        kind: event.kind,
        url: event.url,
        depth: event.depth,
        persona: event.persona.id,
        message: errorText(event.error),
      };
    case 'done':
      return { kind: event.kind, reason: event.reason, visited: event.visited };
    default:
      return event;
  }
}
