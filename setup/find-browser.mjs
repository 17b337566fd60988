// Where a Chromium or Chrome may be: the one list that the set-up and the browser lane share.
import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * The names under which a full browser (`headless`) and the cheaper headless shell (`shell`) are installed.
 * Debian's `/usr/bin/chromium` is a wrapper script; the binary behind it is preferred, so that flags arrive as given.
 */
const NAMES = {
  headless: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'],
  shell: ['chromium-headless-shell', 'chrome-headless-shell', 'headless_shell'],
};
const KNOWN_PATHS = {
  headless: [
    '/usr/lib/chromium/chromium',
    '/opt/google/chrome/chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  shell: ['/usr/lib/chromium/chromium-headless-shell', '/usr/lib/chromium/headless_shell'],
};
const PLAYWRIGHT_FOLDERS = { headless: /^chromium-\d+$/, shell: /^chromium_headless_shell-\d+$/ };
const PLAYWRIGHT_BINARIES = {
  headless: [
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  ],
  shell: ['chrome-linux/headless_shell', 'chrome-headless-shell-linux64/chrome-headless-shell'],
};

const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

function playwrightPaths(mode) {
  const folder = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache', 'ms-playwright');
  let names;
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => PLAYWRIGHT_FOLDERS[mode].test(name))
    .sort((a, b) => Number(b.split('-').at(-1)) - Number(a.split('-').at(-1)))
    .flatMap((name) => PLAYWRIGHT_BINARIES[mode].map((binary) => join(folder, name, binary)));
}

/**
 * Path of a browser for the mode, or undefined. `ADIT_BROWSER` (`ADIT_HEADLESS_SHELL` for the shell) comes first.
 * @param {'headless' | 'shell'} [mode]
 * @returns {string | undefined}
 */
export function findBrowser(mode = 'headless') {
  const chosen = mode === 'headless' ? process.env.ADIT_BROWSER : process.env.ADIT_HEADLESS_SHELL;
  if (chosen) return isExecutable(chosen) ? chosen : undefined;
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => NAMES[mode].map((name) => join(folder, name)));
  return [...KNOWN_PATHS[mode], ...onPath, ...playwrightPaths(mode)].find(isExecutable);
}
