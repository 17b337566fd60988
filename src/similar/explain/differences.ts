import { hostOfUrl, isWithin, type Host } from '#model';
import { align } from './align.ts';
import type { OutlineItem, OutlinePlace, OutlineTarget } from '#model';
import type { Outline } from './outline.ts';

/** One thing that the copy has otherwise than the original. */
export interface Difference {
  readonly kind: 'added' | 'removed' | 'moved' | 'changed';
  readonly what: OutlineItem['kind'] | 'wallet' | 'download';
  /** In words. */
  readonly says: string;
  /** Higher first: what harms is above what decorates. */
  readonly weight: number;
  readonly tag: string;
  readonly text: string;
  /** Where it stands; of what was added there is no place in the original, of what was removed none in the copy. */
  readonly copy: OutlinePlace | undefined;
  readonly original: OutlinePlace | undefined;
  /** Of a change: the attribute, or `text`, and its values. */
  readonly attribute?: string;
  readonly from?: string;
  readonly to?: string;
  /** The code that a control runs. */
  readonly handler?: string;
  /** Where it leads, as scripts have it or its address says. */
  readonly leadsTo?: readonly OutlineTarget[];
}

/** The file names that a page loads or links to, as copying tools leave them: without query, HTTrack's digits, wget's tail. */
function fileNameOf(url: string): string {
  const path = url.split(/[?#]|%3f/i, 1)[0]!;
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const isRenamed = url.includes('?') && /[0-9a-f]{4}\.[a-z0-9]{2,5}$/.test(name);
  return isRenamed ? name.replace(/[0-9a-f]{4}(?=\.[a-z0-9]{2,5}$)/, '') : name;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Items of the copy that stand in the original, too, by kind: how many of how many. */
  readonly kept: Readonly<
    Record<'texts' | 'elements' | 'resources', { readonly count: number; readonly of: number }>
  >;
}

const HARMFUL_FILE =
  /\.(?:exe|msi|dmg|pkg|apk|jar|zip|rar|7z|iso|img|scr|bat|cmd|ps1|vbs|js|hta|deb|rpm|appimage|tar\.gz|tgz)$/i;
const MAX_DIFFERENCES = 2_000;
const COMPARED = ['href', 'src', 'action', 'formaction', 'value', 'content', 'method', 'download', 'data'];

/** What the copy has otherwise, the weightiest first; `owned` are the original's owner's domains. */
export function compareItems(copy: Outline, original: Outline, owned: readonly Host[]): Comparison {
  const ours = copy.items.filter(isTelling);
  const theirs = original.items.filter(isTelling);
  const pairs = align(theirs.map(keyOf), ours.map(keyOf));
  const pairedOurs = new Map(pairs.map(([left, right]) => [right, left]));
  const pairedTheirs = new Set(pairs.map(([left]) => left));
  const changes: Difference[] = [];
  for (const [left, right] of pairs) changes.push(...changesOf(theirs[left]!, ours[right]!, copy, owned));

  const added = ours.flatMap((_, index) => (pairedOurs.has(index) ? [] : [index]));
  const removed = theirs.flatMap((_, index) => (pairedTheirs.has(index) ? [] : [index]));
  const substituted = substitutes(removed, added, theirs, ours, pairs, owned);
  for (const [left, right] of substituted) {
    const found = changesOf(theirs[left]!, ours[right]!, copy, owned);
    const [old, now] = [theirs[left]!, ours[right]!];
    if (old.text !== now.text && old.kind !== 'script') found.push(textChange(old, now));
    changes.push(...found);
  }
  const goneLeft = new Set(substituted.map(([left]) => left));
  const goneRight = new Set(substituted.map(([, right]) => right));
  const moved = moves(
    removed.filter((index) => !goneLeft.has(index)),
    added.filter((index) => !goneRight.has(index)),
    theirs,
    ours,
  );
  for (const [left, right] of moved) {
    goneLeft.add(left);
    goneRight.add(right);
    changes.push(difference('moved', ours[right]!, theirs[left], copy));
  }
  for (const index of added)
    if (!goneRight.has(index)) changes.push(difference('added', ours[index]!, undefined, copy));
  for (const index of removed)
    if (!goneLeft.has(index)) changes.push(difference('removed', undefined, theirs[index], original));
  changes.push(...wallets(copy, original));
  const isKept = (index: number): boolean =>
    pairedOurs.has(index) || moved.some(([, right]) => right === index);
  return {
    differences: changes.sort((a, b) => b.weight - a.weight).slice(0, MAX_DIFFERENCES),
    kept: {
      texts: share(ours, isKept, ({ kind }) => kind === 'text' || kind === 'title'),
      elements: share(ours, isKept, ({ kind }) => kind !== 'text' && kind !== 'title' && kind !== 'comment'),
      resources: share(ours, isKept, ({ kind }) => kind === 'resource'),
    },
  };
}

function share(
  items: readonly OutlineItem[],
  isKept: (index: number) => boolean,
  belongs: (item: OutlineItem) => boolean,
): { count: number; of: number } {
  let [count, of] = [0, 0];
  for (const [index, item] of items.entries()) {
    if (!belongs(item)) continue;
    of++;
    if (isKept(index)) count++;
  }
  return { count, of };
}

/** What a parser adds or a saver drops is no difference. */
function isTelling({ kind, tag, attributes }: OutlineItem): boolean {
  if (tag === 'html' || tag === 'head' || tag === 'body' || tag === 'tbody') return false;
  return kind !== 'meta' || attributes['charset'] !== undefined || attributes['content'] !== undefined;
}

/** By what an item of one page is known in the other. */
function keyOf({ kind, tag, text, attributes, url }: OutlineItem): string {
  if (kind === 'text' || kind === 'title' || kind === 'comment') return `${kind} ${text}`;
  if (kind === 'script') return `script ${text}`;
  if (kind === 'resource')
    return `${tag} ${fileNameOf(url ?? attributes['src'] ?? attributes['href'] ?? '')}`;
  if (kind === 'meta')
    return `meta ${attributes['name'] ?? attributes['property'] ?? attributes['http-equiv'] ?? ''}`;
  if (kind === 'control') return `${tag} ${text}`;
  return `${tag} ${attributes['id'] ?? ''}`;
}

/** Of a gap, what was removed and what was added in its place: same element, in order. */
function substitutes(
  removed: readonly number[],
  added: readonly number[],
  theirs: readonly OutlineItem[],
  ours: readonly OutlineItem[],
  pairs: readonly (readonly [number, number])[],
  owned: readonly Host[],
): [number, number][] {
  const gapOf = (index: number, side: 0 | 1): number => {
    let [low, high] = [0, pairs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[middle]![side] < index) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const byGap = Map.groupBy(added, (index) => gapOf(index, 1));
  const taken = new Set<number>();
  const found: [number, number][] = [];
  for (const left of removed) {
    const old = theirs[left]!;
    if (old.kind === 'comment' || old.kind === 'element') continue;
    const right = byGap
      .get(gapOf(left, 0))
      ?.find((index) => !taken.has(index) && isSubstitute(old, ours[index]!, owned));
    if (right === undefined) continue;
    taken.add(right);
    found.push([left, right]);
  }
  return found;
}

function isSubstitute(old: OutlineItem, now: OutlineItem, owned: readonly Host[]): boolean {
  if (old.kind !== now.kind || old.tag !== now.tag) return false;
  if (old.kind === 'text') return sharedWords(old.text, now.text) >= 0.4;
  if (old.kind === 'control') {
    if (old.text === now.text || sharedWords(old.text, now.text) >= 0.5) return true;
    return old.url !== undefined && now.url !== undefined && isSameAddress(old, now, owned);
  }
  return old.kind !== 'script' && old.kind !== 'resource';
}

function sharedWords(left: string, right: string): number {
  const words = new Set(left.toLowerCase().split(' '));
  const others = new Set(right.toLowerCase().split(' '));
  const shared = [...words].filter((word) => others.has(word)).length;
  return shared / Math.max(words.size, others.size);
}

function moves(
  removed: readonly number[],
  added: readonly number[],
  theirs: readonly OutlineItem[],
  ours: readonly OutlineItem[],
): [number, number][] {
  const places = Map.groupBy(removed, (index) => keyOf(theirs[index]!));
  const found: [number, number][] = [];
  for (const right of added) {
    const item = ours[right]!;
    const isPlain = item.kind === 'element' || (item.kind === 'control' && item.text === '');
    if (isPlain || item.text.length + (item.url?.length ?? 0) < 3) continue;
    const left = places.get(keyOf(item))?.shift();
    if (left !== undefined) found.push([left, right]);
  }
  return found;
}

/** Attributes that lead elsewhere, or run other code. Where only the way to the same file differs, nothing changed. */
function changesOf(old: OutlineItem, now: OutlineItem, copy: Outline, owned: readonly Host[]): Difference[] {
  const names = new Set([...COMPARED, ...handlersOf(old), ...handlersOf(now)]);
  const found: Difference[] = [];
  for (const name of names) {
    const [from, to] = [old.attributes[name], now.attributes[name]];
    if (from === to || (from === undefined && to === undefined)) continue;
    if (isAddress(name) && isSameAddress(old, now, owned)) continue;
    if (name === 'content' && old.kind === 'meta' && isSameWords(from, to)) continue;
    found.push(attributeChange(name, old, now, copy));
  }
  return found;
}

const isAddress = (name: string): boolean => ['href', 'src', 'action', 'formaction', 'data'].includes(name);
const handlersOf = ({ attributes }: OutlineItem): string[] =>
  Object.keys(attributes).filter((name) => name.startsWith('on'));
const isSameWords = (left = '', right = ''): boolean => left.trim() === right.trim();

/**
 * Whether both lead to the same place, seen from each page: the same address; or, on the copy's own host, the path that it
 * has on the original's (mirrors); files by their name.
 */
function isSameAddress(old: OutlineItem, now: OutlineItem, owned: readonly Host[]): boolean {
  if (old.url === undefined || now.url === undefined)
    return old.url === now.url && isInert(old) === isInert(now);
  if (old.url === now.url) return true;
  const [before, after] = [new URL(old.url), new URL(now.url)];
  const isOwn = (url: URL): boolean =>
    owned.some((domain) => isWithin(hostOfUrl(url.href) ?? domain, domain));
  if (old.kind === 'resource' && fileNameOf(old.url) === fileNameOf(now.url)) return true;
  const path = (url: URL): string => url.pathname.replace(/(?:index)?\.html?$/, '').replace(/\/$/, '');
  if (path(before) === path(after) && (isOwn(before) || before.host === after.host)) return true;
  // What lay on other hosts lies in folders of their names.
  return after.pathname.includes(`/${before.hostname}/`) || after.pathname.endsWith(`/${before.hostname}`);
}

const isInert = ({ attributes }: OutlineItem): boolean =>
  /^(?:#|javascript:void|javascript:;?$)/i.test(attributes['href'] ?? '#');

function attributeChange(attribute: string, old: OutlineItem, now: OutlineItem, copy: Outline): Difference {
  const [from, to] = [old.attributes[attribute] ?? '', now.attributes[attribute] ?? ''];
  const isDownload = HARMFUL_FILE.test(pathOf(now.url)) || HARMFUL_FILE.test(pathOf(old.url));
  const handler = handlerOf(now);
  const leadsTo = handler === undefined ? [] : targetsOf(copy, handler);
  const name = labelOf(now);
  const says = attribute.startsWith('on')
    ? `${name} runs ${quoted(to)}${from === '' ? '' : ` instead of ${quoted(from)}`}${leadsText(leadsTo)}`
    : `${name}: ${attribute} is ${quoted(to)}, was ${quoted(from)}`;
  return {
    kind: 'changed',
    what: isDownload ? 'download' : now.kind,
    says,
    weight: attribute.startsWith('on')
      ? 95
      : isDownload
        ? 90
        : now.kind === 'form'
          ? 85
          : now.kind === 'control'
            ? 60
            : 20,
    tag: now.tag,
    text: now.text,
    copy: now.place,
    original: old.place,
    attribute,
    from,
    to,
    ...(handler !== undefined && { handler }),
    ...(leadsTo.length > 0 && { leadsTo }),
  };
}

function textChange(old: OutlineItem, now: OutlineItem): Difference {
  return {
    kind: 'changed',
    what: now.kind,
    says: `${now.kind === 'control' ? 'the label' : 'the text'} ${quoted(old.text)} reads ${quoted(now.text)}`,
    weight: now.kind === 'title' ? 40 : now.kind === 'control' ? 45 : 30,
    tag: now.tag,
    text: now.text,
    copy: now.place,
    original: old.place,
    attribute: 'text',
    from: old.text,
    to: now.text,
  };
}

function difference(
  kind: 'added' | 'removed' | 'moved',
  now: OutlineItem | undefined,
  old: OutlineItem | undefined,
  side: Outline,
): Difference {
  const item = (now ?? old)!; // one of them is given
  const handler = handlerOf(item);
  const leadsTo = kind === 'removed' || handler === undefined ? [] : targetsOf(side, handler);
  const isDownload = item.kind === 'control' && HARMFUL_FILE.test(pathOf(item.url));
  const where = item.url === undefined || isInert(item) ? '' : ` to ${quoted(item.url)}`;
  const runs = handler === undefined ? '' : `, which runs ${quoted(handler)}${leadsText(leadsTo)}`;
  return {
    kind,
    what: isDownload ? 'download' : item.kind,
    says: `${kind}: ${labelOf(item)}${item.kind === 'control' || item.kind === 'form' || item.kind === 'resource' ? where : ''}${runs}`,
    weight: weightOf(kind, item, handler !== undefined || leadsTo.length > 0, isDownload),
    tag: item.tag,
    text: item.text,
    copy: now?.place,
    original: old?.place,
    ...(item.url !== undefined && (kind === 'removed' ? { from: item.url } : { to: item.url })),
    ...(handler !== undefined && { handler }),
    ...(leadsTo.length > 0 && { leadsTo }),
  };
}

const KIND_WEIGHTS: Readonly<Record<OutlineItem['kind'], number>> = {
  form: 80,
  control: 55,
  script: 50,
  resource: 35,
  title: 40,
  text: 30,
  comment: 25,
  meta: 15,
  element: 5,
};

function weightOf(
  kind: Difference['kind'],
  item: OutlineItem,
  isActive: boolean,
  isDownload: boolean,
): number {
  const weight = isDownload ? 88 : isActive && item.kind === 'control' ? 96 : KIND_WEIGHTS[item.kind];
  return kind === 'added' ? weight : kind === 'removed' ? weight * 0.6 : weight * 0.4;
}

function handlerOf({ attributes }: OutlineItem): string | undefined {
  const code =
    attributes['onclick'] ??
    Object.keys(attributes)
      .filter((name) => name.startsWith('on'))
      .map((name) => attributes[name])[0];
  if (code !== undefined) return code;
  const script = /^javascript:(.{3,})$/is.exec(attributes['href'] ?? '')?.[1];
  return script === undefined || /^void\s*\(?0?\)?;?$/i.test(script) ? undefined : script;
}

const targetsOf = ({ targets }: Outline, handler: string): OutlineTarget[] =>
  targets.filter((target) => target.handler !== '' && handler.startsWith(target.handler.slice(0, 190)));

const leadsText = (targets: readonly OutlineTarget[]): string =>
  targets.length === 0 ? '' : ` and leads to ${targets.map(({ url }) => url).join(', ')}`;

function labelOf({ kind, tag, text, attributes, url }: OutlineItem): string {
  const name = kind === 'text' ? 'text' : kind === 'comment' ? 'comment' : `<${tag}>`;
  const label =
    text ||
    attributes['id'] ||
    attributes['name'] ||
    attributes['property'] ||
    (url === undefined ? '' : fileNameOf(url));
  return label === '' ? name : `${name} ${quoted(label)}`;
}

const quoted = (text: string): string => `“${text.length > 160 ? `${text.slice(0, 159)}…` : text}”`;
const pathOf = (url: string | undefined): string => URL.parse(url ?? '')?.pathname ?? '';

/** Money goes elsewhere. */
function wallets(copy: Outline, original: Outline): Difference[] {
  const added = copy.wallets.filter((wallet) => !original.wallets.includes(wallet));
  const removed = original.wallets.filter((wallet) => !copy.wallets.includes(wallet));
  return added.slice(0, 50).map((to, index): Difference => {
    const from = removed[index];
    return {
      kind: from === undefined ? 'added' : 'changed',
      what: 'wallet',
      says: from === undefined ? `added: wallet ${to}` : `wallet ${to} stands where ${from} stood`,
      weight: 94,
      tag: '',
      text: to,
      copy: placeOf(copy, to),
      original: from === undefined ? undefined : placeOf(original, from),
      ...(from !== undefined && { from }),
      to,
    };
  });
}

const placeOf = ({ items }: Outline, text: string): OutlinePlace | undefined =>
  items.find(
    (item) =>
      item.text.includes(text) || Object.values(item.attributes).some((value) => value.includes(text)),
  )?.place;
