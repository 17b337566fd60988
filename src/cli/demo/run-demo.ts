import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { CaptureSource } from '#archive';
import { openVirtualUsers, type VirtualUsers } from '#crawl';
import { readMail } from '#extract';
import { AditError, hostOfUrl, parseHost } from '#model';
import { captureAll, keepCapture, openWorkbench, type KeptCapture, type Workbench } from '#pipeline';
import { lockDirectory } from '#store';
import { campaign, openTestnet } from '#testnet';
import { errorText } from '../error-text.ts';
import type { Ask } from '../stores/ask.ts';
import { ownStores } from '../stores/open-stores.ts';
import { bytesForReading, hostForReading, printable } from '../text.ts';
import { copyFaults, findCopies } from './copies.ts';
import { printFindings } from './findings.ts';
import { investigate, luresOf, PROJECT, writeExports } from './investigation.ts';
import { findLookalikes, lookalikeFaults, type NamedLookalike } from './lookalikes.ts';
import type { Scene, Stage } from './stage.ts';
import { summarise, type DemoSummary, type Sightings } from './summary.ts';

/** Replays the campaign and says where it did not go as the story has it. */
export async function runDemo(
  stage: Stage & {
    /** What is done with the stores before they are closed. */
    readonly afterwards?: ((workbench: Workbench, project: string) => Promise<void>) | undefined;
  },
): Promise<{ summary: DemoSummary; faults: string[] }> {
  const startedMs = performance.now();
  const { print } = stage;
  await clear(stage.folder);
  const home = join(stage.folder, 'home');
  // Stores of its own, whatever the environment names: a demo touches nobody's data.
  await using stores = ownStores(await openWorkbench({ directory: home }));
  const workbench = stores.workbench!; // they are our own
  const keep = (source: CaptureSource) => keepCapture(source, stage.folder, 'byName');
  const played = await playCampaign(workbench, stores.ask, { ...stage, keep });
  const { id, ...found } = played.investigation;
  const exports = await writeExports(stores.ask, id, stage);
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  const { sightings, lookalikes, copies } = played;
  const summary = { ...sightings, ...found, lookalikes, copies, exports, seconds };
  printEnd(summary, home, print);
  const faults = stage.signal.aborted ? [] : faultsOf(summary);
  await stage.afterwards?.(workbench, id);
  return { summary, faults };
}

/** The story itself: mails, visits, what they show, and the project that comes of it. */
export async function playCampaign(
  workbench: Workbench,
  ask: Ask,
  scene: Scene,
): Promise<{
  readonly sightings: Sightings;
  readonly investigation: Awaited<ReturnType<typeof investigate>>;
  readonly lookalikes: readonly NamedLookalike[];
  readonly copies: Awaited<ReturnType<typeof findCopies>>;
}> {
  const mails = await readMails(scene.print);
  const kept = await visitEverybody(mails.urls, workbench, scene);
  const genuine = campaign.brands.map(({ host }) => host);
  const sightings = await summarise(kept, genuine);
  await printFindings(kept, sightings, genuine, scene);
  const lures = luresOf(mails.namedFirst, sightings.downloads, genuine);
  const investigation = await investigate(ask, lures, genuine, scene);
  const lookalikes = await findLookalikes(ask, genuine, scene);
  return { sightings, investigation, lookalikes, copies: await findCopies(ask, scene) };
}

/** Makes the folder empty; one that holds anything else than a demo's work, or stores that are in use, is left alone. */
async function clear(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const foreign = (await readdir(folder)).filter((name) => !/^(?:home|exports|.*\.wacz)$/.test(name));
  if (foreign.length > 0)
    throw new AditError(
      'bad-folder',
      `${folder} holds other things than a demo: ${foreign.slice(0, 3).join(', ')}.`,
      {
        advice: 'Give an empty folder, or one that an earlier demo filled.',
      },
    );
  await refuseUsed(join(folder, 'home'));
  await rm(folder, { recursive: true });
  await mkdir(folder);
}

/** Throws `store-in-use` where a living process owns the stores. */
async function refuseUsed(home: string): Promise<void> {
  try {
    await using _lock = await lockDirectory(home);
  } catch (error) {
    if (!(error instanceof AditError)) throw error;
    throw new AditError(error.code, `${error.message} A demo would wipe it.`, {
      advice: 'Stop what runs there first, or give another folder by --out.',
      cause: error,
    });
  }
}

/** The mails as they come in: what all of them link to, and the hosts that the first few name, each with its mail. */
async function readMails(
  print: Scene['print'],
): Promise<{ urls: string[]; namedFirst: Map<string, string> }> {
  print(`1. Mails: ${campaign.mails.length}`);
  const urls = new Set<string>();
  const namedFirst = new Map<string, string>();
  for (const { name, eml, isInitial } of campaign.mails) {
    const reading = await readMail(eml);
    if (reading.kind !== 'mail') continue;
    const hosts = new Set<string>();
    for (const { url } of reading.urls) {
      urls.add(url);
      hosts.add(hostOfUrl(url) ?? '');
    }
    if (isInitial) for (const host of hosts) if (!namedFirst.has(host)) namedFirst.set(host, name);
    const shown = [...hosts].map(hostForReading).join(', ');
    print(`   ${name.padEnd(26)} ${printable(reading.message.subject ?? '')} → ${shown}`);
  }
  return { urls: [...urls], namedFirst };
}

/** The noise, the genuine sites, and where the mails lead. */
async function visitEverybody(
  urls: readonly string[],
  workbench: Workbench,
  stage: Scene,
): Promise<KeptCapture[]> {
  const { print } = stage;
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
    { users, workbench, stage, interact: false },
  );
  print(`   ${ordinary.length} captures, ${countOf(ordinary)}`);

  print(`\n3. Virtual users follow the ${urls.length} links of the mails`);
  const lured = await visitAll(urls, { users, workbench, stage, interact: true });
  for (const kept of lured) print(visitLine(kept));
  return [...ordinary, ...lured];
}

/** Captures, and stores what each shows as soon as it is kept. */
async function visitAll(
  urls: readonly string[],
  options: { users: VirtualUsers; workbench: Workbench; stage: Scene; interact: boolean },
): Promise<KeptCapture[]> {
  const { users, workbench, stage, interact } = options;
  let done = 0;
  return captureAll(
    urls.map((url) => ({
      url,
      async capture() {
        await using source = await users.visit({ url, interact, signal: stage.signal });
        const kept = await stage.keep(source);
        await workbench.take(kept);
        return kept;
      },
    })),
    {
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

function printEnd({ captures, seconds }: DemoSummary, home: string, print: Stage['print']): void {
  const place = `ADIT_HOME=${relative(process.cwd(), home)} npm run --silent adit --`;
  const lured = captures.find(({ host }) => host === campaign.fakes[0]?.host);
  print(`\n${captures.length} captures in ${seconds} s. Everything is kept; go on with it:`);
  if (lured !== undefined) print(`  npm run --silent adit -- show ${lured.bundle}`);
  print(`  ${place} show bitcoingold.org`);
  print(
    `  ${place} pivot bitcoingold.org --dataset host-pairs --reverse --foreign-to bitcoingold.org --evidence 1`,
  );
  print(`  ${place} project show '${PROJECT}'`);
  print(`  ${place} serve`);
}

/** What the story promises and the replay did not show; empty when all is as it should be. */
function faultsOf(summary: DemoSummary): string[] {
  const faults: string[] = [];
  const rankOf = (host: string): number =>
    summary.expansion.find(({ artifact, tooCommon }) => artifact === host && !tooCommon)?.rank ?? Infinity;
  const others: readonly string[] = [...campaign.innocents, ...campaign.popular, ...campaign.thirdParties];
  const firstOfOthers = Math.min(...others.map(rankOf));
  const isFound = (host: string): boolean =>
    summary.project.confirmed.includes(host) || summary.project.suspected.includes(host);
  for (const { host, brand, hotlinks, inMail } of campaign.fakes) {
    if (!summary.captures.some((capture) => capture.host === host && capture.outcome === 'ok'))
      faults.push(`${host} was not captured`);
    if (hotlinks && !summary.parents[brand]?.includes(host))
      faults.push(`${host} is not a parent of ${brand}`);
    if (!summary.downloads.some((download) => parseHost(download.host) === host))
      faults.push(`no download was followed on ${host}`);
    if (inMail === 'later' && rankOf(host) > firstOfOthers)
      faults.push(`${host} ranks below a host that has nothing to do with it`);
    if (!isFound(host)) faults.push(`${host} is not in the project`);
  }
  for (const host of campaign.popular)
    if (!summary.expansion.some(({ artifact, tooCommon }) => artifact === host && tooCommon))
      faults.push(`${host} is not named as too common`);
  return [...faults, ...lookalikeFaults(summary.lookalikes), ...copyFaults(summary.copies)];
}
