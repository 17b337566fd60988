import { availableParallelism } from 'node:os';
import { comparePersonas, parseSeed, type CloakingReport } from '#crawl';
import { openBundle } from '#archive';
import { AditError, hostOfUrl, type Persona } from '#model';
import {
  captureAll,
  type CaptureEvent,
  type CaptureJob,
  type CaptureTask,
  type KeptCapture,
} from '#pipeline';
import { Option, type Command } from 'commander';
import { openCapturer } from './capturer.ts';
import { errorText } from './error-text.ts';
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.ts';
import { onInterrupt } from './interrupt.ts';
import { collect, wholeNumber } from './options.ts';
import { addPersonaOptions, personasOf, type PersonaOptions } from './persona-options.ts';
import { captureHead, numbered, printObservations, stepsTable } from './report.ts';
import { printable } from './text.ts';
import type { Terminal } from './terminal.ts';
import { testnetOption, type TestnetName } from './testnet.ts';

export interface CaptureOptions extends PersonaOptions {
  readonly out?: string;
  readonly store?: boolean;
  readonly json?: boolean;
  readonly interact: boolean;
  readonly lane: 'browser' | 'http';
  readonly mode: 'headless' | 'shell';
  readonly parallel: number;
  readonly timeout: number;
  readonly allowNet?: readonly string[];
  readonly testnet?: TestnetName;
}

/** Adds the options of every command that makes captures. */
export function addCaptureOptions(command: Command): Command {
  return addPersonaOptions(command)
    .option('-o, --out <dir>', 'keep the bundles in this folder, under readable names, and store nothing')
    .option('--store', 'with --out: store what the captures show all the same')
    .option('--no-interact', 'only load and scroll, press nothing')
    .addOption(
      new Option('--lane <lane>', 'a real browser, or plain HTTP without scripts')
        .choices(['browser', 'http'])
        .default('browser'),
    )
    .addOption(
      new Option('--mode <mode>', 'browser: new headless, or the cheaper headless shell')
        .choices(['headless', 'shell'])
        .default('headless'),
    )
    .option('--parallel <n>', 'visits at a time', wholeNumber(1, 16), Math.min(4, availableParallelism() + 1))
    .option('--timeout <seconds>', 'most time a visit may take', wholeNumber(5, 600), 60)
    .option('--allow-net <cidr>', 'private range that may be visited, e.g. 10.1.0.0/16; repeatable', collect)
    .addOption(testnetOption())
    .option('--json', 'print one JSON object');
}

export function addCaptureCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  const command = program
    .command('capture')
    .description('Visit pages as a virtual user and keep the complete visit.')
    .argument('<url...>', 'addresses; defanged ones and bare host names are fine')
    .addHelpText(
      'after',
      `
Examples:
  adit capture https://example.org/
  adit capture 'hxxps://example[.]org/login' --persona chrome-android --out captures
  adit capture https://example.org/ --persona chrome-windows --persona safari-iphone   (compared: cloaking)
  adit capture https://bitcoingold.org/ --testnet campaign --json

Exit status: 0 every page was captured, 3 some met another outcome than ok (kept all the same), 2 wrong input, 1 a fault.`,
    );
  addCaptureOptions(command).action(async (texts: string[], options: CaptureOptions) => {
    const urls = texts.map((text) => parseSeed(text).url);
    finish(await capturePages(urls, options, terminal));
  });
}

/** Captures the pages and prints what came of it. */
export async function capturePages(
  urls: readonly string[],
  options: CaptureOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const personas = personasOf(options);
  const { signal } = onInterrupt(terminal);
  await using capturer = await openCapturer(options, terminal);
  const tasks = urls.flatMap((url) =>
    personas.map((persona): CaptureTask => ({
      url,
      capture: () =>
        capturer.capture(jobOf(url, persona, options), {
          signal,
          onProgress: (what) => terminal.progress(`${url}: ${what}`),
        }),
    })),
  );
  const failures: Extract<CaptureEvent, { kind: 'failed' }>[] = [];
  const kept = await captureAll(tasks, {
    parallel: options.parallel,
    signal,
    onEvent: (event) => {
      if (event.kind === 'failed') failures.push(event);
      if (options.json !== true) reportEvent(event, terminal);
    },
  });
  const comparisons = personas.length > 1 ? await compareByUrl(kept) : [];
  if (options.json === true)
    terminal.json({ captures: kept.map(toJson), failures: failures.map(failureJson), comparisons });
  else printComparisons(comparisons, terminal);
  if (signal.aborted) return EXIT.interrupted;
  if (failures.length > 0) return exitCodeOf(failures[0]!.error);
  return kept.every(({ capture }) => capture.outcome.kind === 'ok') ? EXIT.ok : EXIT.incomplete;
}

/** The visit that the options describe. */
export function jobOf(url: string, persona: Persona, options: CaptureOptions): CaptureJob {
  const { lane, interact, timeout } = options;
  return { url, persona, lane, interact, timeoutSeconds: timeout };
}

function reportEvent(event: CaptureEvent, terminal: Terminal): void {
  if (event.kind === 'started') terminal.progress(`visiting ${event.url} …`);
  else if (event.kind === 'failed') terminal.note(`${printable(event.url)}: ${errorText(event.error)}`);
  else {
    const { capture, bundle, observations } = event.kept;
    terminal.print(captureHead(capture, bundle));
    const steps = stepsTable(capture, terminal.columns);
    if (steps !== '') terminal.print(`\nSteps\n${steps}`);
    printObservations(terminal, numbered(observations));
    terminal.print('');
  }
}

/** A capture as `--json` prints it. */
export function toJson(kept: KeptCapture) {
  const { capture, observations } = kept;
  return {
    url: capture.url,
    host: hostOfUrl(capture.url),
    finalUrl: capture.finalUrl,
    title: capture.title,
    persona: capture.persona.id,
    lane: capture.lane,
    outcome: capture.outcome.kind,
    reason: capture.outcome.reason,
    detail: capture.outcome.detail,
    limits: capture.limits,
    startedAt: capture.startedAt,
    finishedAt: capture.finishedAt,
    bundle: kept.bundle,
    sha256: kept.sha256,
    exchanges: capture.exchanges.length,
    steps: capture.steps,
    downloads: capture.downloads,
    denied: capture.denied,
    missingWalls: capture.missingWalls,
    observations: numbered(observations).map(({ number, observation }) => ({ number, ...observation })),
  };
}

function failureJson({ url, error }: Extract<CaptureEvent, { kind: 'failed' }>) {
  return {
    url,
    code: error instanceof AditError ? error.code : 'fault',
    message: error instanceof Error ? error.message : String(error),
  };
}

async function compareByUrl(
  kept: readonly KeptCapture[],
): Promise<{ url: string; report: CloakingReport }[]> {
  const comparisons = [];
  for (const [url, group] of Map.groupBy(kept, ({ capture }) => capture.url)) {
    if (group.length < 2) continue;
    const bundles = await Promise.all(group.map(({ bundle }) => openBundle(bundle)));
    try {
      comparisons.push({ url, report: comparePersonas(bundles) });
    } finally {
      for (const bundle of bundles) await bundle[Symbol.asyncDispose]();
    }
  }
  return comparisons;
}

function printComparisons(
  comparisons: readonly { url: string; report: CloakingReport }[],
  terminal: Terminal,
): void {
  for (const { url, report } of comparisons) {
    terminal.print(
      `${printable(url)}: ${report.isCloaked ? 'personas were shown different pages' : 'personas were shown the same'}`,
    );
    for (const reason of report.reasons) terminal.print(`  ${printable(reason)}`);
  }
}
