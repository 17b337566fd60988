import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Persona } from '#model';
import type { BrowserProcess } from './launch.ts';

/** Asked for by some pages; nobody is there to answer. */
const DENIED_PERMISSIONS = [
  'geolocation',
  'notifications',
  'camera',
  'microphone',
  'midi',
  'clipboard-read',
  'clipboard-write',
  'storage-access',
  'local-fonts',
  'window-management',
  'idle-detection',
  'local-network-access',
  'local-network',
  'loopback-network',
];

/** Denies what a page may ask for, and answers the folder for the context's downloads. */
export async function setUpContext(
  { connection, dir, account }: BrowserProcess,
  contextId: string,
  persona: Persona,
): Promise<string> {
  const downloadsDir = join(dir.downloads, contextId);
  await mkdir(downloadsDir, { mode: 0o700 });
  if (account !== undefined) await chown(downloadsDir, account.uid, account.gid);
  const denied = DENIED_PERMISSIONS.filter(
    (name) => name !== 'geolocation' || persona.geolocation === undefined,
  );
  for (const name of denied)
    void connection.browser.attempt('Browser.setPermission', {
      permission: { name },
      setting: 'denied',
      browserContextId: contextId,
    });
  if (persona.geolocation !== undefined)
    void connection.browser.attempt('Browser.grantPermissions', {
      permissions: ['geolocation'],
      browserContextId: contextId,
    });
  await connection.browser.attempt('Browser.setDownloadBehavior', {
    behavior: 'allowAndName',
    browserContextId: contextId,
    downloadPath: downloadsDir,
    eventsEnabled: true,
  });
  return downloadsDir;
}
