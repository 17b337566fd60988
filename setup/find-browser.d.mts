/** Path of a browser for the mode, or undefined. */
export function findBrowser(mode?: 'headless' | 'shell'): string | undefined;
