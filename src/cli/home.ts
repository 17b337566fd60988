import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The data directory: `ADIT_HOME`, else the place that the XDG base directory specification names. */
export function aditHome(): string {
  const chosen = process.env['ADIT_HOME'];
  if (chosen) return resolve(chosen);
  const data = process.env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share');
  return join(data, 'adit');
}
