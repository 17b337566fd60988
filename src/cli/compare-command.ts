import { MAX_OUTLINE_ITEMS, NOWHERE } from '#extract';
import { comparePages, type PageComparison } from '#pipeline';
import { copyReport } from '#publish';
import type { Command } from 'commander';
import { isFile, openFile, openStored, refuseNoFile, type OpenedSide } from './compare-sides.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { writeWhole } from './export-command.ts';
import { openStores, type Stores } from './stores/open-stores.ts';
import type { Terminal } from './terminal.ts';
import { printable } from './text.ts';

interface CompareOptions {
  readonly urlA?: string;
  readonly urlB?: string;
  readonly json?: boolean;
  readonly html?: string;
  readonly all?: boolean;
}

const SHOWN = 25;

export function addCompareCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('compare')
    .description(
      'Compare two pages: does one copy the other, how much of it, what was added, moved, removed and changed.',
    )
    .argument(
      '<a>',
      'the original: a capture’s id, a URL or host that was captured, a .wacz file, or an HTML file',
    )
    .argument('<b>', 'what may be its copy, likewise; which is which is turned round where the pages say so')
    .option('--url-a <url>', 'where the first lies, if it is an HTML file')
    .option('--url-b <url>', 'where the second lies, if it is an HTML file')
    .option('--html <file>', 'write a report that needs nothing else, with screenshots where there are any')
    .option('--all', `list all differences, not the ${SHOWN} weightiest`)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  adit compare original.html suspect.html --json
  adit compare https://electrum.org/ xn--electrm-s2a.org --html report.html`,
    )
    .action(async (a: string, b: string, options: CompareOptions) => {
      await using opened = new AsyncDisposableStack();
      const [left, right] = await openSides(a, b, options, opened, terminal);
      const comparison = comparePages(left, right);
      if (options.html !== undefined) {
        await writeWhole(options.html, copyReport(comparison, left, right));
        terminal.note(`${printable(options.html)}: the report`);
      }
      if (options.json === true) terminal.json(comparison);
      else printComparison(comparison, { a, b }, options.all === true ? Infinity : SHOWN, terminal);
      finish(EXIT.ok);
    });
}

/** Files need no store; of captured pages, the original's version is the one that stood when the copy was seen. */
async function openSides(
  a: string,
  b: string,
  { urlA, urlB }: CompareOptions,
  opened: AsyncDisposableStack,
  terminal: Terminal,
): Promise<[OpenedSide, OpenedSide]> {
  let stores: Stores | undefined;
  const open = async (what: string, url: string | undefined, at?: string): Promise<OpenedSide> => {
    if (await isFile(what)) return opened.use(await openFile(what, url));
    await refuseNoFile(what);
    stores ??= opened.use(await openStores({ progress: terminal.progress }));
    return opened.use(await openStored(stores.ask, what, at));
  };
  const right = await open(b, urlB);
  return [await open(a, urlA, right.capture.startedAt > '1971' ? right.capture.startedAt : undefined), right];
}

/** `given`: what the command line names, for files that lie nowhere. */
function printComparison(
  comparison: PageComparison,
  given: Readonly<Record<'a' | 'b', string>>,
  most: number,
  { print }: Terminal,
): void {
  const { verdict, shares, hotlinks, differences, differenceCount, version } = comparison;
  const [copy, original] =
    comparison.copy === 'a' ? [comparison.a, comparison.b] : [comparison.b, comparison.a];
  const [copyName, originalName] = comparison.copy === 'a' ? [given.a, given.b] : [given.b, given.a];
  const named = (url: string, name: string): string => printable(url === NOWHERE ? name : url);
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  print(`${verdict.isCopy ? 'copy' : 'no copy'}  ${verdict.level}  ${verdict.score.toFixed(2)}`);
  print(
    `  copy      ${named(copy.url, copyName)}${copy.capturedAt === undefined ? '' : `  ${copy.capturedAt}`}`,
  );
  print(
    `  original  ${named(original.url, originalName)}${original.capturedAt === undefined ? '' : `  ${original.capturedAt}`}`,
  );
  print(`  ${printable(version.says)}`);
  for (const [name, { unreadScreen }] of Object.entries({ copy, original }))
    if (unreadScreen !== undefined)
      print(`  the screenshot of the ${name} was not compared: ${unreadScreen}`);
  for (const { says, score } of verdict.evidence) print(`  ${score.toFixed(2)}  ${printable(says)}`);
  for (const says of verdict.counterEvidence) print(`  but   ${printable(says)}`);
  print(
    `\nof the copy, the original has ${percent(shares.text)} of the text, ${percent(shares.markup)} of the markup, ${percent(shares.resources)} of the files`,
  );
  if (hotlinks.length > 0) print(`\n${hotlinks.length} files still come from the original’s owner:`);
  for (const { element, url, place } of hotlinks.slice(0, most))
    print(`  line ${place.line}  <${element}> ${printable(url)}`);
  print(`\n${differenceCount} differences`);
  if (comparison.isCut)
    print(
      `  what lies beyond the first ${MAX_OUTLINE_ITEMS.toLocaleString('en')} elements and texts of a page was not compared`,
    );
  for (const difference of differences.slice(0, most)) {
    const place = difference.copy ?? difference.original;
    print(`  ${place === undefined ? '' : `line ${place.line}  `}${printable(difference.says)}`);
    for (const { steps } of difference.leadsTo ?? [])
      for (const { what, name, code } of steps) print(`      ${what} ${printable(name)}: ${printable(code)}`);
  }
  if (differences.length > most) print(`  … ${differences.length - most} more: --all`);
}
