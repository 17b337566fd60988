import type { Page } from 'playwright-core';
import type { App } from './app-fixture.ts';

/** A screen as the tests look at it: in both themes and on a phone, with what makes it show something. */
export interface ShownScreen {
  readonly name: string;
  readonly address: (app: App) => string | Promise<string>;
  /** What is done before it is looked at; it waits for what the screen is there to show. */
  readonly prepare: (page: Page, app: App) => Promise<unknown>;
  /** For nobody in particular: opened without an account. */
  readonly isOpen?: boolean;
}

const rows = (page: Page): Promise<void> => page.getByRole('grid').getByRole('row').nth(1).waitFor();
const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { name }).first().waitFor();

/** Every screen of the app. A new one is added here, and is then checked and photographed with the others. */
export const SHOWN_SCREENS: readonly ShownScreen[] = [
  {
    name: 'search',
    address: () => '/',
    prepare: (page) => page.getByRole('link', { name: 'Fake wallets' }).waitFor(),
  },
  {
    name: 'search-suggestions',
    address: () => '/',
    async prepare(page) {
      await page.getByRole('link', { name: 'Fake wallets' }).waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('tracker:');
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    name: 'search-answers',
    address: () => `/?q=${encodeURIComponent('child:bitcoingold.org NOT host:bitcoingold.org')}`,
    prepare: rows,
  },
  {
    name: 'search-mistake',
    address: () => `/?q=${encodeURIComponent('nosuchfield:x AND (host:a')}`,
    prepare: (page) => page.getByRole('alert').waitFor(),
  },
  {
    name: 'search-pasted',
    address: () => '/',
    async prepare(page) {
      await page
        .getByLabel('Text', { exact: true })
        .fill('Seen: hxxps://bitcoingöld[.]org/bitcoingold.exe and 45.76.166[.]18, not example.net');
      await page.getByRole('button', { name: 'Find what it names' }).click();
      await rows(page);
    },
  },
  { name: 'artifact', address: () => '/artifact?value=bitcoingold.org', prepare: rows },
  {
    name: 'artifact-evidence',
    address: () => '/artifact?value=bitcoingold.org&foreign=1',
    async prepare(page) {
      await rows(page);
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByLabel('Captured code').waitFor();
    },
  },
  {
    name: 'artifact-menu',
    address: () => '/artifact?value=xn--bitcingold-hcb.org',
    async prepare(page) {
      await rows(page);
      await page.keyboard.press('j');
      await page.keyboard.press('m');
      await page.getByRole('menuitem').first().waitFor();
    },
  },
  {
    name: 'artifact-unknown',
    address: () => '/artifact?value=never-seen.example',
    prepare: (page) => heading(page, /never|nothing/i),
  },
  { name: 'projects', address: () => '/projects', prepare: rows },
  { name: 'project', address: ({ project }) => `/projects/${project}`, prepare: rows },
  {
    name: 'project-artifact',
    address: ({ project }) => `/projects/${project}?status=suspected`,
    async prepare(page) {
      await rows(page);
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await heading(page, 'Path that led to it');
    },
  },
  {
    name: 'project-expansion',
    address: ({ project }) => `/projects/${project}?view=expansion`,
    prepare: rows,
  },
  {
    name: 'project-graph',
    address: ({ project }) => `/projects/${project}?view=graph`,
    prepare: (page) => page.locator('canvas[data-settled=true]').waitFor(),
  },
  {
    name: 'project-graph-table',
    address: ({ project }) => `/projects/${project}?view=graph&as=table`,
    prepare: rows,
  },
  {
    name: 'project-timeline',
    address: ({ project }) => `/projects/${project}?view=timeline`,
    prepare: (page) => page.locator('main ol li').first().waitFor(),
  },
  {
    name: 'project-notes',
    address: ({ project }) => `/projects/${project}?view=notes`,
    prepare: (page) => page.getByRole('heading', { name: 'What is open' }).waitFor(),
  },
  {
    name: 'project-sharing',
    address: ({ project }) => `/projects/${project}?view=sharing`,
    prepare: (page) => page.getByRole('radio', { name: 'Team' }).waitFor(),
  },
  {
    name: 'project-history',
    address: ({ project }) => `/projects/${project}?view=history`,
    prepare: (page) => page.locator('main ol li').first().waitFor(),
  },
  {
    name: 'keys',
    address: () => '/projects',
    async prepare(page) {
      await rows(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'no-such-page',
    address: () => '/nowhere',
    prepare: (page) => heading(page, 'There is no such page'),
  },
  {
    name: 'settings',
    address: () => '/settings',
    prepare: (page) => heading(page, 'Settings'),
  },
  { name: 'alerts', address: () => '/alerts', prepare: (page) => heading(page, 'Alerts') },
  {
    name: 'sign-in',
    address: () => '/sign-in',
    isOpen: true,
    prepare: (page) => page.getByRole('heading').first().waitFor(),
  },
];
