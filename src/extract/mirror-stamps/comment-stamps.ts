import type { Host } from '#model';
import type { Comment } from '../marks/page-facts.ts';
import { monthByName, parseLocalDate, parseRfc1123, parseScriptDate } from './local-date.ts';
import { hostOfAddress, LOCAL_TIME_HOURS, toInstant, type MirrorStamp, type MirrorTool } from './stamp.ts';

/** What a comment's text says of a copy. */
interface Said {
  readonly tool: MirrorTool;
  readonly address: string;
  readonly time: number | undefined;
  readonly uncertaintyHours?: number;
  readonly isEdited?: boolean;
}

const READERS: readonly ((text: string) => Said | undefined)[] = [
  readHttrack,
  readMarkOfTheWeb,
  readSingleFile,
  readMonolith,
  readWebCopy,
];

/** The stamp in a comment, where it is one of those that name their source. */
export function commentStamp(comment: Comment): MirrorStamp | undefined {
  const text = comment.text.trim();
  for (const read of READERS) {
    const said = read(text);
    const host = said === undefined ? undefined : hostOfAddress(said.address);
    if (said !== undefined && host !== undefined) return toStamp(said, host, comment);
  }
  return undefined;
}

function toStamp(said: Said, sourceHost: Host, { offset, length, text }: Comment): MirrorStamp {
  return {
    tool: said.tool,
    sourceHost,
    sourceUrl: said.address,
    copiedAt: said.time === undefined ? undefined : toInstant(said.time),
    ...(said.uncertaintyHours !== undefined && { uncertaintyHours: said.uncertaintyHours }),
    ...(said.isEdited === true && { isEdited: true }),
    stamp: `<!--${text}-->`,
    offset,
    length,
  };
}

/**
 * `Mirrored from HOST/PATH by HTTrack Website Copier/3.x [XR&CO'2014], Fri, 11 Aug 2017 15:34:48 GMT`; since 3.49-22
 * `[XR&CO]`, and the address with its scheme. Paths hold blanks, quotes and any script, so the last ` by ` counts.
 */
function readHttrack(text: string): Said | undefined {
  const head = 'Mirrored from ';
  const end = text.lastIndexOf(' by HTTrack Website Copier/');
  if (!text.startsWith(head) || end < head.length) return undefined;
  const tail = /\[XR&(?:amp;)?CO[^\]]{0,12}\], ?(.{10,60})$/.exec(text.slice(end, end + 200));
  return {
    tool: 'HTTrack',
    address: text.slice(head.length, end).trim(),
    time: tail === null ? undefined : parseRfc1123(tail[1]!),
  };
}

/**
 * `saved from url=(0043)https://…`: browsers' "web page, complete". The number is the length of the address; where it
 * is not, the stamp was edited. `about:internet` is Microsoft's way to let scripts run in local files, and no copy.
 */
function readMarkOfTheWeb(text: string): Said | undefined {
  const match = /^saved from url=\((\d{4,5})\)(\S{1,4096})$/i.exec(text);
  if (match === null) return undefined;
  const address = match[2]!;
  const lengths = [address.length, Buffer.byteLength(address), address.replaceAll('%2D%2D', '--').length];
  return {
    tool: 'Mark of the Web',
    address,
    time: undefined,
    isEdited: !lengths.includes(Number(match[1])),
  };
}

/** Lines ` Page saved with SingleFile`, ` url: …`, ` saved date: …`; older ones begin ` Archive processed by SingleFile`. */
function readSingleFile(text: string): Said | undefined {
  const lines = text.split(/\r?\n/, 20).map((line) => line.trim());
  if (!/^(?:Page saved with|Archive processed by) SingleFile/.test(lines[0] ?? '')) return undefined;
  const field = (name: string): string | undefined =>
    lines
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const date = field('saved date');
  return {
    tool: 'SingleFile',
    address: field('url') ?? '',
    time: date === undefined ? undefined : parseScriptDate(date),
  };
}

/** `Saved from URL at 2022-01-20T13:07:50Z using monolith v2.6.1` */
function readMonolith(text: string): Said | undefined {
  const match = /^Saved from (\S{1,4096}) at (\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z) using monolith/.exec(
    text,
  );
  return match === null ? undefined : { tool: 'monolith', address: match[1]!, time: Date.parse(match[2]!) };
}

/** `Copied from URL by Cyotek WebCopy 1.7.0.600, Thursday, January 20, 2022, 1:07:50 PM`: local time, local language. */
function readWebCopy(text: string): Said | undefined {
  const match = /^Copied from (\S{1,4096}) by Cyotek WebCopy ([\d.]{1,20}),?(.{0,200})$/.exec(text);
  if (match === null) return undefined;
  const time = parseLocalDate(match[3]!);
  return {
    tool: 'Cyotek WebCopy',
    address: match[1]!,
    time,
    ...(time !== undefined && { uncertaintyHours: LOCAL_TIME_HOURS }),
  };
}

/** When the Wayback Machine captured a page, and when it was copied from there. */
export interface WaybackDates {
  readonly capturedAt: number;
  readonly retrievedAt: number;
}

const WAYBACK_TIME = String.raw`(\d{1,2}):(\d{2}):(\d{2}) (\p{L}{3,12})\.? (\d{1,2}), (\d{4})`;
const WAYBACK = new RegExp(
  String.raw`FILE ARCHIVED ON ${WAYBACK_TIME} AND RETRIEVED FROM THE\s{1,12}INTERNET ARCHIVE ON ${WAYBACK_TIME}`,
  'u',
);

/** `FILE ARCHIVED ON 14:47:19 Mar 04, 2021 AND RETRIEVED FROM THE INTERNET ARCHIVE ON 14:48:16 Jul 13, 2025.`, both UTC. */
export function waybackDates(text: string): WaybackDates | undefined {
  const match = WAYBACK.exec(text);
  if (match === null) return undefined;
  const capturedAt = waybackTime(match.slice(1, 7));
  const retrievedAt = waybackTime(match.slice(7, 13));
  return capturedAt === undefined || retrievedAt === undefined ? undefined : { capturedAt, retrievedAt };
}

function waybackTime([hour, minute, second, name, day, year]: readonly string[]): number | undefined {
  const month = monthByName(name!);
  if (month === undefined) return undefined;
  return Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
}
