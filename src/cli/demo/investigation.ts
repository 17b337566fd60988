import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isWithin, parseHost, type Host, type PathStep } from '#model';
import { addSuspect, printExpansion, type Suspect } from '../expand-command.ts';
import { EXPORT_FORMATS, writeWhole } from '../export-command.ts';
import { printPivot, readPivot } from '../pivot-command.ts';
import { printProject } from '../project-command.ts';
import type { Ask, Reply } from '../stores/ask.ts';
import { printable } from '../text.ts';
import type { Stage } from './stage.ts';

export const PROJECT = 'Fake wallets';

const SUSPECTS_SHOWN = 12;

/** A lead of this strength is one that an operator can hardly help leaving: an id, a key, a file, a machine of one's own. */
const STRONG_LEAD = 0.75;

/** One step of a path; `direction` says which end is the source of the observation. */
interface Step {
  readonly from: string;
  readonly dataset: string;
  readonly label: string;
  readonly direction: string;
  readonly to: string;
  readonly shared: number | undefined;
}

/** What the investigation adds to the demo's summary. */
export interface Investigation {
  /** Suspects by rank, then what was too common to follow. */
  readonly expansion: readonly {
    readonly artifact: string;
    readonly type: string;
    readonly rank: number;
    readonly score: number;
    readonly tooCommon: boolean;
    /** How many share the value, where it is too common. */
    readonly shared?: number;
    /** Why it is too common. */
    readonly reason?: string;
    readonly path: readonly Step[];
  }[];
  readonly project: {
    readonly confirmed: readonly string[];
    readonly suspected: readonly string[];
    readonly dismissed: readonly string[];
    /** Artifact → the pivots that led to it; none where a mail named it. */
    readonly paths: Readonly<Record<string, readonly Step[]>>;
  };
  /** Format → file, relative to the working directory. */
  readonly exports: Readonly<Record<(typeof EXPORT_FORMATS)[number], string>>;
}

/** A host that a mail names, and why it is taken as part of the campaign. */
export interface Lure {
  readonly host: Host;
  readonly reason: string;
}

/** From the confirmed hosts to the rest: pivots, expansion, project; with the project's id. */
export async function investigate(
  ask: Ask,
  lures: readonly Lure[],
  genuine: readonly Host[],
  stage: Pick<Stage, 'print' | 'progress' | 'columns'>,
): Promise<Omit<Investigation, 'exports'> & { readonly id: string }> {
  await showPivots(ask, genuine, stage);
  const { id } = await ask('createProject', {
    body: { name: PROJECT, description: `Look-alikes of ${genuine.join(' and ')} that hand out programs.` },
  });
  for (const { host, reason } of lures)
    await ask('putArtifact', {
      params: { id },
      body: { value: host, status: 'confirmed', reason, tags: ['mail'] },
    });
  const expansion = await ask('expandProject', { params: { id }, body: { owned: [...genuine] } });
  stage.print(`\n8. Expansion: hosts that share rare values with the ${lures.length} confirmed ones`);
  printExpansion({ ...expansion, suspects: expansion.suspects.slice(0, SUSPECTS_SHOWN) }, stage);

  stage.print(`\n9. Project: the confirmed, what is suspected on strong grounds, and what is dismissed`);
  for (const suspect of expansion.suspects) if (isStrong(suspect)) await addSuspect(ask, id, suspect);
  for (const { artifact, reason } of commonHosts(expansion))
    await ask('putArtifact', {
      params: { id },
      body: { ...artifact, status: 'dismissed', reason: `too common: ${reason}` },
    });
  const project = await ask('getProject', { params: { id } });
  printProject(project, stage);
  return {
    id,
    expansion: [...expansion.suspects.map(suspectEntry), ...commonEntries(expansion)],
    project: projectEntry(project),
  };
}

async function showPivots(
  ask: Ask,
  genuine: readonly Host[],
  stage: Pick<Stage, 'print' | 'progress' | 'columns'>,
): Promise<void> {
  stage.print('\n7. Pivots: from the genuine hosts back to who was copied from them, or leads to them');
  const ways = [
    { dataset: 'mirror-stamps', reverse: true },
    { dataset: 'host-pairs', reverse: true, label: ['link.href', 'script.src', 'img.src'] },
  ] as const;
  for (const host of genuine) {
    for (const way of ways) {
      const page = await readPivot(ask, host, { ...way, foreignTo: [host] }, stage);
      if (page.edges.length > 0) printPivot(host, way, page, stage);
    }
  }
}

const isStrong = ({ leads }: Suspect): boolean => leads.some(({ score }) => score >= STRONG_LEAD);

const commonHosts = ({ tooCommon }: Reply<'expandProject'>) =>
  tooCommon.filter(({ dataset }) => dataset === 'host-pairs');

function suspectEntry(
  { artifact, score, leads }: Suspect,
  index: number,
): Investigation['expansion'][number] {
  const path = (leads[0]?.path ?? []).map(toStep);
  return { artifact: artifact.value, type: artifact.type, rank: index + 1, score, tooCommon: false, path };
}

function commonEntries({ suspects, tooCommon }: Reply<'expandProject'>): Investigation['expansion'] {
  return tooCommon.map(({ artifact, shared, reason }, index) => ({
    artifact: artifact.value,
    type: artifact.type,
    rank: suspects.length + index + 1,
    score: 0,
    tooCommon: true,
    shared,
    reason,
    path: [],
  }));
}

function projectEntry({ artifacts }: Reply<'getProject'>): Investigation['project'] {
  const valuesOf = (status: string): string[] =>
    artifacts.filter((artifact) => artifact.status === status).map(({ value }) => value);
  return {
    confirmed: valuesOf('confirmed'),
    suspected: valuesOf('suspected'),
    dismissed: valuesOf('dismissed'),
    paths: Object.fromEntries(artifacts.map(({ value, path }) => [value, path.map(toStep)])),
  };
}

function toStep({ from, to, shared, ...step }: PathStep): Step {
  return { from: from.value, ...step, to: to.value, shared };
}

const FILE_NAMES = {
  csv: 'fake-wallets.csv',
  json: 'fake-wallets.json',
  stix: 'fake-wallets.stix.json',
  markdown: 'fake-wallets.md',
} as const;

/** The project in every format, each in a file of the stage's folder. */
export async function writeExports(ask: Ask, id: string, stage: Stage): Promise<Investigation['exports']> {
  stage.print('\n12. Exports: confirmed and suspected, each marked as what it is');
  const folder = join(stage.folder, 'exports');
  await mkdir(folder, { recursive: true });
  const files: Partial<Record<keyof typeof FILE_NAMES, string>> = {};
  for (const format of EXPORT_FORMATS) {
    const file = join(folder, FILE_NAMES[format]);
    const query = { format, status: ['confirmed', 'suspected'] };
    await writeWhole(file, await ask('exportProject', { params: { id }, query }));
    files[format] = relative(process.cwd(), file);
    stage.print(`   ${format.padEnd(9)} ${printable(files[format])}`);
  }
  return files as Investigation['exports']; // the loop went through all formats
}

/** The hosts to begin with: named in a mail, not the brands' own, and a control on the page ran a script that fetched a file. */
export function luresOf(
  named: ReadonlyMap<string, string>,
  downloads: readonly { readonly host: string; readonly steps: readonly { readonly kind: string }[] }[],
  genuine: readonly Host[],
): Lure[] {
  return [...named].flatMap(([text, mail]) => {
    const host = parseHost(text);
    if (host === undefined || genuine.some((domain) => isWithin(host, domain))) return [];
    const isLure = downloads.some(
      (download) => download.host === host && download.steps.some(({ kind }) => kind === 'function'),
    );
    return isLure
      ? [{ host, reason: `${mail} links to it, and pressing its button downloads a program` }]
      : [];
  });
}
