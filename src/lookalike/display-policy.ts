import type { NameLabel } from './read-name.ts';
import type { Display } from './verdict.ts';

/** How a browser shows a name. */
export function displayHost(labels: readonly NameLabel[]): Display {
  return { text: labels.map(({ unicode }) => unicode).join('.'), refused: [] };
}
