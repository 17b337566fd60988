import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Download, Page } from 'playwright-core';
import { PATIENCE_MS, type App, type Window } from './app-fixture.ts';
import { BRAND, FAKE, type Holdings } from './holdings.ts';

/** A journey of one thing that the app promises. */
interface Journey {
  readonly name: string;
  readonly tell: (window: Window, app: App, holdings: Holdings) => Promise<void>;
}

const rowAt = (page: Page, nth: number) => page.getByRole('grid').first().getByRole('row').nth(nth);

async function openMenu(page: Page, nth: number): Promise<void> {
  await rowAt(page, nth).locator('[data-artifact-value]').first().hover();
  await rowAt(page, nth)
    .getByRole('button', { name: /^Actions for/ })
    .first()
    .click();
  await page.getByRole('menu').waitFor();
}

async function bytesOf(download: Download): Promise<Buffer> {
  return readFile(await download.path());
}

async function download(page: Page, name: string | RegExp): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name, exact: typeof name === 'string' }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: await bytesOf(file) };
}

export const DETAILS: readonly Journey[] = [
  {
    name: 'the menu of a value copies it defanged, tags it, and asks for a visit',
    async tell({ page }) {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.goto(`/artifact?value=${BRAND}&foreign=1`);
      await openMenu(page, 1);
      await page.getByRole('menuitem', { name: /^Copy defanged/ }).click();
      await page.getByText('Copied.').waitFor();
      assert.match(
        String(await page.evaluate('navigator.clipboard.readText()')),
        /^xn--[\w-]+\[\.\](?:org|com)$/,
      );
      await openMenu(page, 1);
      await page.getByRole('menuitem', { name: /^Tag/ }).click();
      await page.getByRole('dialog').getByLabel('Tags', { exact: true }).fill('by menu, seen');
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      await page.getByText('Tagged.').waitFor();
      await openMenu(page, 1);
      await page.getByRole('menuitem', { name: /^Capture now/ }).click();
      await page.getByText(/on the way/).waitFor();
      await openMenu(page, 1);
      await page.getByRole('menuitem', { name: /^Open its page/ }).click();
      await page.getByRole('main').getByText('by menu').waitFor();
    },
  },
  {
    name: 'keys: ? lists them, / searches, j and k move, p pivots, g goes elsewhere',
    async tell({ page }) {
      await page.goto(`/artifact?value=${BRAND}&foreign=1`);
      await rowAt(page, 2).waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).getByText('Next and previous row').waitFor();
      await page.keyboard.press('Escape');
      const active = (): Promise<unknown> =>
        page.evaluate(`document.querySelector('[data-active]')?.getAttribute('aria-rowindex')`);
      await page.keyboard.press('j');
      assert.equal(await active(), '2');
      await page.keyboard.press('j');
      assert.equal(await active(), '3');
      await page.keyboard.press('k');
      assert.equal(await active(), '2');
      await page.keyboard.press('p');
      await page.waitForURL(/artifact\?value=xn--/);
      await page.keyboard.press('/');
      assert.equal(await page.evaluate('document.activeElement.id'), 'search-box');
      await page.keyboard.press('Escape');
      // At once: the second key counts only for a moment.
      await Promise.all(['g', 'p'].map((key) => page.keyboard.press(key)));
      await page.waitForURL(/\/projects$/);
    },
  },
  {
    name: 'a facet, “foreign only” and a month of the heat map filter the rows; files hold what is shown',
    async tell({ page }) {
      await page.goto(`/artifact?value=${BRAND}`);
      await rowAt(page, 1).waitFor();
      const shown = async (): Promise<number> =>
        Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1;
      const all = await shown();
      await page.getByText('Foreign only').click();
      await page.waitForURL(/foreign=1/);
      await page
        .getByRole('main')
        .getByRole('button', { name: /^script\.src/ })
        .first()
        .click();
      await page.waitForURL(/label=script\.src/);
      await page.getByRole('gridcell', { name: 'img.src' }).first().waitFor({ state: 'detached' });
      const some = await shown();
      assert.ok(some > 0 && some < all, `${some} of ${all}`);
      const json = await download(page, 'JSON');
      assert.equal(json.name, 'host-pairs.json');
      const { edges } = JSON.parse(json.bytes.toString()) as { edges: { label: string }[] };
      assert.equal(edges.length, some);
      assert.ok(edges.every(({ label }) => label === 'script.src'));
      const csv = await download(page, 'CSV');
      assert.equal(csv.bytes.toString().trimEnd().split('\r\n').length, some + 1);
      await page.locator('[data-cell][data-heat="4"]').first().click();
      await page.waitForURL(/from=\d{4}-\d\d-01&to=/);
      await rowAt(page, 1).waitFor();
      await page.getByRole('button', { name: 'All months' }).click();
      await page.waitForURL((url) => !url.searchParams.has('from'));
    },
  },
  {
    name: 'times stand in the viewer’s zone, with UTC when pointed at',
    async tell({ page }) {
      await page.goto(`/artifact?value=${BRAND}`);
      const time = page.getByRole('main').locator('time').first();
      await time.waitFor();
      const at = new Date((await time.getAttribute('datetime'))!);
      const utc = at.toISOString().slice(0, 16).replace('T', ' ');
      const berlin = at.toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' }).slice(0, 16);
      assert.equal(await time.textContent(), berlin);
      assert.ok((await time.getAttribute('title'))!.startsWith(utc));
      assert.notEqual(berlin, utc);
    },
  },
  {
    name: 'files of a capture leave as a ZIP under a password, the capture as a WACZ',
    async tell({ page }, _app, { capture }) {
      await page.goto(`/captures/${capture}?tab=downloads`);
      const zip = await download(page, /as ZIP/);
      assert.match(zip.name, /-downloads\.zip$/);
      assert.equal(zip.bytes.toString('latin1', 0, 4), 'PK\u0003\u0004');
      assert.equal(zip.bytes.readUInt16LE(6) & 1, 1, 'encrypted');
      const wacz = await download(page, 'Download WACZ');
      assert.match(wacz.name, /\.wacz$/);
      assert.equal(wacz.bytes.toString('latin1', 0, 4), 'PK\u0003\u0004');
    },
  },
  {
    name: 'what others do shows up without a reload: a project changes, an import runs',
    async tell({ page }, app, { project }) {
      await page.goto(`/projects/${project}`);
      await rowAt(page, 1).waitFor();
      await page.evaluate('globalThis.isSamePage = true');
      await app.ask('PUT', `/projects/${project}/artifacts`, {
        value: 'live.walletmirror.example',
        status: 'suspected',
      });
      await page.getByRole('grid').getByText('live.walletmirror.example').waitFor();
      await app.ask('DELETE', `/projects/${project}/artifacts?value=live.walletmirror.example`);
      await page.getByRole('grid').getByText('live.walletmirror.example').waitFor({ state: 'detached' });
      assert.equal(await page.evaluate('globalThis.isSamePage'), true);
    },
  },
  {
    name: 'the title of the page names what is shown, whatever tab of it',
    async tell({ page }, _app, { capture }) {
      const titleBecomes = async (title: RegExp): Promise<void> => {
        for (const start = Date.now(); !title.test(await page.title()); await sleep(100))
          assert.ok(Date.now() - start < PATIENCE_MS, `the title stays ${await page.title()}`);
      };
      await page.goto(`/artifact?value=${BRAND}`);
      await page.getByRole('tab', { name: /^Children/ }).click();
      await page.waitForURL(/tab=/);
      await titleBecomes(/^bitcoingold\.org · Adit$/);
      await rowAt(page, 1).getByRole('link').first().click();
      await titleBecomes(/^(?!bitcoingold\.org).+\..+ · Adit$/);
      await page.goto(`/captures/${capture}?tab=requests`);
      await titleBecomes(/^Bitcoin Gold/);
      await page.goto(`/brand?id=${BRAND}`);
      await titleBecomes(/^bitcoingold · Adit$/);
      await page.goto('/nowhere');
      await titleBecomes(/^No such page · Adit$/);
      assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
    },
  },
  {
    name: 'an address that was visited leads to its captures',
    async tell({ page }) {
      await page.goto(`/artifact?value=${encodeURIComponent(`https://${BRAND}/`)}`);
      await page.getByRole('link', { name: 'Open the newest capture' }).click();
      await page.waitForURL(/\/captures\//);
      await page.getByRole('heading', { name: 'What became of it' }).waitFor();
    },
  },
  {
    name: 'what happened while another screen was shown is there on the way back',
    async tell({ page }, app, { project }) {
      await page.goto(`/projects/${project}`);
      await rowAt(page, 1).waitFor();
      await page.getByRole('link', { name: 'Search', exact: true }).click();
      await page.getByRole('link', { name: 'Fake wallets' }).waitFor();
      await app.ask('PUT', `/projects/${project}/artifacts`, {
        value: 'meanwhile.walletmirror.example',
        status: 'suspected',
      });
      await page.getByRole('link', { name: 'Fake wallets' }).click();
      await page.getByRole('grid').getByText('meanwhile.walletmirror.example').waitFor();
      await app.ask('DELETE', `/projects/${project}/artifacts?value=meanwhile.walletmirror.example`);
    },
  },
  {
    name: 'a page out of view holds no line to the server, and is as new as ever when it is looked at again',
    async tell({ page }, app, { project }) {
      await page.addInitScript(
        `Object.defineProperty(document, 'hidden', { get: () => globalThis.isOutOfView === true })`,
      );
      const lookAway = (is: boolean): Promise<unknown> =>
        page.evaluate(`isOutOfView = ${is}; document.dispatchEvent(new Event('visibilitychange'))`);
      await page.goto(`/projects/${project}`);
      await rowAt(page, 1).waitFor();
      await lookAway(true);
      await app.ask('PUT', `/projects/${project}/artifacts`, {
        value: 'unseen.walletmirror.example',
        status: 'suspected',
      });
      await sleep(1_500);
      const value = page.getByRole('grid').getByText('unseen.walletmirror.example');
      assert.equal(await value.count(), 0);
      await lookAway(false);
      await value.waitFor();
      await app.ask('DELETE', `/projects/${project}/artifacts?value=unseen.walletmirror.example`);
    },
  },
  {
    name: 'whose account is removed is led to the sign-in screen by itself',
    async tell(_window, app) {
      const { user, signInLink } = (await app.ask('POST', '/users', {
        name: 'leaving',
        role: 'analyst',
      })) as {
        user: { id: string };
        signInLink: { path: string };
      };
      await using theirs = await app.openWindow({ isSignedIn: false });
      await theirs.page.goto(signInLink.path);
      await theirs.page.getByRole('navigation', { name: 'Main' }).waitFor();
      await theirs.page.getByRole('link', { name: 'Projects', exact: true }).click();
      await theirs.page.getByRole('heading', { name: 'Projects' }).waitFor();
      await app.ask('DELETE', `/users/${user.id}`);
      await theirs.page.getByRole('heading', { name: 'Sign in' }).waitFor();
      assert.match(theirs.page.url(), /next=%2Fprojects/);
    },
  },
  {
    name: 'an account for guests sees the projects that are open to it, and is offered nothing else',
    async tell(_window, app, { project }) {
      const { user, signInLink } = (await app.ask('POST', '/users', { name: 'reader', role: 'guest' })) as {
        user: { id: string };
        signInLink: { path: string };
      };
      await app.ask('PUT', `/projects/${project}/members/reader`, { may: 'read' });
      await using theirs = await app.openWindow({ isSignedIn: false });
      const { page, refusals } = theirs;
      await page.goto(signInLink.path);
      await page.getByRole('heading', { name: 'Projects' }).waitFor();
      assert.deepEqual(
        await page.getByRole('navigation', { name: 'Main' }).getByRole('listitem').allTextContents(),
        ['Projects', 'Settings', 'Guide'],
      );
      assert.equal(await page.getByRole('search').count(), 0);
      assert.equal(await page.getByRole('button', { name: /New project/ }).count(), 0);
      await page.getByRole('link', { name: 'Fake wallets' }).click();
      await page.getByRole('heading', { name: 'Fake wallets', level: 1 }).waitFor();
      await page.goto(`/artifact?value=${BRAND}`);
      await page.getByRole('heading', { name: 'Projects' }).waitFor();
      assert.deepEqual(refusals, []);
      await app.ask('DELETE', `/users/${user.id}`);
    },
  },
  {
    name: 'keys of one letter can be switched off; a row taken out leaves the focus where it was',
    async tell({ page }, app, { project }) {
      await page.goto('/projects');
      await rowAt(page, 1).waitFor();
      const toggle = page.getByRole('dialog').getByText('Keys of one letter act');
      await page.keyboard.press('?');
      await toggle.click();
      await page.keyboard.press('Escape');
      await page.keyboard.press('n');
      await page.getByRole('button', { name: /^Keys/ }).click();
      await page.getByRole('dialog', { name: 'Keys' }).waitFor(); // and no other
      await toggle.click();
      await page.keyboard.press('Escape');
      await page.keyboard.press('n');
      await page.getByRole('dialog', { name: 'New project' }).waitFor();
      await page.keyboard.press('Escape');
      await app.ask('PUT', `/projects/${project}/members/maria`, { may: 'write' });
      await page.goto(`/projects/${project}?view=sharing`);
      const out = page.getByRole('button', { name: 'Take maria out' });
      await out.focus();
      await page.keyboard.press('Enter');
      await out.waitFor({ state: 'detached' });
      await page.locator('section[aria-label=Members]:focus').waitFor();
      await app.ask('PUT', `/projects/${project}/members/maria`, { may: 'write' });
    },
  },
  {
    name: 'a project is deleted by its owner',
    async tell({ page }, app) {
      const { id } = (await app.ask('POST', '/projects', { name: 'To be deleted' })) as { id: string };
      await page.goto(`/projects/${id}?view=sharing`);
      await page.getByRole('button', { name: 'Delete the project…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('heading', { name: 'Projects' }).waitFor();
      await page.getByRole('link', { name: 'To be deleted' }).waitFor({ state: 'detached' });
    },
  },
  {
    name: 'an import is begun in the app, and only from the folder for imports',
    async tell({ page }, app) {
      await writeFile(join(app.imports, 'hostile.warc.gz'), hostileArchive());
      await page.goto('/imports');
      await page.getByRole('button', { name: 'New import' }).first().click();
      const paths = page.getByRole('dialog').getByLabel('Files or folders on the server');
      await paths.fill('/etc/hostname');
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByRole('dialog').getByRole('alert').getByText('folder for imports').waitFor();
      await paths.fill('hostile.warc.gz');
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      const row = page.getByRole('row').filter({ hasText: 'hostile.warc.gz' });
      await row.getByText('done').waitFor();
      await page.goto(`/artifact?value=${HOSTILE}&tab=fingerprints`);
      await rowAt(page, 1).waitFor();
      const text = String(await page.evaluate('document.querySelector("main").innerText'));
      assert.ok(!/[\u202a-\u202e\u2066-\u2069\0]/.test(text), 'what reorders text is shown, not obeyed');
      assert.match(text, /… [\d,]+ more/, 'ten thousand characters are cut');
      assert.equal(await page.locator('main script, main iframe, main [onerror]').count(), 0);
    },
  },
  {
    name: 'the evidence of an imported row is the line of the record in its archive',
    async tell({ page }) {
      await page.goto('/artifact?value=images.example');
      await rowAt(page, 1).waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      const code = page.getByLabel('Captured code');
      await code.locator('mark').waitFor();
      assert.match((await code.textContent()) ?? '', /<img src=https:\/\/images\.example\/x\.png>/);
      await page.getByRole('complementary').getByText('archived.example.warc.gz').first().waitFor();
    },
  },
  {
    name: 'a crawl is begun in the app, follows links, and its visits stand alone',
    async tell({ page }) {
      await page.goto('/crawls');
      await page.getByLabel('Addresses').fill('hxxps://bitcoingold[.]org/');
      await choose(page, 'Follow', 'within the host');
      await choose(page, 'How', 'over plain HTTP');
      await choose(page, 'At most', '20 pages');
      await page.getByRole('button', { name: /^Crawl from/ }).click();
      await page.getByText('The crawl has begun').waitFor();
      const first = page
        .getByRole('grid', { name: /^Crawls/ })
        .getByRole('row')
        .nth(1);
      await first.getByText('done').waitFor();
      await first.getByText('within the host').click();
      await page.getByRole('heading', { name: 'Visits of the crawl' }).waitFor();
      await page.getByRole('radio', { name: /^Done/ }).click();
      await page.getByRole('grid', { name: 'Visits: Done' }).getByRole('row').nth(2).waitFor();
    },
  },
  {
    name: 'a search is saved and watched; a brand is protected',
    async tell({ page }) {
      await page.goto(`/?q=${encodeURIComponent(`child:${BRAND} AND NOT host:*.${BRAND}`)}`);
      await page.getByRole('button', { name: 'Save search…' }).click();
      await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Hot-linkers');
      await page.getByRole('dialog').getByText('Watch it').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.goto('/');
      await page.getByRole('link', { name: 'Hot-linkers' }).waitFor();
      await page.goto('/brands');
      await page
        .getByRole('button', { name: /^Protect a brand/ })
        .first()
        .click();
      await page.getByRole('dialog').getByRole('textbox').first().fill('https://walletkit.example/');
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Protect/ })
        .click();
      await page.getByText('walletkit.example').first().waitFor();
    },
  },
  {
    name: 'differences of a copy are marked on its picture and tell what an added control runs',
    async tell({ page }) {
      await page.goto(`/compare?a=${BRAND}&b=${FAKE}`);
      await page
        .getByRole('button', { name: /^Difference \d+/ })
        .first()
        .click();
      await page
        .getByRole('main')
        .getByText(/downloadWallet/)
        .first()
        .waitFor();
      await page.getByText('What it runs:').first().waitFor();
      await page
        .getByRole('heading', { name: /^Still loaded/ })
        .first()
        .waitFor();
    },
  },
  {
    name: 'a guest link that was revoked opens nothing, also for who came by it before',
    async tell(_window, app, { project }) {
      const { path, link } = (await app.ask('POST', `/projects/${project}/guest-links`, {
        name: 'for a while',
      })) as { path: string; link: { id: string } };
      await using guest = await app.openWindow({ isSignedIn: false });
      await guest.page.goto(path);
      await guest.page.getByRole('heading', { name: 'Fake wallets' }).waitFor();
      await app.ask('DELETE', `/projects/${project}/guest-links/${link.id}`);
      await guest.page.reload();
      await guest.page
        .getByText(/not open to you|Sign in/)
        .first()
        .waitFor({ timeout: PATIENCE_MS });
      assert.equal(await guest.page.getByRole('heading', { name: 'Fake wallets' }).count(), 0);
    },
  },
];

async function choose(page: Page, label: string, choice: string): Promise<void> {
  await page
    .getByRole('main')
    .getByRole('button', { name: new RegExp(`${label}$`) })
    .first()
    .click();
  await page.getByRole('option', { name: new RegExp(`^${choice}`) }).click();
}

const HOSTILE = 'hostile.example';

/** A page whose title is long, turns text around, and holds markup. */
function hostileArchive(): Buffer {
  const title = `\u202egnp.exe\u2066 <img src=x onerror=alert(1)> ${'long '.repeat(2_000)}`;
  const page = `HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<title>${title}</title>`;
  const block = Buffer.from(page);
  return gzipSync(
    Buffer.concat([
      Buffer.from(
        `WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://${HOSTILE}/\r\nWARC-Date: 2017-11-20T10:00:00Z\r\n` +
          `Content-Type: application/http; msgtype=response\r\nContent-Length: ${block.length}\r\n\r\n`,
      ),
      block,
      Buffer.from('\r\n\r\n'),
    ]),
  );
}
