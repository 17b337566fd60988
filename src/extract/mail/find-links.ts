import { hostOfUrl, parseHost, parseUrl, refang, type Host, type Url } from '#model';
import { parse } from 'tldts';

/** A URL or a host name that a text names. Offsets are UTF-16 code units. */
export interface FoundLink {
  /** Undefined where only a host is named. */
  readonly url?: Url;
  readonly host: Host;
  /** Written so that it cannot be clicked: `hxxp`, `[.]`, `(dot)`, `[at]`, … */
  readonly isDefanged: boolean;
  readonly start: number;
  readonly end: number;
}

/** Longest run of characters that is looked at as one URL. */
const MAX_CANDIDATE_LENGTH = 8_192;

const DOT = String.raw`(?:\.|\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?)`;
const AT = String.raw`(?:@|\s?[\[({]\s?(?:@|at)\s?[\])}]\s?)`;
const LABEL = String.raw`[\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_-]{0,61}[\p{L}\p{N}\p{M}_])?`;

const URL_START =
  /(?<![\p{L}\p{N}])h(?:tt|xx|tx|xt)ps?\s?(?:\[:\/\/\]|:\[\/\/\]|(?:\[:\]|\(:\)|:)(?:\/\/|\\\\|\[\/\]\[\/\]))/giu;
/** A name of two labels or more that is no part of a longer word or path. */
const BARE_HOST = new RegExp(
  String.raw`(?<![\p{L}\p{N}\p{M}_/\\=%#&.-])${LABEL}(?:${DOT}${LABEL}){1,12}`,
  'giu',
);
const AT_BEFORE = new RegExp(`${AT}$`, 'i');
const AT_BEHIND = new RegExp(`^${AT}`, 'i');
/** Port and path behind a bare host. */
const TAIL = /(?::\d{1,5})?\//y;
/** What a URL may be made of, defanging included; it ends at blanks, quotes and brackets of prose. */
const URL_BODY =
  /(?:\s?[[({]\s?(?:\.|dot)\s?[\])}]\s?|\[[:/@]\]|\[[0-9a-f:.]{2,45}\]|[^\s\0-\x1f\x7f<>"'`{}|\\^[\]“”‘’«»‹›（）【】《》，；！、\u{200b}])+/iuy;
/** Punctuation that closes a sentence or a phrase, and references that stand for such. */
const SENTENCE_END = /[.,:!?*。\s]/u;
const ENTITY_END = /&(?:gt|lt|quot|nbsp|apos)$/;
/** Invisible characters that split what the eye reads as one word. */
const INVISIBLE = /[\u{ad}\u{200b}-\u{200d}\u{2060}\u{feff}]/gu;

/** Ends of names that are ends of file names far more often. */
const FILE_EXTENSIONS = new Set([
  'zip',
  'mov',
  'md',
  'py',
  'sh',
  'pl',
  'rs',
  'ps',
  'so',
  'cc',
  'ml',
  'java',
  'app',
  'bz',
]);

/** Removes characters that nobody sees, so that names come together again. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

/**
 * Finds the URLs and host names that a text names, plain or defanged, in Unicode or Punycode, in order. Names without
 * scheme count where their ending is a public suffix; with a path, or beginning with `www.`, they are URLs. The domain of a mail address is a
 * host. Wrappers around URLs are left as they are. Linear in time, never throws.
 */
export function findLinks(text: string): FoundLink[] {
  const urls = findUrls(text);
  const hosts = findBareHosts(text, urls);
  return [...urls, ...hosts].sort((a, b) => a.start - b.start);
}

function findUrls(text: string): FoundLink[] {
  const found: FoundLink[] = [];
  let done = 0;
  for (const match of text.matchAll(URL_START)) {
    if (match.index < done) continue; // a URL inside the query of another: that one is a wrapper, left as it is
    const bodyStart = match.index + match[0].length;
    const end = bodyStart + bodyLength(text, bodyStart);
    const written = text.slice(match.index, end);
    const refanged = refang(written)
      .replace(/^h\w\wp(s?)\s?(?=:)/i, 'http$1')
      .replaceAll('\\', '/');
    const url = parseUrl(refanged);
    const host = url === undefined ? undefined : hostOfUrl(url);
    done = end;
    if (url === undefined || host === undefined) continue;
    found.push({ url, host, isDefanged: isDefanged(written), start: match.index, end });
  }
  return found;
}

function findBareHosts(text: string, urls: readonly FoundLink[]): FoundLink[] {
  const found: FoundLink[] = [];
  let next = 0;
  let done = 0;
  for (const match of text.matchAll(BARE_HOST)) {
    const start = match.index;
    while (next < urls.length && urls[next]!.end <= start) next++;
    if (start < done || (next < urls.length && start >= urls[next]!.start)) continue;
    const link = readBareHost(text, start, match[0]);
    if (link === undefined) continue;
    found.push(link);
    done = link.end;
  }
  return found;
}

function readBareHost(text: string, start: number, written: string): FoundLink | undefined {
  const hostEnd = start + written.length;
  if (AT_BEHIND.test(text.slice(hostEnd, hostEnd + 12))) return undefined; // the local part of an address
  const host = parseHost(refang(written));
  if (host === undefined) return undefined;
  const at = AT_BEFORE.exec(text.slice(Math.max(0, start - 12), start))?.[0];
  TAIL.lastIndex = hostEnd;
  const hasPath = at === undefined && TAIL.test(text);
  const defanged = isDefanged(written) || (at !== undefined && at !== '@');
  if (!isLikelyHost(host, written, defanged || hasPath || at !== undefined)) return undefined;
  if (!hasPath && !(at === undefined && host.startsWith('www.'))) {
    return { host, isDefanged: defanged, start, end: hostEnd };
  }
  const end = hasPath ? hostEnd + bodyLength(text, hostEnd) : hostEnd;
  const url = parseUrl(`http://${refang(text.slice(start, end))}`);
  if (url === undefined) return undefined;
  return { url, host, isDefanged: defanged || isDefanged(text.slice(start, end)), start, end };
}

/** Prose is full of dots: version numbers, file names, sentences without a blank between them. */
function isLikelyHost(host: Host, written: string, isCertain: boolean): boolean {
  const { isIp, isIcann, isPrivate, domain } = parse(host, { allowPrivateDomains: true });
  if (isIp === true) return isCertain;
  if (domain === null || !(isIcann === true || isPrivate === true)) return false;
  if (isCertain) return true;
  const labels = host.split('.');
  if (labels.length === 2 && FILE_EXTENSIONS.has(labels[1]!)) return false;
  return !/\p{Ll}\.\p{Lu}\p{Ll}+$/u.test(written);
}

/** How much of the text behind `start` belongs to the URL; punctuation at its end belongs to the sentence. */
function bodyLength(text: string, start: number): number {
  URL_BODY.lastIndex = 0;
  const body = URL_BODY.exec(text.slice(start, start + MAX_CANDIDATE_LENGTH))?.[0] ?? '';
  let surplus = 0; // closing brackets that nothing opened
  for (const char of body) surplus += char === ')' ? 1 : char === '(' ? -1 : 0;
  let end = body.length;
  for (; end > 0; end--) {
    const last = body[end - 1]!;
    if (last === ')' && surplus > 0) surplus--;
    else if (last === ';') end -= ENTITY_END.exec(body.slice(Math.max(0, end - 6), end - 1))?.[0].length ?? 0;
    else if (!SENTENCE_END.test(last)) break;
  }
  return end;
}

function isDefanged(written: string): boolean {
  return (
    /^h(?:xx|tx|xt)p/i.test(written) || /[[({]\s?(?:\.|dot|:|:\/\/|\/\/|\/|@|at)\s?[\])}]/i.test(written)
  );
}
