import type { ReactNode } from 'react';
import styles from './value.module.css';

const pad = (figure: number): string => String(figure).padStart(2, '0');

/** An instant in the viewer's zone, `2017-11-17 04:27`; UTC when pointed at. `day`: without the time. */
export function Time({
  at,
  precision = 'minute',
}: {
  readonly at: string | undefined;
  readonly precision?: 'day' | 'minute' | 'second';
}): ReactNode {
  if (at === undefined) return <span className="soft">–</span>;
  const date = new Date(at);
  if (Number.isNaN(date.valueOf())) return <span className={styles.time}>{at.slice(0, 40)}</span>;
  return (
    <time dateTime={date.toISOString()} title={`${utc(date)} UTC`} className={styles.time}>
      {local(date, precision)}
    </time>
  );
}

function local(date: Date, precision: 'day' | 'minute' | 'second'): string {
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  if (precision === 'day') return day;
  const minute = `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
  return precision === 'minute' ? minute : `${minute}:${pad(date.getSeconds())}`;
}

const utc = (date: Date): string => date.toISOString().slice(0, 19).replace('T', ' ');

/** How long ago, in the largest whole unit: `3 hours ago`. */
export function ago(at: string, now: number): string {
  const seconds = Math.round((new Date(at).valueOf() - now) / 1000);
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 31_557_600],
    ['month', 2_629_800],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  for (const [unit, size] of units)
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  return 'just now';
}

const counts = new Intl.NumberFormat('en');

/** `12,345`. */
export const figure = (count: number): string => counts.format(count);

/** `1 capture`, `2 captures`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${figure(count)} ${count === 1 ? one : many}`;
