import type { Span } from '#store';

const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  mo: 30 * 86_400_000,
  y: 365 * 86_400_000,
};
const DURATION = /^(\d{1,5})(mo|[mhdwy])$/i;
const DATE = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** `90d`, `2017`, `2017-11`, `2017-11-17`, an instant, `A..B`, `A..`, `..B`, or one with `>`, `>=`, `<`, `<=`; milliseconds since the epoch, both ends included. */
export function parseSpan(text: string, compare: string | undefined, now: number): Span | undefined {
  const range = /^(.*?)\.\.(.*)$/.exec(text);
  if (range !== null && compare === undefined) {
    const [, from = '', to = ''] = range;
    const [start, end] = [parseMoment(from, now), parseMoment(to, now)];
    const isWhole = (start !== undefined || from === '') && (end !== undefined || to === '');
    return isWhole && from + to !== '' ? { from: start?.from, to: end?.to } : undefined;
  }
  const moment = parseMoment(text, now);
  if (moment === undefined) return undefined;
  switch (compare) {
    case '>':
      return { from: moment.isDuration ? moment.from : moment.to + 1 };
    case '>=':
      return { from: moment.from };
    case '<':
      return { to: moment.from - 1 };
    case '<=':
      return { to: moment.to };
    default:
      return { from: moment.from, to: moment.to };
  }
}

/** From the first to the last millisecond of what a text names; a duration reaches from so long ago until now. */
function parseMoment(
  text: string,
  now: number,
): { readonly from: number; readonly to: number; readonly isDuration: boolean } | undefined {
  const [, amount, unit] = DURATION.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined)
    return { from: now - Number(amount) * UNIT_MS[unit.toLowerCase()]!, to: now, isDuration: true };
  if (!DATE.test(text)) return undefined;
  const from = Date.parse(text.length > 10 && !/(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? `${text}Z` : text);
  if (Number.isNaN(from)) return undefined;
  return { from, to: endOf(text, from) - 1, isDuration: false };
}

function endOf(text: string, from: number): number {
  const date = new Date(from);
  if (text.length === 4) return Date.UTC(date.getUTCFullYear() + 1, 0);
  if (text.length === 7) return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
  if (text.length === 10) return from + UNIT_MS['d']!;
  return from + 1;
}
