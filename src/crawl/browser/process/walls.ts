import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ordinaryAccount, type Account } from './account.ts';

/** One thing that stands between a hostile page and this machine. */
export interface Wall {
  readonly name: 'ordinaryUser' | 'sandbox' | 'networkNamespace';
  readonly isPresent: boolean;
  /** One sentence: by what means, or why it is missing and what would bring it. */
  readonly detail: string;
}

const PROBE_MS = 5_000;

/** Brings the loopback interface up where iproute2 is missing: SIOCSIFFLAGS with IFF_UP | IFF_RUNNING, netdevice(7). */
const LOOPBACK_UP =
  '(ip link set lo up || perl -MSocket -e \'socket(my $s, PF_INET, SOCK_DGRAM, 0) && ioctl($s, 0x8914, pack("a16s", "lo", 0x41)) || exit 1\') 2>/dev/null';

/** How to enter a network namespace of one's own: root may, an ordinary user does it inside a user namespace. */
export function namespaceCommand(): string[] {
  return process.getuid?.() === 0
    ? ['unshare', '--net', '--mount']
    : ['unshare', '--user', '--map-current-user', '--keep-caps', '--net', '--mount'];
}

export const LOOPBACK_UP_SCRIPT = LOOPBACK_UP;

/** Which walls a browser on this machine gets. Probes each by trying it; starts no browser. */
export async function checkWalls(executable?: string): Promise<Wall[]> {
  const account = ordinaryAccount();
  return Promise.all([ordinaryUser(account), sandbox(account, executable), networkNamespace()]);
}

async function ordinaryUser(account: Account | undefined): Promise<Wall> {
  const name = 'ordinaryUser';
  if (account === undefined) return { name, isPresent: true, detail: 'Adit runs as an ordinary user.' };
  const isPresent = await succeeds('true', [], account);
  return {
    name,
    isPresent,
    detail: isPresent
      ? `Adit runs as root; the browser runs as ${account.name} (${account.uid}).`
      : `Adit runs as root and may not become ${account.name} (${account.uid}): run it as an ordinary user.`,
  };
}

async function sandbox(account: Account | undefined, executable: string | undefined): Promise<Wall> {
  const name = 'sandbox';
  const helper = await setuidHelper(executable);
  if (helper !== undefined)
    return { name, isPresent: true, detail: `Chromium’s sandbox, by its helper ${helper}.` };
  const isPresent = await succeeds('unshare', ['--user', '--map-current-user', '--net', 'true'], account);
  return {
    name,
    isPresent,
    detail: isPresent
      ? 'Chromium’s sandbox, by user namespaces.'
      : 'The kernel grants no user namespaces and there is no setuid helper: install chromium-sandbox, or allow user namespaces.',
  };
}

async function networkNamespace(): Promise<Wall> {
  const name = 'networkNamespace';
  const [command = '', ...args] = namespaceCommand();
  const isPresent =
    process.platform === 'linux' && (await succeeds(command, [...args, 'sh', '-c', LOOPBACK_UP], undefined));
  return {
    name,
    isPresent,
    detail: isPresent
      ? 'The browser has a network of its own, whose only way out is the egress guard.'
      : 'The kernel grants no network namespace: only the browser’s own proxy settings lead it to the egress guard.',
  };
}

async function setuidHelper(executable: string | undefined): Promise<string | undefined> {
  const paths = [
    process.env['CHROME_DEVEL_SANDBOX'],
    ...(executable === undefined ? [] : [join(dirname(executable), 'chrome-sandbox')]),
  ];
  for (const path of paths) {
    if (path === undefined) continue;
    const info = await stat(path).catch(() => undefined);
    if (info?.uid === 0 && (info.mode & 0o4000) !== 0 && (info.mode & constants.S_IXOTH) !== 0) return path;
  }
  return undefined;
}

/** Whether the command runs and exits with 0, as the account where one is given. */
export function succeeds(
  command: string,
  args: readonly string[],
  account: Account | undefined,
): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const child = spawn(command, args, {
        stdio: 'ignore',
        cwd: '/',
        timeout: PROBE_MS,
        killSignal: 'SIGKILL',
        ...(account !== undefined && { uid: account.uid, gid: account.gid }),
      });
      child.on('error', () => resolve(false));
      child.on('exit', (code) => resolve(code === 0));
    } catch {
      resolve(false);
    }
  });
}
