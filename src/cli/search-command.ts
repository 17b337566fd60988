import { Option, type Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { wholeNumber } from './options.ts';
import { artifactForReading } from './report.ts';
import type { Reply } from './stores/ask.ts';
import { openStores } from './stores/open-stores.ts';
import { printable, spanForReading, table } from './text.ts';
import type { Terminal } from './terminal.ts';

const MAX_LIMIT = 500;

interface SearchOptions {
  readonly sort?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

export function addSearchCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('search')
    .description('Ask over all datasets at once: artifacts that answer a query, each with why.')
    .argument('<query...>', 'fields and values with AND, OR, NOT and brackets; see docs/query-language.md')
    .addOption(
      new Option('--sort <key>', 'order of the answers (default: name)').choices([
        'name',
        'lastSeen',
        'firstSeen',
        'rarity',
      ]),
    )
    .option('--limit <n>', 'answers of a page (default: 50)', wholeNumber(1, MAX_LIMIT))
    .option('--cursor <text>', 'go on after an earlier page, with the same query and order')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  adit search 'tracker:GTM-ABC123 AND component:nginx NOT host:*.example.org last:90d'
  adit search 'pair(child:bitcoingold.org cause:img.src) -domain:bitcoingold.org' --sort rarity
  adit search 'ip:203.0.113.0/24 first:7d' --json`,
    )
    .action(async (words: readonly string[], { json, ...options }: SearchOptions) => {
      await using stores = await openStores({ progress: terminal.progress });
      const page = await stores.ask('search', { query: { query: words.join(' '), ...options } });
      if (json === true) terminal.json(page);
      else printHits(page, terminal);
      finish(EXIT.ok);
    });
}

function printHits(
  { hits, cursor, total, limits }: Reply<'search'>,
  terminal: Pick<Terminal, 'print' | 'note' | 'columns'>,
): void {
  if (hits.length === 0) terminal.print('Nothing answers that.');
  else {
    const rows = hits.map(({ artifact, rarest, firstSeen, lastSeen, why }) => [
      artifactForReading(artifact),
      rarest === undefined ? '' : String(rarest),
      firstSeen === undefined || lastSeen === undefined ? '' : spanForReading(firstSeen, lastSeen),
      why.map(({ term }) => printable(term.text)).join(', '),
    ]);
    terminal.print(table(['artifact', 'rarest', 'seen', 'why'], rows, terminal.columns));
    terminal.print(`${total.isExact ? '' : 'at most '}${total.count} answers`);
  }
  for (const { text } of limits) terminal.note(text);
  if (cursor !== undefined) terminal.print(`There is more: --cursor ${cursor}`);
}
