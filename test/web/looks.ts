import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { App, Theme } from './app-fixture.ts';
import { SHOWN_SCREENS, type ShownScreen } from './screens.ts';

const folder = resolve(import.meta.dirname, '../../.screenshots');
const PHONE = { width: 390, height: 844 };

/** Looks at each screen in both themes and on a phone: no serious finding of axe, no complaint of the page, a picture of each. */
export async function checkLooks(app: App, context: TestContext): Promise<void> {
  await mkdir(folder, { recursive: true });
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  for (const screen of SHOWN_SCREENS)
    await context.test(`${screen.name} in both themes and on a phone`, async () => {
      for (const theme of ['light', 'dark'] as const) {
        await using window = await app.openWindow({ theme, isSignedIn: screen.isOpen !== true });
        await show(window.page, screen, app);
        await window.page.screenshot({ path: join(folder, `${screen.name}-${theme}.png`) });
        assert.deepEqual(await seriousFindings(window.page, axe), [], `${screen.name}, ${theme}`);
        assert.deepEqual(window.complaints, []);
      }
      await photographPhone(app, screen);
    });
}

async function show(page: Page, screen: ShownScreen, app: App): Promise<void> {
  await page.goto(await screen.address(app));
  await screen.prepare(page, app);
  await page.waitForLoadState('networkidle').catch(() => {}); // an event stream may keep it from resting
}

async function photographPhone(app: App, screen: ShownScreen): Promise<void> {
  const theme: Theme = 'light';
  await using window = await app.openWindow({ theme, size: PHONE, isSignedIn: screen.isOpen !== true });
  await show(window.page, screen, app);
  await window.page.screenshot({ path: join(folder, `${screen.name}-phone.png`) });
  const overflow = await window.page.evaluate('document.documentElement.scrollWidth - innerWidth');
  assert.ok(Number(overflow) <= 0, `${screen.name} is ${String(overflow)} px wider than a phone`);
}

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

async function seriousFindings(page: Page, axe: string): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as { violations: Finding[] };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 300) ?? ''} ${nodes[0]?.failureSummary ?? ''}`);
}
