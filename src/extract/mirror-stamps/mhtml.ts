import { hostOfAddress, toInstant, type MirrorStamp } from './stamp.ts';

const MAX_HEAD = 8_192;

/**
 * The stamp of a web archive in one file (RFC 2557): `From: <Saved by Blink>`, `Snapshot-Content-Location: URL`,
 * `Date: …`; Internet Explorer writes `From: <Saved by Windows Internet Explorer 7>` and the URL as `Content-Location`.
 */
export function mhtmlStamp(text: string): MirrorStamp | undefined {
  const head = text
    .slice(0, MAX_HEAD)
    .replace(/\r\n?/g, '\n')
    .replace(/\n[\t ]{1,40}/g, ' ');
  const savedBy = /^From: .{0,60}Saved by .{1,80}$/im.exec(head);
  if (savedBy === null) return undefined;
  const address = /^(?:Snapshot-)?Content-Location: (\S{1,4096})/im.exec(head)?.[1];
  const sourceHost = address === undefined ? undefined : hostOfAddress(address);
  if (address === undefined || sourceHost === undefined) return undefined;
  const date = /^Date: (.{10,60})$/im.exec(head)?.[1];
  return {
    tool: 'MHTML',
    sourceHost,
    sourceUrl: address,
    copiedAt: date === undefined ? undefined : toInstant(Date.parse(date)),
    stamp: [
      savedBy[0],
      `Content-Location: ${address}`,
      ...(date === undefined ? [] : [`Date: ${date}`]),
    ].join('; '),
    offset: 0,
    length: Math.min(text.length, MAX_HEAD),
  };
}
