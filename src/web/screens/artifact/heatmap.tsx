import { DATASET_IDS } from '#model';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { changeQuery, useQueryParam } from '../../app/location.ts';
import type { Reply } from '../../client/call.ts';
import { useApi } from '../../client/use-api.ts';
import { Button } from '../../design/controls.tsx';
import { figure } from '../../value/time.tsx';
import { tabKey, tabTitle, type DatasetTab } from './dataset-tab.ts';
import styles from './heatmap.module.css';

type Cell = Reply<'getHeatmap'>['cells'][number];

/** Months that are always in view, so that one busy month does not stand alone. */
const LEAST_MONTHS = 12;
const MOST_MONTHS = 240;

/**
 * What was seen for the first or the last time in each month, a row a dataset. A month opens its dataset with that month as
 * filter. One stop for Tab; arrow keys move between the months.
 */
export function Heatmap({ value }: { readonly value: string }): ReactNode {
  const heatmap = useApi('getHeatmap', { query: { value } });
  const [from] = useQueryParam('from');
  const [current, setCurrent] = useState<readonly [row: number, column: number]>();
  const scroller = useRef<HTMLDivElement>(null);
  const cells = heatmap.data?.cells;
  useEffect(() => {
    if (scroller.current !== null) scroller.current.scrollLeft = scroller.current.scrollWidth;
  }, [cells]);
  if (cells === undefined || cells.length === 0) return null;
  const months = monthsOf(cells);
  const rows = rowsOf(cells);
  const most = Math.max(...rows.flatMap(({ counts }) => [...counts.values()]));
  const [row, column] = current ?? [0, months.length - 1];
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
    if (move === undefined) return;
    event.preventDefault();
    const next = [
      Math.max(0, Math.min(rows.length - 1, row + move[0])),
      Math.max(0, Math.min(months.length - 1, column + move[1])),
    ] as const;
    setCurrent(next);
    scroller.current?.querySelector<HTMLElement>(`[data-cell="${next[0]} ${next[1]}"]`)?.focus();
  };
  return (
    <section className={styles.heatmap} aria-label="Seen when">
      <div className={styles.head}>
        <h2>Seen when</h2>
        {from !== undefined && (
          <Button kind="quiet" onPress={() => changeQuery({ from: undefined, to: undefined })}>
            All months
          </Button>
        )}
      </div>
      <div ref={scroller} className={styles.scroller} onKeyDown={onKeyDown}>
        <table>
          <tbody>
            {rows.map(({ tab, counts }, at) => (
              <tr key={tabKey(tab)}>
                <th scope="row">{tabTitle(tab)}</th>
                {months.map((month, index) => {
                  const count = counts.get(month) ?? 0;
                  const name = `${tabTitle(tab)}, ${month}: ${count === 0 ? 'nothing' : figure(count)} first or last seen`;
                  return (
                    <td key={month}>
                      <button
                        type="button"
                        data-cell={`${at} ${index}`}
                        data-heat={heat(count, most)}
                        tabIndex={at === row && index === column ? 0 : -1}
                        aria-label={name}
                        aria-pressed={from?.startsWith(month) ?? false}
                        title={name}
                        onFocus={() => setCurrent([at, index])}
                        onClick={() =>
                          changeQuery({
                            tab: tabKey(tab),
                            from: `${month}-01`,
                            to: lastDay(month),
                            label: undefined,
                          })
                        }
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td />
              {months.map((month, index) => (
                <td key={month} className={styles.month}>
                  {isYearShown(month, index) ? <span>{month.slice(0, 4)}</span> : ''}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

/** At each January; at the first month where there is room before the next. */
const isYearShown = (month: string, index: number): boolean =>
  month.endsWith('-01') || (index === 0 && Number(month.slice(5)) < 11);

/** Every month from the first to the last that has anything, and some before. */
function monthsOf(cells: readonly Cell[]): string[] {
  const found = cells.map(({ at }) => at.slice(0, 7)).sort();
  const last = toIndex(found.at(-1)!);
  const first = Math.max(Math.min(toIndex(found[0]!), last - LEAST_MONTHS + 1), last - MOST_MONTHS + 1);
  return Array.from({ length: last - first + 1 }, (_, at) => toMonth(first + at));
}
const toIndex = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
const toMonth = (index: number): string =>
  `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
const lastDay = (month: string): string =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).toISOString().slice(0, 10);

function rowsOf(
  cells: readonly Cell[],
): { readonly tab: DatasetTab; readonly counts: Map<string, number> }[] {
  const rows = new Map<string, { tab: DatasetTab; counts: Map<string, number> }>();
  for (const { at, dataset, direction, first, last } of cells) {
    const tab = { dataset, direction };
    const row = rows.get(tabKey(tab)) ?? { tab, counts: new Map<string, number>() };
    rows.set(tabKey(tab), row);
    row.counts.set(at.slice(0, 7), (row.counts.get(at.slice(0, 7)) ?? 0) + first + last);
  }
  return [...rows.values()].sort(
    (a, b) => DATASET_IDS.indexOf(a.tab.dataset) - DATASET_IDS.indexOf(b.tab.dataset),
  );
}

/** Five steps, by the logarithm: a month with ten stays visible beside one with ten thousand. */
const heat = (count: number, most: number): number =>
  count === 0 ? 0 : Math.max(1, Math.ceil((4 * Math.log1p(count)) / Math.log1p(most)));
