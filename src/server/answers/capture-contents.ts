import { stat } from 'node:fs/promises';
import { downloadChains, linksOf, parseCertificate } from '#extract';
import { AditError, hostOfUrl, type Capture, type CapturedDocument } from '#model';
import { compareVisits } from '#pipeline';
import { captureOf, FileAnswer, type AnswerContext, type Answers } from '../answer.ts';
import { openText, placeOf } from '../capture/capture-texts.ts';
import { exchangeDetail } from '../capture/exchange-detail.ts';
import { exchangeRows, facetsOf, foreignTo, selectExchanges } from '../capture/exchange-table.ts';
import { hostTree } from '../capture/host-tree.ts';
import type { OpenedCapture } from '../capture/opened-captures.ts';
import { diffTexts, type TextDiff } from '../capture/text-diff.ts';

const DEFAULT_PAGE = 200;
const DEFAULT_ROWS = 200;
/** Entries of each list in the overview. */
const MAX_LISTED = 500;
/** Longest value in a list; the bundle has it whole. */
const MAX_VALUE = 4_096;
const MAX_FOUND = 1_000;
const DIFF_CONTEXT = 3;
const MAX_DIFF_LINES = 5_000;
const MAX_DIFF_LINE = 2_000;

type CaptureContentId =
  | 'getCaptureOverview'
  | 'listExchanges'
  | 'getExchange'
  | 'getHostTree'
  | 'getText'
  | 'findInText'
  | 'getTextMarks'
  | 'compareTexts'
  | 'getScreenshot'
  | 'listConsole'
  | 'listCookies'
  | 'listStorage'
  | 'listCertificates'
  | 'listDownloads'
  | 'listLinks'
  | 'listWebSockets'
  | 'listVisits'
  | 'getChanges';

/** What is inside a capture, for the screen that shows one. */
export function captureContentAnswers({
  workbench,
  captures,
}: AnswerContext): Pick<Answers, CaptureContentId> {
  const within = async <Value>(
    id: string,
    use: (opened: OpenedCapture) => Value | Promise<Value>,
  ): Promise<Value> => captures.with(await workbench.bundleOf(await captureOf(workbench, id)), use);
  return {
    getCaptureOverview: async ({ params, caller }) => {
      const stored = await captureOf(workbench, params.id);
      const path = await workbench.bundleOf(stored);
      const { size } = await stat(path);
      return captures.with(path, (opened) => {
        const overview = overviewOf(opened.bundle.capture, linksIn(opened).length);
        if (!caller.isGuest) return { capture: stored, bundleBytes: size, ...overview };
        // How this machine is set up, and by which way out it went, is not theirs to know.
        const { proxy: _proxy, ...persona } = overview.persona;
        const capture = { ...stored, bundle: '' };
        return { ...overview, capture, bundleBytes: size, persona, missingWalls: [], denied: [] };
      });
    },
    listExchanges: ({ params, query }) =>
      within(params.id, (opened) => {
        const rows = exchangeRows(opened);
        const { cursor, limit, ...wanted } = query;
        const selected = selectExchanges(rows, wanted);
        const { items, next } = page(selected, { cursor, limit });
        return {
          exchanges: items,
          total: rows.length,
          matching: selected.length,
          cursor: next,
          facets: facetsOf(rows),
        };
      }),
    getExchange: ({ params }) => within(params.id, (opened) => exchangeDetail(opened, params.exchange)),
    getHostTree: ({ params }) =>
      within(params.id, (opened) => hostTree(opened.bundle.capture, exchangeRows(opened))),
    getText: ({ params, query }) =>
      within(params.id, (opened) => {
        const { rows, isCut } = openText(opened, query.name);
        const { line, column = 1, rows: count = DEFAULT_ROWS } = query;
        const at = line === undefined ? undefined : rows.rowOf({ line, column });
        const from = at === undefined ? (query.from ?? 0) : Math.max(0, at - Math.floor(count / 2));
        return {
          name: query.name,
          rowCount: rows.rowCount,
          lineCount: rows.lineCount,
          sizeCharacters: rows.text.length,
          isCut,
          from,
          rows: rows.rows(from, count),
          at,
        };
      }),
    findInText: ({ params, query }) =>
      within(params.id, (opened) => {
        const limit = query.limit ?? MAX_FOUND;
        const places = openText(opened, query.name).rows.find(query.words, limit + 1);
        return { places: places.slice(0, limit), isCut: places.length > limit };
      }),
    getTextMarks: ({ params, query }) =>
      within(params.id, (opened) => {
        const { rows } = openText(opened, query.name);
        const limit = query.limit ?? MAX_FOUND;
        const marks = opened.observations.flatMap(({ dataset, source, label, target, evidence }) => {
          const place = placeOf(evidence);
          if (place?.text !== query.name || place.line === undefined) return [];
          const { line, column = 1 } = place;
          const length = place.length ?? rows.tagLength({ line, column });
          return { dataset, source, label, target, row: rows.rowOf({ line, column }), line, column, length };
        });
        marks.sort((a, b) => a.line - b.line || a.column - b.column);
        return { marks: marks.slice(0, limit), isCut: marks.length > limit };
      }),
    compareTexts: ({ params, query }) => {
      const { from, to, other } = query;
      return within(params.id, async (opened) => {
        const left = openText(opened, from);
        const right =
          other === undefined
            ? openText(opened, to)
            : await within(other, (otherOpened) => openText(otherOpened, to));
        const isMarkup = left.isMarkup && right.isMarkup;
        return toBlocks(diffTexts(left.rows.text, right.rows.text, isMarkup), left.isCut || right.isCut);
      });
    },
    getScreenshot: ({ params }) =>
      within(params.id, ({ bundle }) => {
        const path = bundle.capture.screenshots[params.index]?.path;
        const bytes = path === undefined ? undefined : bundle.attachment(path);
        const type = bytes === undefined ? undefined : imageType(bytes);
        if (bytes === undefined || type === undefined)
          throw new AditError('not-found', 'The capture holds no such screenshot.');
        const name = `${params.id}-${params.index}.${type.slice('image/'.length)}`;
        return new FileAnswer(type, name, bytes, { isImmutable: true });
      }),
    listConsole: ({ params, query }) =>
      within(params.id, ({ bundle }) => {
        const { console, exchanges } = bundle.capture;
        const { items, next } = page(console, query);
        const messages = items.map(({ text, lineNumber, columnNumber, ...message }) => {
          const line = lineNumber === undefined ? undefined : lineNumber + 1;
          const column = columnNumber === undefined ? undefined : columnNumber + 1;
          const source = exchanges.find(
            ({ url, response }) => url === message.url && response?.body !== undefined,
          );
          return {
            ...message,
            ...cut(text),
            line,
            column,
            place:
              source === undefined || line === undefined
                ? undefined
                : { text: `exchange:${source.id}`, line, column },
          };
        });
        return { messages, cursor: next };
      }),
    listCookies: ({ params, query }) =>
      within(params.id, ({ bundle }) => {
        const { items, next } = page(bundle.capture.cookies, query);
        const cookies = items.map((cookie) => ({
          ...cookie,
          value: cookie.value.slice(0, MAX_VALUE),
          isCut: cookie.value.length > MAX_VALUE,
        }));
        return { cookies, cursor: next };
      }),
    listStorage: ({ params, query }) =>
      within(params.id, ({ bundle }) => {
        const { items, next } = page(bundle.capture.storage, query);
        return {
          items: items.map(({ value, key, ...item }) => ({
            ...item,
            key: key.slice(0, MAX_VALUE),
            ...cut(value),
          })),
          cursor: next,
        };
      }),
    listCertificates: ({ params, query }) =>
      within(params.id, ({ bundle }) => {
        const { certificates, exchanges } = bundle.capture;
        const { items, next } = page(certificates, query);
        return {
          certificates: items.map(({ sha256, der }) => {
            const bytes = bundle.attachment(der);
            const parsed = bytes === undefined ? undefined : parseCertificate(bytes);
            const used = exchanges.filter(({ tls }) => tls?.chain[0] === sha256);
            return {
              sha256,
              sha1: parsed?.sha1,
              subject: parsed?.subject,
              issuer: parsed?.issuer,
              serial: parsed?.serial,
              notBefore: parsed?.notBefore,
              notAfter: parsed?.notAfter,
              names: parsed?.names.slice(0, MAX_LISTED) ?? [],
              hosts: [...new Set(used.flatMap(({ url }) => hostOfUrl(url) ?? []))].slice(0, MAX_LISTED),
              distrust: used.find(({ tls }) => tls?.distrust !== undefined)?.tls?.distrust,
            };
          }),
          cursor: next,
        };
      }),
    listDownloads: ({ params, query }) =>
      within(params.id, ({ bundle }) => {
        const { items, next } = page(downloadChains(bundle), query);
        return {
          downloads: items.map(({ download: { file, frame: _frame, ...download }, links }) => ({
            ...download,
            sizeBytes: file?.sizeBytes,
            sha256: file?.sha256,
            sha1: file?.sha1,
            md5: file?.md5,
            magic: file?.magic,
            truncated: file?.truncated,
            chain: links,
          })),
          cursor: next,
        };
      }),
    listLinks: ({ params, query }) =>
      within(params.id, (opened) => {
        const links = linksIn(opened);
        const { items, next } = page(links, query);
        const isForeign = foreignTo(opened.bundle.capture);
        return {
          links: items.map((url) => {
            const host = hostOfUrl(url);
            return { url: url.slice(0, MAX_VALUE), host, isForeign: isForeign(host) };
          }),
          total: links.length,
          cursor: next,
        };
      }),
    listWebSockets: ({ params, query }) =>
      within(params.id, ({ bundle }) => {
        const { webSockets } = bundle.capture;
        const all = webSockets.flatMap(({ url, messages }, socket) =>
          messages.map(({ data, ...message }) => ({ socket, url, ...message, data })),
        );
        const { items, next } = page(all, query);
        return {
          messages: items.map(({ data, ...message }) => ({ ...message, ...cut(data) })),
          sockets: webSockets.slice(0, MAX_LISTED).map(({ url, exchange, messages }) => ({
            url,
            exchange,
            messages: messages.length,
          })),
          cursor: next,
        };
      }),
    listVisits: async ({ params, query }) => {
      const { url } = await captureOf(workbench, params.id);
      return { captures: await workbench.store.captures({ url, limit: query.limit }) };
    },
    getChanges: async ({ params, query }) => {
      const [since, now] = [await captureOf(workbench, query.since), await captureOf(workbench, params.id)];
      const changes = await within(since.id, (before) =>
        within(now.id, (after) => {
          const visit = ({ bundle, observations }: OpenedCapture) => ({ reader: bundle, observations });
          return compareVisits(visit(before), visit(after));
        }),
      );
      return {
        since,
        now,
        ...changes,
        differences: changes.differences.map(({ aspect, isMaterial, says }) => ({
          aspect,
          isMaterial,
          says,
        })),
      };
    },
  };
}

function linksIn(opened: OpenedCapture): readonly string[] {
  return opened.once('links', () => linksOf(opened.bundle));
}

function page<Item>(
  items: readonly Item[],
  {
    cursor = 0,
    limit = DEFAULT_PAGE,
  }: { readonly cursor?: number | undefined; readonly limit?: number | undefined },
): { items: Item[]; next: number | undefined } {
  const end = cursor + limit;
  return { items: items.slice(cursor, end), next: end < items.length ? end : undefined };
}

function cut(text: string): { text: string; isCut: boolean } {
  return { text: text.slice(0, MAX_VALUE), isCut: text.length > MAX_VALUE };
}

/** By its first bytes: what a bundle calls a screenshot may be anything. */
function imageType(bytes: Uint8Array): 'image/png' | 'image/jpeg' | 'image/webp' | undefined {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  return head.startsWith('RIFF') && head.endsWith('WEBP') ? 'image/webp' : undefined;
}

function overviewOf(capture: Capture, links: number) {
  const { persona, screenshots, steps, documents, dialogs, popups, denied, workers } = capture;
  const { exchanges, console, cookies, storage, certificates, downloads, webSockets } = capture;
  const lists = [screenshots, steps, documents, dialogs, popups, denied, workers];
  const listed = <Item>(items: readonly Item[]): readonly Item[] => items.slice(0, MAX_LISTED);
  return {
    software: capture.software,
    finishedAt: capture.finishedAt,
    outcome: capture.outcome,
    limits: listed(capture.limits),
    persona: {
      id: persona.id,
      title: persona.title,
      userAgent: persona.userAgent,
      languages: persona.languages,
      timeZone: persona.timeZone,
      viewport: {
        width: persona.viewport.width,
        height: persona.viewport.height,
        isMobile: persona.viewport.isMobile,
      },
      referrer: persona.referrer,
      proxy: persona.proxy,
    },
    browser: capture.browser?.product,
    crawl: capture.crawl,
    counts: {
      exchanges: exchanges.length,
      hosts: new Set(exchanges.map(({ url }) => hostOfUrl(url))).size,
      bytes: exchanges.reduce((sum, { response }) => sum + (response?.body?.encodedSizeBytes ?? 0), 0),
      failed: exchanges.filter(({ failure }) => failure !== undefined).length,
      console: console.length,
      cookies: cookies.length,
      storage: storage.length,
      certificates: certificates.length,
      downloads: downloads.length,
      webSockets: webSockets.length,
      messages: webSockets.reduce((sum, { messages }) => sum + messages.length, 0),
      links,
      resolutions: capture.resolutions.length,
    },
    screenshots: listed(screenshots).map(({ path: _path, ...screenshot }, index) => ({
      index,
      ...screenshot,
    })),
    steps: listed(steps).map(({ screenshot: _screenshot, ...step }) => step),
    documents: listed(documents).map((document) => ({
      id: document.id,
      url: document.url,
      title: document.title,
      isMainFrame: document.isMainFrame,
      isPopup: document.openerFrame !== undefined,
      texts: textsOf(document, capture),
    })),
    dialogs: listed(dialogs).map(({ kind, message, url, answer }) => ({
      kind,
      message: message.slice(0, MAX_VALUE),
      url,
      answer,
    })),
    popups: listed(popups).map(({ url, wasBlocked, step }) => ({ url, wasBlocked, step })),
    denied: listed(denied),
    workers: listed(workers),
    missingWalls: capture.missingWalls,
    isListCut: lists.some(({ length }) => length > MAX_LISTED),
  };
}

function textsOf(
  { id, exchange, loaded, final, text }: CapturedDocument,
  { exchanges }: Capture,
): { name: string; phase: 'delivered' | 'loaded' | 'final' | 'visible' }[] {
  const isDelivered = exchange !== undefined && exchanges[exchange]?.response?.body !== undefined;
  return [
    ...(isDelivered ? [{ name: `exchange:${exchange}`, phase: 'delivered' as const }] : []),
    ...(loaded === undefined ? [] : [{ name: `document:${id}:loaded`, phase: 'loaded' as const }]),
    ...(final === undefined ? [] : [{ name: `document:${id}:final`, phase: 'final' as const }]),
    ...(text === undefined ? [] : [{ name: `text:${id}`, phase: 'visible' as const }]),
  ];
}

/** The blocks of a comparison with their lines, unchanged ones only near a change. */
function toBlocks({ from, to, blocks }: TextDiff, isTextCut: boolean) {
  const counts = { added: 0, removed: 0, same: 0 };
  let room = MAX_DIFF_LINES;
  let isCut = isTextCut;
  const lines = (units: TextDiff['from'], start: number, end: number) => {
    const shown = units.slice(start, Math.min(end, start + room));
    if (shown.length < end - start) isCut = true;
    room -= shown.length;
    return shown.map(({ line, text }) => ({ line, text: text.slice(0, MAX_DIFF_LINE) }));
  };
  const shown = blocks.flatMap((block, index) => {
    const size = block.from.end - block.from.start;
    if (block.kind === 'same') counts.same += size;
    else {
      counts.removed += size;
      counts.added += block.to.end - block.to.start;
    }
    if (room === 0) {
      isCut = true;
      return [];
    }
    if (block.kind === 'changed')
      return {
        kind: block.kind,
        from: lines(from, block.from.start, block.from.end),
        to: lines(to, block.to.start, block.to.end),
        hidden: 0,
      };
    const head = index === 0 ? 0 : Math.min(DIFF_CONTEXT, size);
    const tail = index === blocks.length - 1 ? 0 : Math.min(DIFF_CONTEXT, size - head);
    const both = (units: TextDiff['from'], { start, end }: { start: number; end: number }) => [
      ...lines(units, start, start + head),
      ...lines(units, end - tail, end),
    ];
    return {
      kind: block.kind,
      from: both(from, block.from),
      to: both(to, block.to),
      hidden: size - head - tail,
    };
  });
  return { blocks: shown, ...counts, isCut };
}
