import { readFileSync } from 'node:fs';

/** The version in package.json, the one place where it stands. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version: number } = JSON.parse(text) as { version: string }; // our own file
  return number;
}
