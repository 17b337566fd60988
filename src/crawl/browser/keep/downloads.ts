import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeBody, type ByteSource } from '#archive';
import type { Download, Exchange } from '#model';
import type { SeenDownload } from '../record/downloads.ts';

/** The visit's downloads, with the bytes of those that no exchange carried. */
export interface KeptDownloads {
  readonly downloads: Download[];
  readonly bytes: ReadonlyMap<number, ByteSource>;
}

/**
 * Ties each download to the exchange that carried it. What was made inside the browser (blob:, data:) exists only as
 * a file, which is moved from the browser's folder to the capture's.
 */
export async function keepDownloads(
  seen: readonly SeenDownload[],
  exchanges: readonly Exchange[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<KeptDownloads> {
  const bytes = new Map<number, ByteSource>();
  const downloads: Download[] = [];
  for (const download of seen) {
    const { id, url, frame, suggestedName, step } = download;
    const carrier = /^https?:/.test(url) ? carrierOf(download, exchanges) : undefined;
    const file = carrier?.response?.body === undefined ? await takeFile(download.guid, from, to) : undefined;
    if (file !== undefined) bytes.set(id, file);
    const body = carrier?.response?.body ?? (file === undefined ? undefined : describeBody(file, []));
    downloads.push({
      id,
      url,
      frame,
      suggestedName,
      state: download.state === 'inProgress' ? 'cancelled' : download.state,
      ...(carrier !== undefined && { exchange: carrier.id }),
      ...(body !== undefined && { file: body }),
      ...(step !== undefined && { step }),
    });
  }
  return { downloads, bytes };
}

/** The last answer for that address that brought something, of the same step where there is one. */
function carrierOf({ url, step }: SeenDownload, exchanges: readonly Exchange[]): Exchange | undefined {
  const address = url.replace(/#.*$/s, '');
  const all = exchanges.filter(
    (exchange) => exchange.url === address && (exchange.response?.status ?? 0) < 300,
  );
  return all.findLast((exchange) => exchange.step === step) ?? all.at(-1);
}

/** `guid` is the browser's own: letters, digits and hyphens. */
async function takeFile(guid: string, from: string, to: string): Promise<ByteSource | undefined> {
  if (!/^[\w-]+$/.test(guid)) return undefined;
  const path = join(to, `download-${guid}`);
  try {
    await rename(join(from, guid), path);
    return { path, offset: 0, length: (await stat(path)).size };
  } catch {
    return undefined; // cancelled, or the browser has taken it along
  }
}
