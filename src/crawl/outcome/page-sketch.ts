/** What a page shows and wants, read from its HTML without building a document. */
export interface PageSketch {
  readonly title?: string;
  /** Text between the tags; scripts, styles, templates and `noscript` left out, white space folded. */
  readonly text: string;
  /** Start tags in order, lower case. */
  readonly elements: readonly SketchedElement[];
}

interface SketchedElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** More HTML than this (in characters) is not looked at. */
const MAX_SKETCH_LENGTH = 4_000_000;
const MAX_ELEMENTS = 100_000;
const MAX_ATTRIBUTES = 64;

/** Elements whose content is no markup (HTML §13.1.2), or is not shown where scripts run. */
const OPAQUE = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'textarea',
  'title',
  'iframe',
  'noframes',
  'xmp',
]);
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
  reg: '®',
  hellip: '…',
  mdash: '—',
  ndash: '–',
};

/** HTML text of any quality → what it shows. One pass, linear in the length of the text; never throws. */
export function sketchPage(html: string): PageSketch {
  const source = html.length > MAX_SKETCH_LENGTH ? html.slice(0, MAX_SKETCH_LENGTH) : html;
  const lower = asciiLowerCase(source);
  const elements: SketchedElement[] = [];
  const texts: string[] = [];
  let title: string | undefined;
  let position = 0;
  while (position < source.length) {
    const open = source.indexOf('<', position);
    texts.push(source.slice(position, open === -1 ? undefined : open));
    if (open === -1) break;
    if (source.startsWith('<!--', open)) {
      position = after(source, '-->', open + 4);
      continue;
    }
    const tag = /[a-z]/.test(lower[open + 1] ?? '') ? readStartTag(source, open + 1) : undefined;
    if (tag === undefined) {
      // An end tag, a declaration, or a bare `<`, which is text.
      const isMarkup = /[/!?]/.test(source[open + 1] ?? '');
      if (!isMarkup) texts.push('<');
      position = isMarkup ? after(source, '>', open + 2) : open + 1;
      continue;
    }
    if (elements.length < MAX_ELEMENTS) elements.push(tag.element);
    position = tag.end;
    texts.push(' ');
    if (OPAQUE.has(tag.element.name)) {
      const close = lower.indexOf(`</${tag.element.name}`, position);
      const end = close === -1 ? source.length : close;
      if (tag.element.name === 'title') title ??= fold(decodeReferences(source.slice(position, end)));
      position = end;
    }
  }
  return {
    ...(title === undefined ? {} : { title }),
    text: fold(decodeReferences(texts.join(' '))),
    elements,
  };
}

/** Where the page sends its visitor by itself, and after how long (HTML §4.2.5.3, the `refresh` state). */
export interface Refresh {
  readonly seconds: number;
  /** As written; undefined: the page itself again. */
  readonly target?: string;
}

/** Value of a `Refresh` header or of a refresh `<meta>` → its meaning, or undefined where it has none. */
export function parseRefresh(value: string): Refresh | undefined {
  const time = /^\s*(\d{0,9})[\d.]*/.exec(value);
  if (time === null || (time[1] === '' && !/^\s*\./.test(value))) return undefined;
  const seconds = Number(time[1]);
  const rest = value.slice(time[0].length);
  const target = /^(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?(.*)$/is.exec(rest)?.[1]?.trim();
  if (target === undefined) return rest.trim() === '' ? { seconds } : undefined;
  const quoted = /^(["'])(.*?)(?:\1|$)/s.exec(target);
  const url = quoted === null ? target : quoted[2]!;
  return url === '' ? { seconds } : { seconds, target: url };
}

/** The first refresh that the page's markup asks for. */
export function refreshOf(sketch: PageSketch): Refresh | undefined {
  for (const { name, attributes } of sketch.elements) {
    if (name !== 'meta' || attributes.get('http-equiv')?.trim().toLowerCase() !== 'refresh') continue;
    const refresh = parseRefresh(attributes.get('content') ?? '');
    if (refresh !== undefined) return refresh;
  }
  return undefined;
}

/** What relative addresses in the page start from. */
export function baseUrlOf(sketch: PageSketch, pageUrl: string): string {
  const base = sketch.elements.find(({ name, attributes }) => name === 'base' && attributes.has('href'));
  return URL.parse(base?.attributes.get('href') ?? '', pageUrl)?.href ?? pageUrl;
}

/**
 * Body bytes → text, by byte order mark, declared charset or the page's own `<meta>` (HTML §13.2.3). No more bytes than
 * a sketch of the text can need.
 */
export function decodePage(body: Uint8Array, contentType: string | undefined): string {
  const bytes = body.subarray(0, 4 * MAX_SKETCH_LENGTH);
  const declared = /charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType ?? '')?.[1];
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1');
  const inPage = /<meta[^>]+charset\s*=\s*["']?([^\s"'/>;]+)/i.exec(head)?.[1];
  const label = byteOrderMark(bytes) ?? declared ?? inPage ?? 'utf-8';
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder('utf-8').decode(bytes); // a label that no one knows
  }
}

function byteOrderMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xff && second === 0xfe ? 'utf-16le' : undefined;
}

const TAG_NAME = /[^\s/>]+/y;
const ATTRIBUTE = /[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)))?/y;
const TAG_END = /[^>]*>/y;

/** The start tag whose name begins at `from`, and where it ends. */
function readStartTag(source: string, from: number): { element: SketchedElement; end: number } | undefined {
  TAG_NAME.lastIndex = from;
  const name = TAG_NAME.exec(source)?.[0].toLowerCase();
  if (name === undefined) return undefined;
  const attributes = new Map<string, string>();
  let end = TAG_NAME.lastIndex;
  while (attributes.size < MAX_ATTRIBUTES) {
    ATTRIBUTE.lastIndex = end;
    const match = ATTRIBUTE.exec(source);
    if (match === null) break;
    end = ATTRIBUTE.lastIndex;
    const key = match[1]!.toLowerCase();
    // The first of two attributes of one name counts (HTML §13.2.5.33).
    if (!attributes.has(key)) attributes.set(key, decodeReferences(match[2] ?? match[3] ?? match[4] ?? ''));
  }
  TAG_END.lastIndex = end;
  return { element: { name, attributes }, end: TAG_END.test(source) ? TAG_END.lastIndex : source.length };
}

function after(source: string, mark: string, from: number): number {
  const at = source.indexOf(mark, from);
  return at === -1 ? source.length : at + mark.length;
}

function fold(text: string): string {
  return text.replace(/[\s\u00a0]+/g, ' ').trim();
}

/** Lower case that keeps every offset: `toLowerCase` makes some letters longer. */
function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}

function decodeReferences(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));?/gi, (whole, decimal, hex, name) => {
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? String(whole);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
      ? String.fromCodePoint(code)
      : '\ufffd';
  });
}
