import { readFileSync } from 'node:fs';

/** An ordinary user of this machine, to whom the browser's processes and files belong. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const PREFERRED = ['adit', 'nobody'];
/** POSIX systems give it to `nobody`; it needs no entry to be used. */
const OVERFLOW_ID = 65_534;

/** Whom to become before a browser starts: undefined where this process is an ordinary user already. */
export function ordinaryAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readAccounts();
  const known = PREFERRED.map((name) => accounts.find((account) => account.name === name)).find(
    (account) => account !== undefined && account.uid !== 0,
  );
  return known ?? { name: String(OVERFLOW_ID), uid: OVERFLOW_ID, gid: OVERFLOW_ID };
}

function readAccounts(): Account[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
      .filter(({ uid, gid }) => Number.isInteger(uid) && Number.isInteger(gid));
  } catch {
    return [];
  }
}
