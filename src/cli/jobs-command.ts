import { Option, type Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { wholeNumber } from './options.ts';
import type { Reply } from './stores/ask.ts';
import { openStores } from './stores/open-stores.ts';
import { instantForReading, table } from './text.ts';
import type { Terminal } from './terminal.ts';

const STATES = ['queued', 'running', 'done', 'dead'] as const;

export function addJobsCommand(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  const jobs = program
    .command('jobs')
    .description('Look at the queue: visits that wait, run, are done, or failed for good.')
    .addHelpText(
      'after',
      `
A dead job failed as often as it may; it stays until it is retried.

Examples:
  adit jobs list
  adit jobs list --state dead
  adit jobs retry 17`,
    );
  jobs
    .command('list', { isDefault: true })
    .description('List jobs in a state, next first.')
    .addOption(new Option('--state <state>', 'which').choices(STATES).default('queued'))
    .option('--limit <n>', 'jobs shown', wholeNumber(1, 2_000), 100)
    .option('--json', 'print one JSON object')
    .action(async ({ state, limit, json }: { state: string; limit: number; json?: boolean }) => {
      await using stores = await openStores({ progress: terminal.progress });
      const answer = await stores.ask('listJobs', { query: { state, limit } });
      if (json === true) terminal.json(answer);
      else printJobs(state, answer, terminal);
      finish(EXIT.ok);
    });
  jobs
    .command('retry')
    .description('Queue a dead job again, with all its attempts.')
    .argument('<id>', 'number of the job', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--json', 'print one JSON object')
    .action(async (id: number, { json }: { json?: boolean }) => {
      await using stores = await openStores({ progress: terminal.progress });
      const job = await stores.ask('retryJob', { params: { id } });
      if (json === true) terminal.json(job);
      else terminal.print(`job ${job.id} is ${job.state}`);
      finish(EXIT.ok);
    });
}

function printJobs(state: string, { jobs, counts }: Reply<'listJobs'>, terminal: Terminal): void {
  terminal.print(STATES.map((each) => `${counts[each]} ${each}`).join(', '));
  if (jobs.length === 0) return;
  const rows = jobs.map(({ id, payload, priority, attempts, maxAttempts, runAt, finishedAt, lastError }) => [
    String(id),
    urlOf(payload),
    String(priority),
    `${attempts}/${maxAttempts}`,
    instantForReading(finishedAt ?? runAt),
    lastError ?? '',
  ]);
  const when = state === 'done' || state === 'dead' ? 'ended' : 'not before';
  terminal.print(table(['job', 'url', 'priority', 'attempts', when, 'last error'], rows, terminal.columns));
}

function urlOf(payload: unknown): string {
  return typeof payload === 'object' && payload !== null && 'url' in payload ? String(payload.url) : '';
}
