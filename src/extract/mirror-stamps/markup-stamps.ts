import { parseHost, registrableDomain, type Host } from '#model';
import type { MarkupPlace, StampFacts } from '../marks/page-facts.ts';
import type { StampKind } from '../marks/text-marks.ts';
import { waybackDates } from './comment-stamps.ts';
import { httrackRenames } from './httrack-renames.ts';
import { parseScriptDate } from './local-date.ts';
import { hostOfAddress, LOCAL_TIME_HOURS, toInstant, type MirrorStamp } from './stamp.ts';

type Detector = (facts: StampFacts, pageHost: Host) => MirrorStamp | undefined;

const DETECTORS: readonly (readonly [StampKind, Detector])[] = [
  ['savePage', savePageWe],
  ['scrapBook', webScrapBook],
  ['teleport', teleport],
  ['wayback', wayback],
  ['bazhan', bazhan],
  ['base', documentBase],
  ['httrack', renamedByHttrack],
  ['wget', renamedByWget],
];

/** Stamps that are attributes, meta elements or habits of a tool rather than one comment. */
export function markupStamps(
  facts: StampFacts,
  pageHost: Host,
  kinds: ReadonlySet<StampKind>,
): MirrorStamp[] {
  return DETECTORS.filter(([kind]) => kinds.has(kind))
    .map(([, detect]) => detect(facts, pageHost))
    .filter((stamp) => stamp !== undefined);
}

/** `<meta name="savepage-url" content="…">`, `savepage-date` as JavaScript's Date writes it. */
function savePageWe({ metas }: StampFacts): MirrorStamp | undefined {
  const url = metas.find(({ name }) => name === 'savepage-url');
  const sourceHost = url === undefined ? undefined : hostOfAddress(url.content);
  if (url === undefined || sourceHost === undefined) return undefined;
  const date = metas.find(({ name }) => name === 'savepage-date')?.content;
  const time = date === undefined ? undefined : parseScriptDate(date);
  return {
    ...placeOf(url),
    tool: 'Save Page WE',
    sourceHost,
    sourceUrl: url.content,
    copiedAt: time === undefined ? undefined : toInstant(time),
    stamp: `savepage-url=${url.content}${date === undefined ? '' : `; savepage-date=${date}`}`,
  };
}

/** `data-scrapbook-source` and `-create`: 17 digits to the millisecond in UTC; 14 digits, of older versions, in local time. */
function webScrapBook({ toolAttributes }: StampFacts): MirrorStamp | undefined {
  const source = toolAttributes.find(({ attribute }) => attribute === 'data-scrapbook-source');
  const sourceHost = source === undefined ? undefined : hostOfAddress(source.value);
  if (source === undefined || sourceHost === undefined) return undefined;
  const created = toolAttributes.find(({ attribute }) => attribute === 'data-scrapbook-create')?.value ?? '';
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{3})?$/.exec(created)?.slice(1);
  const copiedAt = parts === undefined ? undefined : digitsToInstant(parts);
  return {
    ...placeOf(source),
    tool: 'WebScrapBook',
    sourceHost,
    sourceUrl: source.value,
    copiedAt,
    ...(copiedAt !== undefined && created.length === 14 && { uncertaintyHours: LOCAL_TIME_HOURS }),
    stamp: `data-scrapbook-source="${source.value}"${created === '' ? '' : ` data-scrapbook-create="${created}"`}`,
  };
}

function digitsToInstant([year, month, day, hour, minute, second, ms]: readonly (string | undefined)[]):
  | string
  | undefined {
  return toInstant(
    Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
      Number(ms ?? 0),
    ),
  );
}

/** Attributes `tppabs="ABSOLUTE-URL"`; files left out become `javascript:if(confirm('URL … was not retrieved by Teleport …`. */
function teleport({ toolAttributes, links }: StampFacts): MirrorStamp | undefined {
  const places = [
    ...toolAttributes.filter(({ attribute }) => attribute === 'tppabs'),
    ...links.flatMap((link) => {
      const url =
        /^javascript:if\(confirm\((?:'|%27)(https?:\/\/\S{1,2048}).{0,40}This(?: |%20)file(?: |%20)was(?: |%20)not/is.exec(
          link.value,
        );
      return url === null ? [] : [{ ...link, value: url[1]! }];
    }),
  ];
  // Most of a copied page's addresses are those of its own host.
  const host = commonestHost(places.map(({ value }) => value));
  const first = places.find(({ value }) => hostOfAddress(value) === host);
  if (host === undefined || first === undefined) return undefined;
  return {
    ...placeOf(first),
    tool: 'Teleport',
    sourceHost: host,
    sourceUrl: first.value,
    copiedAt: undefined,
    stamp: `${first.attribute}="${first.value}"`,
  };
}

const WAYBACK_URL =
  /\/\/web\.archive\.org\/web\/(\d{4,14})(?:[a-z]{2}_)?\/(https?:\/\/?\S{3,2048}|[\w.-]{4,253}\/\S{0,2048})$/i;

/**
 * The Wayback Machine's closing comment with both dates, or files that the page loads through it. A page that merely
 * links there is no copy, nor is the archive itself.
 */
function wayback({ comments, loads, metas }: StampFacts, pageHost: Host): MirrorStamp | undefined {
  if (pageHost === 'web.archive.org') return undefined;
  const dated = comments
    .map((comment) => ({ comment, dates: waybackDates(comment.text) }))
    .find(({ dates }) => dates !== undefined);
  const through = loads.flatMap((load) => {
    const original = WAYBACK_URL.exec(load.url)?.[2]?.replace(/^(https?:\/)(?!\/)/i, '$1/');
    return original === undefined ? [] : [{ ...load, original }];
  });
  const named = metas.find(({ name }) => name === 'og:url')?.content;
  const namedOriginal = named === undefined ? undefined : (WAYBACK_URL.exec(named)?.[2] ?? named);
  const host =
    commonestHost(through.map(({ original }) => original)) ??
    (namedOriginal === undefined || dated === undefined ? undefined : hostOfAddress(namedOriginal));
  if (host === undefined || (dated === undefined && through.length < 2)) return undefined;
  const first = through.find(({ original }) => hostOfAddress(original) === host);
  return {
    ...placeOf(dated?.comment ?? first ?? { offset: 0, length: 0 }),
    tool: 'Wayback Machine',
    sourceHost: host,
    sourceUrl: first?.original ?? namedOriginal,
    copiedAt: dated?.dates === undefined ? undefined : toInstant(dated.dates.retrievedAt),
    stamp: dated === undefined ? (first?.url ?? '') : dated.comment.text.trim().slice(0, 400),
  };
}

/** `This web page is copied by the "https://bazhan.wang"`: it names no source, so the page's own names must. */
function bazhan(facts: StampFacts, pageHost: Host): MirrorStamp | undefined {
  const comment = facts.comments.find(({ text }) => /copied by the "https?:\/\/bazhan\.wang"/.test(text));
  const source = comment === undefined ? undefined : namedSource(facts, pageHost);
  if (comment === undefined || source === undefined) return undefined;
  return {
    ...placeOf(comment),
    tool: 'bazhan.wang',
    sourceHost: source.host,
    sourceUrl: source.url,
    copiedAt: undefined,
    stamp: `<!--${comment.text}-->`,
  };
}

/** `<base href>` of another site: what GoPhish's importer and hand-made copies put in, so that everything else hotlinks. */
function documentBase({ base }: StampFacts, pageHost: Host): MirrorStamp | undefined {
  const host = base === undefined ? undefined : hostOfAddress(base.href.replace(/^\/\//, 'https://'));
  if (base === undefined || host === undefined || !isForeign(host, pageHost)) return undefined;
  return {
    ...placeOf(base),
    tool: 'Document base',
    sourceHost: host,
    sourceUrl: base.href,
    copiedAt: undefined,
    stamp: `<base href="${base.href}">`,
  };
}

/** HTTrack's renamed files prove it where its comment was taken out: see `httrackRenames`. */
function renamedByHttrack(facts: StampFacts, pageHost: Host): MirrorStamp | undefined {
  const renames = httrackRenames(facts.links);
  const source = renames.length < 2 ? undefined : namedSource(facts, pageHost);
  if (source === undefined) return undefined;
  return {
    ...placeOf(renames[0]!),
    tool: 'HTTrack',
    sourceHost: source.host,
    sourceUrl: source.url,
    copiedAt: undefined,
    stamp: renames
      .slice(0, 4)
      .map(({ value }) => value)
      .join(' '),
  };
}

/** `wget -k -E` keeps queries inside file names: `main.css%3Fv=2.css`, `list%3Fid=1.html`. */
export const WGET_NAME =
  /^[^?#]{0,400}\.[a-z0-9]{2,5}%3F[^?#]{1,400}\.(?:css|js|html)(?:#|$)|^[^?#]{1,400}%3F[^?#]{1,400}\.html(?:#|$)/i;

function renamedByWget(facts: StampFacts, pageHost: Host): MirrorStamp | undefined {
  const renamed = facts.links.filter(({ value }) => !/^[a-z]+:/i.test(value) && WGET_NAME.test(value));
  const source =
    new Set(renamed.map(({ value }) => value)).size < 2 ? undefined : namedSource(facts, pageHost);
  if (source === undefined) return undefined;
  return {
    ...placeOf(renamed[0]!),
    tool: 'wget',
    sourceHost: source.host,
    sourceUrl: source.url,
    copiedAt: undefined,
    stamp: renamed
      .slice(0, 4)
      .map(({ value }) => value)
      .join(' '),
  };
}

/** The foreign site that a page says it is: canonical link, og:url, the targets of its forms, its base. */
function namedSource(facts: StampFacts, pageHost: Host): { host: Host; url: string } | undefined {
  const candidates = [
    ...facts.links.filter(
      ({ element, attribute, rel }) => element === 'link' && attribute === 'href' && rel === 'canonical',
    ),
    ...facts.metas.filter(({ name }) => name === 'og:url').map((meta) => ({ ...meta, value: meta.content })),
    ...facts.links.filter(({ element, attribute }) => element === 'form' && attribute === 'action'),
    ...(facts.base === undefined ? [] : [{ ...facts.base, value: facts.base.href }]),
  ];
  for (const { value } of candidates) {
    if (!/^(?:https?:)?\/\//i.test(value)) continue;
    const host = hostOfAddress(value.replace(/^\/\//, 'https://'));
    if (host !== undefined && isForeign(host, pageHost)) return { host, url: value };
  }
  return undefined;
}

/** Whether the host belongs to another site than the page's. */
export function isForeign(host: Host, pageHost: Host): boolean {
  return host !== pageHost && (registrableDomain(host) ?? host) !== (registrableDomain(pageHost) ?? pageHost);
}

function commonestHost(addresses: readonly string[]): Host | undefined {
  const counts = new Map<string, number>();
  for (const address of addresses) {
    const host = hostOfAddress(address);
    if (host !== undefined) counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  const [commonest] = [...counts].sort((a, b) => b[1] - a[1]);
  return commonest === undefined ? undefined : parseHost(commonest[0]);
}

function placeOf({ offset, length, element, attribute }: MarkupPlace): MarkupPlace {
  return {
    offset,
    length,
    ...(element !== undefined && { element }),
    ...(attribute !== undefined && { attribute }),
  };
}
