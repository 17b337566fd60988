let lastDay = '';
let lastDayMs = Number.NaN;

/**
 * `Date.parse`, several times faster for instants as they are stored (`2017-11-17T03:27:29.123Z`), most of which share
 * their day with the one before. NaN where the text is no instant.
 */
export function parseInstant(text: string): number {
  if (text.length !== 24 || text.charCodeAt(10) !== 84 || text.charCodeAt(23) !== 90) return Date.parse(text);
  if (lastDay === '' || !text.startsWith(lastDay)) {
    lastDay = text.slice(0, 10);
    lastDayMs = Date.parse(`${lastDay}T00:00:00.000Z`);
  }
  const hours = twoDigits(text, 11);
  const minutes = twoDigits(text, 14);
  const seconds = twoDigits(text, 17);
  const milliseconds = (text.charCodeAt(20) - 48) * 100 + twoDigits(text, 21);
  const isPlain = hours < 24 && minutes < 60 && seconds < 60 && milliseconds >= 0 && milliseconds < 1_000;
  const isPunctuated = text.charCodeAt(13) === 58 && text.charCodeAt(16) === 58 && text.charCodeAt(19) === 46;
  if (!isPlain || !isPunctuated) return Date.parse(text);
  return lastDayMs + ((hours * 60 + minutes) * 60 + seconds) * 1_000 + milliseconds;
}

/** NaN where they are none. */
function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
