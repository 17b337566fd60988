import { mkdir, rm } from 'node:fs/promises';
import { openBundle } from '#archive';
import { openVirtualUsers, type VirtualUsers } from '#crawl';
import { openEvidence, readMail } from '#extract';
import { hostOfUrl, parseHost, type Host, type Observation } from '#model';
import { captureAll, type KeptCapture } from '#pipeline';
import { campaign, openTestnet } from '#testnet';
import { errorText } from '../capture-command.ts';
import { linkText } from '../show-command.ts';
import { bytesForReading, hostForReading, printable } from '../text.ts';
import { foreignParents, summarise, type DemoSummary } from './summary.ts';

interface Stage {
  readonly folder: string;
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly print: (text: string) => void;
  readonly progress: (text: string) => void;
}

/** Replays the campaign and says where it did not go as the story has it. */
export async function runDemo(stage: Stage): Promise<{ summary: DemoSummary; faults: string[] }> {
  const startedMs = performance.now();
  const { print } = stage;
  await rm(stage.folder, { recursive: true, force: true });
  await mkdir(stage.folder, { recursive: true });

  const urls = await readMails(print);
  await using testnet = await openTestnet({ sites: campaign.sites });
  await using users = await openVirtualUsers({
    network: testnet.network,
    parallel: stage.parallel,
    log: (line) => print(printable(line)),
  });

  print(
    `\n2. Ordinary visits: ${campaign.innocents.length} hosts that have nothing to do with it, and the genuine sites`,
  );
  const genuine = campaign.brands.map(({ host }) => host);
  const ordinary = await visitAll(
    [...campaign.innocents, ...genuine].map((host) => `https://${host}/`),
    { users, stage, interact: false },
  );
  print(`   ${ordinary.length} captures, ${countOf(ordinary)}`);

  print(`\n3. Virtual users follow the ${urls.length} links of the mails`);
  const lured = await visitAll(urls, { users, stage, interact: true });
  for (const kept of lured) print(visitLine(kept));

  const kept = [...ordinary, ...lured];
  const summary = await summarise(kept, { genuine, seconds: (performance.now() - startedMs) / 1000 });
  await printFindings(kept, summary, genuine, print);
  const seconds = (performance.now() - startedMs) / 1000;
  print(`\n${kept.length} captures in ${seconds.toFixed(1)} s; bundles in ${stage.folder}`);
  if (lured[0] !== undefined) print(`Open one again:  npm run --silent adit -- show ${lured[0].bundle}`);
  return {
    summary: { ...summary, seconds: Math.round(seconds * 10) / 10 },
    faults: stage.signal.aborted ? [] : faultsOf(summary),
  };
}

async function readMails(print: (text: string) => void): Promise<string[]> {
  print(`1. Mails: ${campaign.mails.length}`);
  const urls = new Set<string>();
  for (const { name, eml } of campaign.mails) {
    const reading = await readMail(eml);
    if (reading.kind !== 'mail') continue;
    for (const { url } of reading.urls) urls.add(url);
    const hosts = [...new Set(reading.urls.map(({ url }) => hostForReading(hostOfUrl(url) ?? '')))];
    print(`   ${name.padEnd(28)} ${printable(reading.message.subject ?? '')} → ${hosts.join(', ')}`);
  }
  return [...urls];
}

async function visitAll(
  urls: readonly string[],
  { users, stage, interact }: { users: VirtualUsers; stage: Stage; interact: boolean },
): Promise<KeptCapture[]> {
  let done = 0;
  return captureAll(
    urls.map((url) => ({ url, visit: () => users.visit({ url, interact, signal: stage.signal }) })),
    {
      folder: stage.folder,
      naming: 'byName',
      parallel: stage.parallel,
      signal: stage.signal,
      onEvent: (event) => {
        if (event.kind === 'failed') stage.print(`   ${printable(event.url)}: ${errorText(event.error)}`);
        if (event.kind === 'kept') stage.progress(`   ${++done} of ${urls.length}: ${event.url}`);
      },
    },
  );
}

function countOf(kept: readonly KeptCapture[]): string {
  const exchanges = kept.reduce((sum, { capture }) => sum + capture.exchanges.length, 0);
  const observations = kept.reduce((sum, each) => sum + each.observations.length, 0);
  return `${exchanges} exchanges, ${observations} observations`;
}

function visitLine({ capture, observations, sizeBytes }: KeptCapture): string {
  const host = hostForReading(hostOfUrl(capture.url) ?? '');
  const clicks = capture.steps.filter(({ kind }) => kind === 'click').length;
  const figures = `${capture.exchanges.length} exchanges, ${clicks} controls pressed, ${capture.downloads.length} downloads, ${observations.length} observations, ${bytesForReading(sizeBytes)}`;
  return `   ${host.padEnd(48)} ${capture.outcome.kind}: ${figures}`;
}

async function printFindings(
  kept: readonly KeptCapture[],
  summary: DemoSummary,
  genuine: readonly Host[],
  print: (text: string) => void,
): Promise<void> {
  for (const host of genuine) {
    const parents = summary.parents[host] ?? [];
    print(
      `\n4. Host pairs: who leads to ${host}, its own domain left out: ${parents.length === 0 ? 'nobody' : ''}`,
    );
    for (const parent of parents) await printParent(kept, parent, host, print);
  }
  print('\n5. Downloads, and the way to each');
  for (const { host, steps } of summary.downloads) {
    print(`   ${hostForReading(host)}`);
    for (const step of steps) print(`     ${printable(linkText(step))}`);
  }
  print('\n6. Mirror stamps: pages made with a copying tool');
  for (const { host, tool, source, copiedAt } of summary.mirrorStamps)
    print(
      `   ${hostForReading(host)} was copied from ${hostForReading(source)} with ${printable(tool)}${copiedAt === undefined ? '' : ` at ${copiedAt}`}`,
    );
}

/** The causes of a pair, each with the line of HTML behind it. */
async function printParent(
  kept: readonly KeptCapture[],
  parent: string,
  child: Host,
  print: (text: string) => void,
): Promise<void> {
  print(`   ${hostForReading(parent)}`);
  const from = kept.find(({ observations }) =>
    foreignParents(observations, child).some(({ source }) => source === parent),
  );
  if (from === undefined) return;
  await using reader = await openBundle(from.bundle);
  const pairs = foreignParents(from.observations, child).filter(({ source }) => source === parent);
  for (const pair of pairs)
    print(`     ${pair.label.padEnd(12)} ${printable(evidenceLine(openEvidence(reader, pair).text, pair))}`);
}

function evidenceLine(text: string, { evidence }: Observation): string {
  const line = text.trim().split(/\r\n|[\r\n]/)[0] ?? '';
  return `${evidence.line === undefined ? '' : `line ${evidence.line}: `}${line.slice(0, 140)}`;
}

/** What the story promises and the replay did not show; empty when all is as it should be. */
function faultsOf(summary: DemoSummary): string[] {
  const faults: string[] = [];
  for (const { host, brand, hotlinks } of campaign.fakes) {
    if (!summary.captures.some((capture) => capture.host === host && capture.outcome === 'ok'))
      faults.push(`${host} was not captured`);
    if (hotlinks && !summary.parents[brand]?.includes(host))
      faults.push(`${host} is not a parent of ${brand}`);
    if (!summary.downloads.some((download) => parseHost(download.host) === host))
      faults.push(`no download was followed on ${host}`);
  }
  return faults;
}
