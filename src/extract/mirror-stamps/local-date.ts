/** Month names and their short forms, January first, in the languages that stamps were seen in. */
const MONTHS: readonly (readonly string[])[] = [
  'january jan januar jänner jaenner enero ene janvier janv janeiro gennaio gen января январь янв ocak oca',
  'february feb februar febrero février fevrier févr fevr fév fevereiro fev febbraio февраля февраль фев şubat şub subat',
  'march mar märz maerz mär mrz marzo mars março marco марта март мар mart',
  'april apr abril abr avril avr aprile апреля апрель апр nisan nis',
  'may mai mayo maio maggio mag мая май mayıs mayis',
  'june jun juni junio juin junho giugno giu июня июнь июн haziran haz',
  'july jul juli julio juillet juil julho luglio lug июля июль июл temmuz tem',
  'august aug agosto ago août aout августа август авг ağustos ağu agustos',
  'september sep sept septiembre setiembre septembre setembro set settembre сентября сентябрь сен eylül eyl eylul',
  'october oct oktober okt octubre octobre outubro out ottobre ott октября октябрь окт ekim eki',
  'november nov noviembre novembre novembro ноября ноябрь ноя kasım kas kasim',
  'december dec dezember dez diciembre dic décembre decembre déc dezembro dicembre декабря декабрь дек aralık ara aralik',
].map((names) => names.split(' '));

const MONTH_OF = new Map(MONTHS.flatMap((names, month) => names.map((name) => [name, month] as const)));

const MAX_TEXT = 200;

/** Month 0–11 by its name in one of the known languages. */
export function monthByName(name: string): number | undefined {
  return MONTH_OF.get(name.normalize('NFC').toLowerCase());
}

/**
 * A date and time as people write it, in English, Spanish, German, French, Portuguese, Italian, Russian, Turkish or
 * Chinese, long form → milliseconds as if it were UTC. Undefined where a part is missing or out of range.
 */
export function parseLocalDate(text: string): number | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const time = /(\d{1,2})[:.](\d{2})[:.](\d{2})/.exec(text);
  const date = parseChineseDate(text) ?? parseNamedDate(time === null ? text : text.replace(time[0], ' '));
  if (time === null || date === undefined) return undefined;
  const hour = toHour(Number(time[1]), text);
  const [minute, second] = [Number(time[2]), Number(time[3])];
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  return Date.UTC(date.year, date.month, date.day, hour, minute, second);
}

interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function parseChineseDate(text: string): CalendarDate | undefined {
  const match = /(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日/.exec(text);
  return match === null ? undefined : inRange(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
}

function parseNamedDate(text: string): CalendarDate | undefined {
  const month = [...text.matchAll(/\p{L}+/gu)]
    .map(([word]) => monthByName(word))
    .find((found) => found !== undefined);
  const year = /(?<!\d)\d{4}(?!\d)/.exec(text)?.[0];
  const day = /(?<!\d)\d{1,2}(?!\d)/.exec(text)?.[0];
  if (month === undefined || year === undefined || day === undefined) return undefined;
  return inRange(Number(year), month, Number(day));
}

function inRange(year: number, month: number, day: number): CalendarDate | undefined {
  const isPossible = year >= 1990 && year <= 2100 && month >= 0 && month <= 11 && day >= 1 && day <= 31;
  return isPossible ? { year, month, day } : undefined;
}

/** Twelve-hour clocks: AM and PM, a. m. and p. m., ÖÖ and ÖS, 上午 and 下午. */
function toHour(hour: number, text: string): number {
  const isAfternoon = /\bp\.?\s?m\b|ös(?!\p{L})|下午/iu.test(text);
  const isMorning = /\ba\.?\s?m\b|öö(?!\p{L})|上午/iu.test(text);
  if (isAfternoon && hour < 12) return hour + 12;
  return isMorning && hour === 12 ? 0 : hour;
}

/** `Thu Mar 04 2021 14:47:19 GMT+0100 (name of the zone)`, as JavaScript's Date writes it → milliseconds. */
export function parseScriptDate(text: string): number | undefined {
  const match =
    /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT([+-])(\d{2})(\d{2})/.exec(
      text.trim(),
    );
  if (match === null) return undefined;
  const [, name, day, year, hour, minute, second, sign, zoneHours, zoneMinutes] = match;
  const month = monthByName(name!);
  if (month === undefined) return undefined;
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second)) - zone;
}

/** `Fri, 11 Aug 2017 15:34:48 GMT` (RFC 1123) → milliseconds. */
export function parseRfc1123(text: string): number | undefined {
  const match = /^\p{L}{2,12}\.?,? (\d{1,2}) (\p{L}{3,12})\.? (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/u.exec(
    text.trim(),
  );
  const month = match === null ? undefined : monthByName(match[2]!);
  if (match === null || month === undefined) return undefined;
  const [, day, , year, hour, minute, second] = match;
  return Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
}
