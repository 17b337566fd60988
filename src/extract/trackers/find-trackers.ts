import type { Mark } from '../marks/text-marks.ts';
import { findMarks } from '../marks/text-marks.ts';
import type { Place, TextMatch } from '../marks/index.ts';
import { atSignFindings, decodeCloudflareMail } from './mail-address.ts';
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

/** The trackers in a text, each type and value once, at its first place. Linear in the text's length. */
export function findTrackers(
  text: string,
  place: Place,
  marks: readonly TextMatch<Mark>[] = findMarks(text, place),
): TrackerFinding[] {
  const findings = new Map<string, TrackerFinding>();
  const add = (finding: TrackerFinding): void => {
    const key = `${finding.type} ${finding.value}`;
    const before = findings.get(key);
    if (before === undefined || finding.offset < before.offset) findings.set(key, finding);
  };
  for (const { rule: mark, match, offset } of marks) {
    if (mark.kind !== 'tracker') continue;
    for (const finding of trackersOf(mark.rule, match, offset, text)) add(finding);
  }
  if (place !== 'header') findByShape(text, place, add);
  return [...findings.values()].sort((a, b) => a.offset - b.offset);
}

function trackersOf(
  rule: TrackerRule,
  match: RegExpExecArray,
  offset: number,
  text: string,
): TrackerFinding[] {
  const raw = match.slice(1).find((group) => group !== undefined) ?? match[0];
  const id = raw.replaceAll('\\/', '/');
  if (!rule.accept(id)) return [];
  const near = nearby(rule, text, offset, match[0].length);
  if (near === undefined) return [];
  const value = rule.normalise(id, near);
  const at = offset + Math.max(0, match[0].indexOf(raw));
  const found = { type: rule.type, value, offset: at, length: raw.length };
  return rule.also === undefined
    ? [found]
    : [found, { ...found, type: rule.also.type, value: rule.also.of(value) }];
}

/** What stands near: empty where the rule asks for nothing, undefined where it is missing. */
function nearby({ near }: TrackerRule, text: string, offset: number, length: number): string | undefined {
  if (near === undefined) return '';
  const match = near.exec(text.slice(Math.max(0, offset - NEAR_UNITS), offset + length + NEAR_UNITS));
  return match === null ? undefined : (match[1] ?? match[0]);
}

/** Trackers without a fixed text around them: wallets, mail addresses, Sentry DSNs. */
function findByShape(text: string, place: Place, add: (finding: TrackerFinding) => void): void {
  if (place !== 'url') for (const wallet of walletFindings(text)) add(wallet);
  for (const finding of atSignFindings(text)) {
    // In scripts of others the addresses are those of the authors of libraries.
    if (finding.type !== 'MailAddress' || place === 'page') add(finding);
    if (finding.type === 'SentryDsn')
      add({ ...finding, type: 'SentryKey', value: finding.value.slice(0, 32) });
  }
  if (place === 'page') {
    for (const match of text.matchAll(
      /(?:data-cfemail=["']|\/cdn-cgi\/l\/email-protection#)([0-9a-f]{12,400})/g,
    )) {
      const value = decodeCloudflareMail(match[1]!);
      if (value !== undefined)
        add({ type: 'MailAddress', value, offset: match.index, length: match[0].length });
    }
  }
}
