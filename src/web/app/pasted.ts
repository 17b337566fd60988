/** Longest text that the server reads. */
const MAX_PASTED = 1_000_000;
const PREFIX = 'adit.pasted.';
const held = new Map<string, string>();

/**
 * Keeps a pasted text for the search screen, under a name for its address: a mail is too long for one. It lives as long
 * as the tab.
 */
export function keepPasted(text: string): string {
  const name = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  held.set(name, text.slice(0, MAX_PASTED));
  try {
    sessionStorage.setItem(PREFIX + name, text.slice(0, MAX_PASTED));
  } catch {
    // full: it lives until the page is loaded again
  }
  return name;
}

export function readPasted(name: string): string | undefined {
  return held.get(name) ?? sessionStorage.getItem(PREFIX + name) ?? undefined;
}
