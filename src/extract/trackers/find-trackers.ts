import type { Mark } from '../marks/text-marks.ts';
import { findMarks } from '../marks/text-marks.ts';
import { WholeText, type PartialText, type Place, type TextMatch } from '../marks/index.ts';
import { atSignFindings, decodeCloudflareMail, type AtSignFinding } from './mail-address.ts';
import type { TrackerRule } from './rule.ts';
import { walletFindings } from './wallet.ts';

/** A tracker's id, normalised, and where it stands. */
export interface TrackerFinding {
  readonly type: string;
  readonly value: string;
  /** UTF-16 units from the start of the text. */
  readonly offset: number;
  readonly length: number;
}

const NEAR_UNITS = 600;
const CLOUDFLARE_MAIL = /(?:data-cfemail=["']|\/cdn-cgi\/l\/email-protection#)([0-9a-f]{12,400})/g;

/** The trackers in a text, each type and value once, at its first place. Linear in the text's length. */
export function findTrackers(
  text: string,
  place: Place,
  marks: readonly TextMatch<Mark>[] = findMarks(text, place),
): TrackerFinding[] {
  return collectTrackers(new WholeText(text), marks, place === 'header' ? [] : findByShape(text, place));
}

/** The trackers among marks, and those that others found by their shape. */
export function collectTrackers(
  text: PartialText,
  marks: readonly TextMatch<Mark>[],
  byShape: Iterable<TrackerFinding>,
): TrackerFinding[] {
  const found = new TrackerSet();
  for (const { rule: mark, match, offset } of marks)
    if (mark.kind === 'tracker') addTrackers(found, mark.rule, match, offset, text);
  for (const { type, value, offset, length } of byShape) found.add(type, value, offset, length);
  return found.inOrder();
}

/** Each type and value once, where it first stands. */
class TrackerSet {
  readonly #found = new Map<string, TrackerFinding>();

  add(type: string, value: string, offset: number, length: number): void {
    const key = `${type} ${value}`;
    const before = this.#found.get(key);
    if (before === undefined || offset < before.offset) this.#found.set(key, { type, value, offset, length });
  }

  inOrder(): TrackerFinding[] {
    return [...this.#found.values()].sort((a, b) => a.offset - b.offset);
  }
}

function addTrackers(
  found: TrackerSet,
  rule: TrackerRule,
  match: RegExpExecArray,
  offset: number,
  text: PartialText,
): void {
  let group = 1;
  while (group < match.length && match[group] === undefined) group++;
  const raw = match[group] ?? match[0];
  const id = raw.includes('\\') ? raw.replaceAll('\\/', '/') : raw;
  if (!rule.accept(id)) return;
  const near = nearby(rule, text, offset, match[0].length);
  if (near === undefined) return;
  const value = rule.normalise(id, near);
  const head = match[0].indexOf(raw);
  const at = head > 0 ? text.move(offset, match[0].slice(0, head)) : offset;
  found.add(rule.type, value, at, raw.length);
  if (rule.also !== undefined) found.add(rule.also.type, rule.also.of(value), at, raw.length);
}

/** What stands near: empty where the rule asks for nothing, undefined where it is missing. */
function nearby(
  { near }: TrackerRule,
  text: PartialText,
  offset: number,
  length: number,
): string | undefined {
  if (near === undefined) return '';
  const match = near.exec(text.before(offset, NEAR_UNITS) + text.after(offset, length + NEAR_UNITS));
  return match === null ? undefined : (match[1] ?? match[0]);
}

/** Trackers without a fixed text around them: wallets, mail addresses, Sentry DSNs. */
function* findByShape(text: string, place: Place): Generator<TrackerFinding> {
  if (place !== 'url') yield* walletFindings(text);
  for (const finding of atSignFindings(text)) yield* trackersAtSign(finding, place);
  if (place !== 'page') return;
  for (const { 0: found, 1: hex, index } of text.matchAll(CLOUDFLARE_MAIL))
    yield* cloudflareMail(hex!, index, found.length);
}

/** What an at sign stands for, as far as it counts in such a place. */
export function* trackersAtSign(finding: AtSignFinding, place: Place): Generator<TrackerFinding> {
  // In scripts of others the addresses are those of the authors of libraries.
  if (finding.type !== 'MailAddress' || place === 'page') yield finding;
  if (finding.type === 'SentryDsn')
    yield { ...finding, type: 'SentryKey', value: finding.value.slice(0, 32) };
}

/** Literals that stand where Cloudflare hid a mail address, and the address that begins there. */
export const CLOUDFLARE_LITERALS = ['data-cfemail=', '/cdn-cgi/l/email-protection#'] as const;

export function* cloudflareMailAt(text: PartialText, offset: number): Generator<TrackerFinding> {
  const [match] = text.after(offset, 440).matchAll(CLOUDFLARE_MAIL);
  if (match?.index === 0) yield* cloudflareMail(match[1]!, offset, match[0].length);
}

function* cloudflareMail(hex: string, offset: number, length: number): Generator<TrackerFinding> {
  const value = decodeCloudflareMail(hex);
  if (value !== undefined) yield { type: 'MailAddress', value, offset, length };
}
