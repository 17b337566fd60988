import {
  hostOfUrl,
  registrableDomain,
  type Capture,
  type CaptureReader,
  type CapturedDocument,
  type Exchange,
  type Persona,
} from '#model';
import { decodePage, sketchPage, type PageSketch } from '../outcome/page-sketch.ts';
import { fingerprintStructure, fingerprintText, type TextPrint } from './similarity.ts';

/** What one persona was shown, reduced to what can be compared; small, so that the capture itself can go. */
export interface PersonaView {
  readonly captureId: string;
  readonly url: string;
  readonly persona: Persona;
  readonly outcome: Capture['outcome'];
  /** Status of the last document of the main frame. */
  readonly status?: number;
  readonly finalUrl?: string;
  readonly title?: string;
  /** Addresses that the main frame went through, the final one included. */
  readonly way: readonly string[];
  readonly text: TextPrint;
  readonly structure: ReadonlySet<number>;
  /** Registrable domains (or addresses) that anything was asked of. */
  readonly sites: ReadonlySet<string>;
  /** Those that scripts came from. */
  readonly scriptSites: ReadonlySet<string>;
  /** `POST example.org: email, password`, one for each form. */
  readonly forms: ReadonlySet<string>;
  /** Sites that forms with a password or card field send to. */
  readonly credentialSites: ReadonlySet<string>;
  /** SHA-256 of each file, or its name where there are no bytes. */
  readonly downloads: ReadonlySet<string>;
}

/** Documents read of one capture; a page may have any number of frames. */
const MAX_DOCUMENTS = 20;

/** Reads the capture as its persona saw it: the main page and the frames in it, not popups. */
export function viewCapture(reader: CaptureReader): PersonaView {
  const { capture } = reader;
  const main = capture.documents.findLast(
    (document) => document.isMainFrame && document.openerFrame === undefined,
  );
  const shown = main === undefined ? [] : [main, ...framesWithin(capture.documents, main)];
  const pages = shown.slice(0, MAX_DOCUMENTS).map((document) => readDocument(reader, document));
  const text = pages.map((page) => page.text).join('\n');
  const forms = pages.flatMap((page) => formsOf(page.sketch, page.url));
  const exchanges = capture.exchanges.filter(
    ({ frame }) => main === undefined || frame === main.frame || frame === undefined,
  );
  const lastDocument = exchanges.findLast(
    (exchange) => isMainDocument(exchange) && exchange.response !== undefined,
  );
  return {
    captureId: capture.id,
    url: capture.url,
    persona: capture.persona,
    outcome: capture.outcome,
    status: lastDocument?.response?.status,
    finalUrl: capture.finalUrl,
    title: main?.title ?? capture.title,
    way: wayOf(capture, exchanges),
    text: fingerprintText(text),
    structure: fingerprintStructure(pages[0]?.sketch.elements.map(({ name }) => name) ?? []),
    sites: new Set(capture.exchanges.map(({ url }) => siteOf(url)).filter(isDefined)),
    scriptSites: new Set(
      [
        ...capture.exchanges
          .filter(({ resourceType }) => resourceType === 'Script')
          .map(({ url }) => siteOf(url)),
        ...pages.flatMap(scriptSitesOf),
      ].filter(isDefined),
    ),
    forms: new Set(forms.map(({ shape }) => shape)),
    credentialSites: new Set(
      forms.filter(({ asksForCredentials }) => asksForCredentials).map(({ site }) => site),
    ),
    downloads: new Set(capture.downloads.map(({ file, suggestedName }) => file?.sha256 ?? suggestedName)),
  };
}

/** The site of an address: its registrable domain, or the host itself where it has none. */
export function siteOf(url: string): string | undefined {
  const host = hostOfUrl(url);
  return host === undefined ? undefined : (registrableDomain(host) ?? host);
}

function framesWithin(documents: readonly CapturedDocument[], main: CapturedDocument): CapturedDocument[] {
  const frames = new Set([main.frame]);
  const within: CapturedDocument[] = [];
  for (const document of documents) {
    if (document.parentFrame === undefined || !frames.has(document.parentFrame)) continue;
    frames.add(document.frame);
    within.push(document);
  }
  return within;
}

function readDocument(
  reader: CaptureReader,
  document: CapturedDocument,
): { url: string; text: string; sketch: PageSketch } {
  const html = readHtml(reader, document);
  const sketch = sketchPage(html);
  const text = document.text === undefined ? undefined : reader.attachment(document.text);
  return {
    url: document.url,
    sketch,
    text: text === undefined ? sketch.text : Buffer.from(text).toString('utf8'),
  };
}

/** The document as late as it is known. */
function readHtml(reader: CaptureReader, { final, loaded, exchange }: CapturedDocument): string {
  const path = final ?? loaded;
  const snapshot = path === undefined ? undefined : reader.attachment(path);
  if (snapshot !== undefined) return Buffer.from(snapshot).toString('utf8');
  const delivered = exchange === undefined ? undefined : reader.capture.exchanges[exchange];
  const body = delivered === undefined ? undefined : reader.responseBody(delivered);
  if (delivered === undefined || body === undefined) return '';
  const type = delivered.response?.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return decodePage(body, type);
}

interface Form {
  readonly shape: string;
  readonly site: string;
  readonly asksForCredentials: boolean;
}

const CARD_FIELD = /^cc-|card.?(?:number|no)|cardnum|\bcvv\b|\bcvc\b/i;

/** Forms as they stand in the markup: fields belong to the last form begun. */
function formsOf({ elements }: PageSketch, pageUrl: string): Form[] {
  const forms: { action: string; method: string; fields: string[]; asksForCredentials: boolean }[] = [];
  for (const { name, attributes } of elements) {
    if (name === 'form') {
      const method = (attributes.get('method') ?? 'get').toUpperCase();
      forms.push({ action: attributes.get('action') ?? '', method, fields: [], asksForCredentials: false });
    }
    if (name !== 'input' && name !== 'select' && name !== 'textarea') continue;
    const type = attributes.get('type')?.toLowerCase() ?? (name === 'input' ? 'text' : name);
    if (type === 'hidden') continue;
    // Fields outside any form are sent by script: to the page's own site as far as one can see.
    if (forms.length === 0)
      forms.push({ action: '', method: 'SCRIPT', fields: [], asksForCredentials: false });
    const form = forms.at(-1)!;
    form.fields.push(type);
    form.asksForCredentials ||=
      type === 'password' ||
      CARD_FIELD.test(`${attributes.get('autocomplete') ?? ''} ${attributes.get('name') ?? ''}`);
  }
  return forms.map(({ action, method, fields, asksForCredentials }) => {
    const site = siteOf(URL.parse(action, pageUrl)?.href ?? pageUrl) ?? 'elsewhere';
    return { shape: `${method} ${site}: ${fields.sort().join(', ')}`, site, asksForCredentials };
  });
}

function scriptSitesOf({
  sketch,
  url,
}: {
  readonly sketch: PageSketch;
  readonly url: string;
}): (string | undefined)[] {
  return sketch.elements
    .filter(({ name, attributes }) => name === 'script' && attributes.has('src'))
    .map(({ attributes }) => siteOf(URL.parse(attributes.get('src') ?? '', url)?.href ?? ''));
}

function isMainDocument({ isMainFrame, resourceType }: Exchange): boolean {
  return isMainFrame === true && resourceType === 'Document';
}

function wayOf(capture: Capture, exchanges: readonly Exchange[]): string[] {
  const visited = exchanges.filter(isMainDocument).map(({ url }) => url);
  const all = [capture.url, ...visited, ...(capture.finalUrl === undefined ? [] : [capture.finalUrl])];
  return all.filter((url, index) => url !== all[index - 1]);
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
