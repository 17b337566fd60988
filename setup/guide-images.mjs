// Makes the pictures of the user guide (docs/guide/images) from the screenshots that the tests of the web app leave in
// .screenshots: 1000 pixels wide, WebP, a few ten kilobytes each, so that they can be committed and the guide reads
// without running anything. Run it after `node --test test/web/app.test.ts` when screens have changed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findBrowser } from './find-browser.mjs';

/** Picture of the guide ← screenshot of the tests. */
const PICTURES = {
  artifact: 'artifact-light',
  crawls: 'crawls-light',
  capture: 'capture-light',
  requests: 'capture-requests-light',
  source: 'capture-source-light',
  brand: 'brand-light',
  compare: 'compare-light',
  expansion: 'project-expansion-light',
  guest: 'guest-light',
};
const WIDTH = 1_000;
const QUALITY = 0.82;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'docs', 'guide', 'images');
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  for (const [name, screenshot] of Object.entries(PICTURES)) {
    const file = join(root, '.screenshots', `${screenshot}.png`);
    if (!existsSync(file)) {
      process.stderr.write(
        `guide-images: there is no ${screenshot}.png; run the tests of the web app first.\n`,
      );
      continue;
    }
    const address = await page.evaluate(
      async ([png, width, quality]) => {
        const image = new Image();
        image.src = `data:image/png;base64,${png}`;
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = width;
        canvas.height = Math.round((image.height * width) / image.width);
        const context = canvas.getContext('2d');
        context.imageSmoothingQuality = 'high';
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        return canvas.toDataURL('image/webp', quality);
      },
      [readFileSync(file).toString('base64'), WIDTH, QUALITY],
    );
    writeFileSync(join(out, `${name}.webp`), Buffer.from(address.split(',')[1], 'base64'));
  }
} finally {
  await browser.close();
}
