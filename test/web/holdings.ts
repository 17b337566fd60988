import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeArchive } from '../server-fixture.ts';
import { PATIENCE_MS, type App } from './app-fixture.ts';

/** Real pages, where the data set lies beside the checkout. */
const realPages = resolve(
  process.env['ADIT_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data'),
  'pages/real-pages.warc.gz',
);
/** A fake of the campaign that downloads a program. */
export const FAKE = 'xn--bitcoingld-lcb.org';
export const BRAND = 'bitcoingold.org';

/** What the screens show: ids by which their addresses name it. */
export interface Holdings {
  /** The campaign's project. */
  readonly project: string;
  /** Of the fake, with controls pressed and a download. */
  readonly capture: string;
  readonly import: string;
  /** A link that opens the project without an account. */
  readonly guestPath: string;
  readonly hasRealPages: boolean;
}

/** Nothing yet. */
export const NOTHING: Holdings = {
  project: '',
  capture: '',
  import: '',
  guestPath: '',
  hasRealPages: false,
};

/** Beside the campaign: what people add by hand, archives, an account and a key, an alert, visits that were asked for. */
export async function addHoldings(app: App): Promise<Holdings> {
  const { projects } = (await app.ask('GET', '/projects')) as { projects: { id: string; name: string }[] };
  const project = projects.find(({ name }) => name === 'Fake wallets')!.id;
  await app.ask('PATCH', `/projects/${project}`, {
    notes: '## What is open\n\n- who owns `dl.walletmirror.example`\n- <b>markup is text</b>',
    tags: ['wallets'],
  });
  await app.ask('POST', '/users', { name: 'maria', role: 'analyst' });
  await app.ask('PUT', `/projects/${project}/members/maria`, { may: 'write' });
  await app.ask('POST', '/keys', { name: 'nightly export', scopes: ['read'] });
  await app.ask('POST', '/searches', {
    name: 'Loads from the image host',
    query: 'child:images.example',
    isWatched: true,
  });
  const hasRealPages = existsSync(realPages);
  await writeArchive(app.imports);
  if (hasRealPages) await cp(realPages, join(app.imports, 'real-pages.warc.gz'));
  const imported = await importArchives(app, ['.']);
  const { path } = (await app.ask('POST', `/projects/${project}/guest-links`, { name: 'readers' })) as {
    path: string;
  };
  await app.ask('POST', '/crawls', {
    seeds: [`https://${BRAND}/`],
    scope: 'host',
    maxDepth: 1,
    maxPages: 4,
    lane: 'http',
  });
  await app.ask('POST', '/captures', { urls: [`https://${BRAND}/`, `https://gone.example/`] });
  await until(
    async () => ((await app.ask('GET', '/alerts')) as { alerts: unknown[] }).alerts.length > 0,
    'the alert',
  );
  return {
    project,
    capture: await captureWithDownload(app),
    import: imported,
    guestPath: path,
    hasRealPages,
  };
}

async function captureWithDownload(app: App): Promise<string> {
  const { captures } = (await app.ask('GET', `/captures?host=${FAKE}`)) as { captures: { id: string }[] };
  for (const { id } of captures) {
    const { counts } = (await app.ask('GET', `/captures/${id}/overview`)) as {
      counts: Record<string, number>;
    };
    if (counts['downloads']! > 0) return id;
  }
  throw new Error(`no capture of ${FAKE} holds a download`);
}

async function importArchives(app: App, paths: readonly string[]): Promise<string> {
  const { id } = (await app.ask('POST', '/imports', { paths })) as { id: string };
  await until(async () => {
    const { state, error } = (await app.ask('GET', `/imports/${id}`)) as { state: string; error?: object };
    if (state === 'failed') throw new Error(`the import failed: ${JSON.stringify(error)}`);
    return state === 'done';
  }, 'the import');
  return id;
}

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (const start = Date.now(); !(await isSo()); await sleep(200))
    if (Date.now() - start > 3 * PATIENCE_MS) throw new Error(`${what} did not come`);
}
