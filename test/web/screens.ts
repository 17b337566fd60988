import type { Page } from 'playwright-core';
import { BRAND, FAKE, type Holdings } from './holdings.ts';

/** A screen as the tests look at it: in both themes and on a phone, with what makes it show something. */
export interface ShownScreen {
  readonly name: string;
  readonly address: (holdings: Holdings) => string;
  /** What is done before it is looked at; it waits for what the screen is there to show. */
  readonly prepare: (page: Page, holdings: Holdings) => Promise<unknown>;
  /** For nobody in particular: opened without an account. */
  readonly isOpen?: boolean;
}

const first = (page: Page): Promise<void> => page.locator('main ol li').first().waitFor();
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
      await page.keyboard.type('child:bit');
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
  // Reached by pages of the demo and, where they are here, by many real ones.
  { name: 'artifact-popular', address: () => '/artifact?value=www.google-analytics.com', prepare: rows },
  {
    name: 'artifact-around',
    address: () => `/artifact?value=${FAKE}&tab=graph`,
    prepare: (page) => page.locator('canvas[data-settled=true]').waitFor(),
  },
  {
    name: 'artifact-unknown',
    address: () => '/artifact?value=never-seen.example',
    prepare: (page) => heading(page, /never|nothing/i),
  },
  {
    name: 'artifact-url',
    address: () => `/artifact?value=${encodeURIComponent(`https://${FAKE}/`)}`,
    prepare: (page) => page.getByRole('link', { name: 'Open the newest capture' }).waitFor(),
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
    prepare: first,
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
    prepare: first,
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
  ...(
    [
      [
        'summary',
        (page) =>
          page
            .getByRole('img', { name: /creenshot/ })
            .first()
            .waitFor(),
      ],
      ['requests', rows],
      ['hosts', (page) => page.getByRole('tree').or(page.locator('main li')).first().waitFor()],
      ['source', (page) => page.getByLabel('Captured text').waitFor()],
      ['differences', (page) => page.getByRole('tabpanel').getByText('added').first().waitFor()],
      ['downloads', (page) => page.getByText('Download all as ZIP').waitFor()],
      ['links', rows],
      ['console', (page) => page.getByRole('tabpanel').waitFor()],
      ['cookies', (page) => page.getByRole('tabpanel').waitFor()],
      ['storage', (page) => page.getByRole('tabpanel').waitFor()],
      ['certificates', rows],
      ['sockets', (page) => page.getByRole('tabpanel').waitFor()],
      ['visits', rows],
    ] as const satisfies readonly (readonly [string, (page: Page) => Promise<void>])[]
  ).map(([tab, prepare]): ShownScreen => ({
    name: tab === 'summary' ? 'capture' : `capture-${tab}`,
    address: ({ capture }) => `/captures/${capture}?tab=${tab}`,
    prepare,
  })),
  {
    name: 'capture-request',
    address: ({ capture }) => `/captures/${capture}?tab=requests&exchange=0`,
    prepare: (page) => heading(page, 'How it went'),
  },
  {
    name: 'compare',
    address: () => `/compare?a=${BRAND}&b=${FAKE}`,
    prepare: (page) => heading(page, /^What was changed/),
  },
  { name: 'compare-nothing', address: () => '/compare', prepare: (page) => heading(page, 'Name two pages') },
  { name: 'brands', address: () => '/brands', prepare: rows },
  ...['lookalikes', 'copies', 'hotlinks', 'ownership', 'pages'].map((tab): ShownScreen => ({
    name: tab === 'lookalikes' ? 'brand' : `brand-${tab}`,
    address: () => `/brand?id=${BRAND}&tab=${tab}`,
    prepare: (page) =>
      tab === 'ownership' || tab === 'pages'
        ? page.getByRole('tabpanel').getByRole('heading').first().waitFor()
        : rows(page),
  })),
  {
    name: 'crawls',
    address: () => '/crawls?state=done',
    prepare: (page) => page.getByRole('grid', { name: 'Visits: Done' }).getByRole('row').nth(1).waitFor(),
  },
  {
    name: 'crawl',
    address: () => '/crawls?state=done',
    async prepare(page) {
      await page
        .getByRole('grid', { name: /^Crawls/ })
        .getByRole('row')
        .nth(1)
        .getByText('within')
        .click();
      await heading(page, 'Visits of the crawl');
    },
  },
  { name: 'imports', address: () => '/imports', prepare: rows },
  {
    name: 'import',
    address: (holdings) => `/imports?import=${holdings.import}`,
    prepare: (page) => page.getByRole('complementary').getByRole('listitem').first().waitFor(),
  },
  {
    name: 'import-new',
    address: () => '/imports',
    async prepare(page) {
      await rows(page);
      await page.getByRole('button', { name: 'New import' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'alerts', address: () => '/alerts', prepare: rows },
  {
    name: 'settings',
    address: () => '/settings',
    prepare: (page) => page.getByText('nightly export').waitFor(),
  },
  { name: 'guide', address: () => '/guide', prepare: (page) => page.getByRole('article').waitFor() },
  {
    name: 'guide-captures',
    address: () => '/guide?page=captures-and-evidence',
    prepare: (page) => page.getByRole('article').waitFor(),
  },
  {
    name: 'sign-in',
    address: () => '/sign-in',
    isOpen: true,
    prepare: (page) => page.getByRole('heading').first().waitFor(),
  },
  {
    name: 'guest',
    address: ({ guestPath }) => guestPath,
    isOpen: true,
    prepare: (page) => heading(page, 'Timeline'),
  },
];

/** What is shown where nothing is stored yet. */
export const EMPTY_SCREENS: readonly ShownScreen[] = [
  { name: 'empty', address: () => '/', prepare: (page) => heading(page, /Captures/) },
  { name: 'empty-projects', address: () => '/projects', prepare: (page) => heading(page, /^No project/) },
  { name: 'empty-brands', address: () => '/brands', prepare: (page) => heading(page, /^No brand/) },
  { name: 'empty-crawls', address: () => '/crawls', prepare: (page) => heading(page, /^No visit/) },
  { name: 'empty-imports', address: () => '/imports', prepare: (page) => heading(page, /^Nothing was/) },
  { name: 'empty-alerts', address: () => '/alerts', prepare: (page) => heading(page, 'No alert yet') },
];
