import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { campaign } from '#testnet';
import type { App, Window } from './app-fixture.ts';

const BRAND = 'bitcoingold.org';

/** The text of the first phishing mail, as an analyst has it on the clipboard. */
const mail = (): string => {
  const first = campaign.mails.find(({ isInitial }) => isInitial);
  assert.ok(first !== undefined);
  return Buffer.from(first.eml).toString('utf8');
};

/** From a pasted mail to the published guest link, with the pointer alone; text is pasted. */
export async function tellByMouse(app: App, { page }: Window): Promise<void> {
  await page.goto('/');
  await page.getByLabel('Text', { exact: true }).fill(mail());
  await page.getByRole('button', { name: 'Find what it names' }).click();
  const lure = page
    .getByRole('grid')
    .getByRole('link', { name: /bitcoing/ })
    .first();
  await lure.waitFor();
  // Its links are visited, and the page says so.
  await page.getByRole('button', { name: /^Capture \d/ }).click();
  await page.getByText(/on the way/).waitFor();
  await lure.click();
  await page.getByRole('tab', { name: /^Children/ }).click();
  await page.getByRole('grid').getByRole('link', { name: BRAND }).first().click();

  // Parents of the genuine host, without its own: the other fakes, each with the line of code.
  await page.getByRole('tab', { name: /^Parents/ }).click();
  await page.getByText('Foreign only').click();
  await page.waitForURL(/foreign=1/);
  const rows = page.getByRole('grid').getByRole('row');
  await rows.nth(1).waitFor();
  assert.ok((await parents(page)).size >= 2, 'two other fakes are parents of the genuine host');
  await page
    .getByRole('gridcell', { name: 'script.src' })
    .first()
    .locator('xpath=..')
    .click({ position: { x: 700, y: 10 } });
  await page.getByLabel('Captured code').locator('mark').waitFor();
  await page.getByRole('button', { name: 'Close (Escape)' }).click();

  // Into a project of its own.
  const fake = page.getByRole('grid').getByRole('row').nth(1);
  await fake.hover();
  await fake
    .getByRole('button', { name: /^Actions for/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: /Add to project/ }).click();
  await page.getByRole('button', { name: 'New project instead…' }).click();
  await page
    .getByRole('dialog', { name: 'New project' })
    .getByLabel('Name', { exact: true })
    .fill('By mouse');
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('heading', { name: 'By mouse' }).waitFor();
  await page.getByRole('grid').getByRole('row').nth(1).getByText('suspected').click();
  await page.getByRole('complementary').getByText('Confirmed', { exact: true }).click();
  await page.getByRole('grid').getByText('confirmed').waitFor();
  await page.getByRole('button', { name: 'Close (Escape)' }).click();

  // Expansion: the path of a suspect is shown before it is confirmed.
  await page.getByRole('tab', { name: 'Expansion' }).click();
  await page.getByRole('grid').getByRole('row').nth(1).getByRole('gridcell').first().click();
  await page.getByRole('complementary').getByRole('listitem').first().waitFor();
  await page.getByRole('button', { name: 'Confirm', exact: true }).click();
  await page.getByRole('tab', { name: /^Artifacts 2/ }).waitFor();

  // Published by a guest link that opens where nobody is signed in.
  await page.getByRole('tab', { name: 'Sharing' }).click();
  await page.getByRole('button', { name: 'New guest link' }).click();
  await page.getByLabel('Whom it is for').fill('readers');
  await page.getByRole('button', { name: 'Make the link' }).click();
  const link = await page.getByLabel('Address', { exact: true }).inputValue();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await openAsGuest(app, link, 'By mouse');
}

/** The same without a pointer: keys and what is typed. */
export async function tellByKeyboard(app: App, { page }: Window): Promise<void> {
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await page.goto('/');
  await page.getByRole('heading', { name: 'Paste a mail, a report or a list' }).waitFor();
  await tabTo(page, 'textarea');
  await page.keyboard.insertText(mail());
  await press('Tab', 'Enter');
  await page.getByRole('grid').getByRole('row').nth(1).waitFor();
  await press('j');
  await inRow(page, /^https:\/\/xn--bitcoin|xn--bitcoin/);
  await press('c');
  await page.getByText(/on the way/).waitFor();

  // The genuine host, by the search box.
  await press('/');
  await page.keyboard.type(BRAND);
  await press('Enter');
  await page.getByRole('heading', { name: BRAND }).waitFor();
  await page.getByRole('grid').getByRole('row').nth(1).waitFor();
  await tabTo(page, '[role=tab]');
  await tabTo(page, '[role=checkbox], input[type=checkbox]');
  await press('Space');
  await page.waitForURL(/foreign=1/);
  await page.getByRole('grid').getByRole('row').nth(1).waitFor();
  assert.ok((await parents(page)).size >= 2);
  await press('j', 'Enter');
  await page.getByLabel('Captured code').waitFor();
  await press('Escape');

  // `a` adds the value of the row; the project is made in the dialog.
  await press('a');
  await page.getByRole('dialog', { name: 'Add to project' }).waitFor();
  await page.getByRole('button', { name: 'New project instead…' }).waitFor();
  await tabToButton(page, 'New project instead…');
  await press('Enter');
  await page.getByRole('dialog', { name: 'New project' }).waitFor();
  await page.keyboard.type('By keyboard');
  await press('Enter');
  await page.getByRole('heading', { name: 'By keyboard' }).waitFor();
  await page.getByRole('grid').getByRole('row').nth(1).waitFor();
  await press('j', 'Enter');
  await page.getByRole('complementary', { name: 'Artifact' }).waitFor();
  await press('1');
  await page.getByRole('grid').getByText('confirmed').waitFor();
  await press('Escape');

  // Tabs move by arrow keys.
  await tabTo(page, '[role=tab]');
  await press('ArrowRight');
  await page
    .getByRole('grid', { name: /Suspects/ })
    .getByRole('row')
    .nth(1)
    .waitFor();
  await press('j', 'Enter');
  await page.getByRole('complementary', { name: 'Suspect' }).waitFor();
  await press('1');
  await page.getByRole('tab', { name: /^Artifacts 2/ }).waitFor();
  await press('Escape');

  await tabTo(page, '[role=tab]');
  for (let step = 0; step < 8; step++) {
    if ((await page.getByRole('tab', { name: 'Sharing' }).getAttribute('aria-selected')) === 'true') break;
    await press('ArrowRight');
  }
  await page.getByRole('button', { name: 'New guest link' }).waitFor();
  await tabToButton(page, 'New guest link');
  await press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('readers');
  await press('Enter');
  const link = await page.getByLabel('Address', { exact: true }).inputValue();
  await press('Escape');
  await openAsGuest(app, link, 'By keyboard');
}

async function openAsGuest(app: App, link: string, name: string): Promise<void> {
  await using guest = await app.openWindow({ isSignedIn: false });
  await guest.page.goto(link);
  await guest.page.getByRole('heading', { name }).waitFor();
  assert.equal(await guest.page.getByRole('navigation', { name: 'Main' }).count(), 0);
  await guest.page.goto('/projects');
  await guest.page.getByText('Fake wallets').waitFor({ state: 'detached' });
  assert.deepEqual(guest.complaints, []);
}

/** Hosts that the rows of a Parents tab name. */
async function parents(page: Page): Promise<Set<string>> {
  const values = (await page.evaluate(
    `[...document.querySelectorAll('[role=grid] [role=row] [role=gridcell]:first-child [data-artifact-value]')].map((value) => value.dataset.artifactValue)`,
  )) as string[];
  return new Set(values);
}

const MAX_TABS = 120;

/** Presses Tab until the focus is on an element that fits. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let count = 0; count < MAX_TABS; count++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`)) return;
  }
  assert.fail(`no Tab led to ${selector}`);
}

async function tabToButton(page: Page, name: string): Promise<void> {
  for (let count = 0; count < MAX_TABS; count++) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(`document.activeElement?.textContent?.trim()`)) === name) return;
  }
  assert.fail(`no Tab led to the button ${name}`);
}

/** Presses `j` until the active row is of a value that fits. */
async function inRow(page: Page, value: RegExp): Promise<void> {
  const rows = await page.getByRole('row').count();
  for (let count = 0; count < rows; count++) {
    const current = await page.evaluate(
      `document.querySelector('[data-active] [data-artifact-value]')?.dataset.artifactValue ?? ''`,
    );
    if (value.test(String(current))) return;
    await page.keyboard.press('j');
  }
  assert.fail(`no row of ${String(value)}`);
}
