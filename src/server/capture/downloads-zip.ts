import { passwordZip } from '#archive';
import { AditError, type CaptureReader } from '#model';

/** The word that those who exchange malware use: known to all, so that nothing opens it by accident. */
const ZIP_PASSWORD = 'infected';
/** Files of one ZIP; larger ones are in the bundle. */
const MAX_ZIP_BYTES = 256 * 1024 * 1024;

/** The files that a page gave, once a digest, as a ZIP with a password; throws `not-found` where there is none, `downloads-too-large` where it is too much. */
export function downloadsZip(bundle: CaptureReader, sha256: string | undefined): Buffer {
  const { downloads, exchanges } = bundle.capture;
  const files = new Map<string, { name: string; bytes: Uint8Array }>();
  let size = 0;
  for (const download of downloads) {
    const { file, suggestedName, exchange } = download;
    if (file === undefined || files.has(file.sha256) || (sha256 ?? file.sha256) !== file.sha256) continue;
    const bytes =
      exchange === undefined ? bundle.downloadBody(download) : bundle.responseBody(exchanges[exchange]!);
    if (bytes === undefined) continue;
    size += bytes.length;
    if (size > MAX_ZIP_BYTES)
      throw new AditError('downloads-too-large', 'These files are too large for one ZIP.', {
        advice: 'Ask for them one by one by their digest, or take the bundle.',
      });
    files.set(file.sha256, { name: entryName(file.sha256, suggestedName), bytes });
  }
  if (files.size === 0) throw new AditError('not-found', 'The capture holds no such file.');
  return passwordZip([...files.values()], ZIP_PASSWORD);
}

/** A name that the page cannot choose a path, a device or a command with; never one that a click would run. */
function entryName(sha256: string, suggestedName: string): string {
  const readable = suggestedName
    .replace(/[^\w.-]+/g, '_')
    .replace(/\.{2,}/g, '.')
    .slice(-80);
  return `${sha256.slice(0, 16)}-${readable}.bin`;
}
