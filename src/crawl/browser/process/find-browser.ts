/** The one list of places, which the set-up uses too. `ADIT_BROWSER` (`ADIT_HEADLESS_SHELL` for the shell) comes first. */
export { findBrowser } from '../../../../setup/find-browser.mjs';
