import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWindow, openApp, PATIENCE_MS, skipWithoutBrowser, type Window } from './app-fixture.ts';
import { DETAILS } from './details.ts';
import { addHoldings, NOTHING } from './holdings.ts';
import { checkLooks } from './looks.ts';
import { tellByKeyboard, tellByMouse } from './reference-story.ts';
import { EMPTY_SCREENS, SHOWN_SCREENS } from './screens.ts';

test('the app', { skip: skipWithoutBrowser, timeout: 7_200_000, concurrency: 2 }, async (context) => {
  await using app = await openApp();
  if (app.isEmpty) {
    await checkLooks(app, NOTHING, EMPTY_SCREENS, context);
    await context.test('an empty store offers the campaign, and one click replays it', () =>
      inWindow(app, 'first-start', replayByClick),
    );
  }
  const holdings = await addHoldings(app);
  if (!holdings.hasRealPages) context.diagnostic('the data set of real pages is not here: not imported');
  await checkLooks(app, holdings, SHOWN_SCREENS, context);
  await Promise.all(
    DETAILS.map(({ name, tell }, index) =>
      context.test(name, () => inWindow(app, `detail-${index}`, (window) => tell(window, app, holdings))),
    ),
  );
  const stories = [
    ['by-mouse', 'the whole story by mouse alone', tellByMouse],
    ['by-keyboard', 'the whole story by keyboard alone', tellByKeyboard],
  ] as const;
  await Promise.all(
    stories.map(([id, name, tell]) =>
      context.test(name, () => inWindow(app, id, (window) => tell(app, window))),
    ),
  );
});

async function replayByClick({ page }: Window): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Replay the campaign' }).click();
  await page.getByRole('progressbar').waitFor();
  await page.getByRole('heading', { name: 'Fake wallets' }).waitFor({ timeout: 6 * PATIENCE_MS });
  assert.match(page.url(), /\/projects\//);
}
