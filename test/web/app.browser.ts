import { test } from 'node:test';
import { openApp, skipWithoutBrowser } from './app-fixture.ts';
import { checkLooks } from './looks.ts';
import { tellByKeyboard, tellByMouse } from './reference-story.ts';

test('the app', { skip: skipWithoutBrowser, timeout: 1_800_000 }, async (context) => {
  await using app = await openApp();
  await app.ask('PATCH', `/projects/${app.project}`, {
    notes: '## What is open\n\n- who owns `dl.walletmirror.example`\n- <b>markup is text</b>',
    tags: ['wallets'],
  });
  await checkLooks(app, context);
  await context.test('the whole story by mouse alone', () => tellByMouse(app));
  await context.test('the whole story by keyboard alone', () => tellByKeyboard(app));
});
