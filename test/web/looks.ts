import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { PATIENCE_MS, PICTURES, type App, type Window } from './app-fixture.ts';
import type { Holdings } from './holdings.ts';
import type { ShownScreen } from './screens.ts';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** Windows that look at screens side by side. */
const PARALLEL = 2;
/** `ADIT_SCREENS` looks only at screens whose name fits: quicker while one is made. */
const chosen = new RegExp(process.env['ADIT_SCREENS'] ?? '');

/**
 * Looks at each screen in both themes and on a phone: no serious finding of axe, no complaint of the page, nothing wider
 * than the phone; a picture of each.
 */
export async function checkLooks(
  app: App,
  holdings: Holdings,
  screens: readonly ShownScreen[],
  context: TestContext,
): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const waiting = screens.filter(({ name }) => chosen.test(name));
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      await using mine = await app.openWindow();
      for (let screen = waiting.shift(); screen !== undefined; screen = waiting.shift()) {
        const shown = screen;
        await context.test(`${shown.name} in both themes and on a phone`, async () => {
          if (shown.isOpen !== true) return look(mine, shown, holdings, axe);
          await using nobodys = await app.openWindow({ isSignedIn: false });
          await look(nobodys, shown, holdings, axe);
        });
      }
    }),
  );
}

async function look(window: Window, screen: ShownScreen, holdings: Holdings, axe: string): Promise<void> {
  const { page, complaints } = window;
  complaints.length = 0;
  const picture = (look: string): Promise<unknown> =>
    page.screenshot({ path: join(PICTURES, `${screen.name}-${look}.png`), animations: 'disabled' });
  await page.setViewportSize(DESKTOP);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto(screen.address(holdings));
  await screen.prepare(page, holdings);
  await settle(page);
  await page.evaluate(axe);
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await picture(theme);
    assert.deepEqual(await seriousFindings(page, RULES[theme]), [], `${screen.name}, ${theme}`);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(PHONE);
  await settle(page);
  await picture('phone');
  const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  assert.ok(Number(overflow) <= 0, `${screen.name} is ${String(overflow)} px wider than a phone`);
  assert.deepEqual(complaints, []);
}

/** Until nothing says that it is loading, pictures in view are there, and two frames were drawn. */
async function settle(page: Page): Promise<void> {
  const start = Date.now();
  while (!(await page.evaluate(IS_SETTLED))) {
    assert.ok(Date.now() - start < PATIENCE_MS, 'the screen goes on loading');
    await sleep(50);
  }
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}

const IS_SETTLED = `![...document.querySelectorAll('[role=status]')].some(({ textContent }) => /^(Loading|Opening|Looking|Comparing)/.test(textContent)) &&
  [...document.images].every(({ complete, loading }) => complete || loading === 'lazy')`;

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** It is the same page in both themes: in the second only what depends on colour can differ. */
const RULES = {
  light: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  dark: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
} as const;

async function seriousFindings(page: Page, runOnly: object): Promise<string[]> {
  const { violations } = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'], runOnly: ${JSON.stringify(runOnly)} })`,
  )) as { violations: Finding[] };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 300) ?? ''} ${nodes[0]?.failureSummary ?? ''}`);
}
