import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { InTable } from '../value/in-table.ts';
import styles from './data-table.module.css';

const ROW_PX = 32;
const HEAD_PX = 33;
const BAR_PX = 48;

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** As in grid-template-columns: `minmax(160px, 2fr)`, `90px`. */
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'start' | 'end';
  /** Not on a phone. */
  readonly isSecondary?: boolean;
  readonly isSortable?: boolean;
}

export interface Sort {
  readonly by: string;
  readonly order: 'asc' | 'desc';
}

interface TableProps<Row> {
  /** What the rows are, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** What Enter and a click on the row do. */
  readonly onOpen?: (row: Row) => void;
  readonly openKey?: string | undefined;
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  /** Rows there are in all, where more than those given; undefined: not known. */
  readonly total?: number | undefined;
  /** Asked for when the last rows come into view. */
  readonly onEnd?: () => void;
  readonly footer?: ReactNode;
  /** Height of a row; default 32. */
  readonly rowPx?: number;
}

/**
 * Rows by the thousand, of which only those in view exist. The focus is on the table; `j`, `k` and arrow keys move the
 * active row, `←` `→` the current value in it (any `Value`), Enter opens the row.
 */
export function DataTable<Row>(props: TableProps<Row>): ReactNode {
  const { columns, rows, onOpen, onEnd, rowPx = ROW_PX } = props;
  const [active, setActive] = useState(-1);
  const [valueIndex, setValueIndex] = useState(0);
  const body = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  const id = useId();

  useLayoutEffect(() => {
    const top = (body.current?.getBoundingClientRect().top ?? 0) + scrollY;
    if (Math.abs(top - offset) > 1) setOffset(top);
  });
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowPx,
    overscan: 12,
    scrollMargin: offset,
    scrollPaddingStart: BAR_PX + HEAD_PX,
    scrollPaddingEnd: 24,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 1) onEnd?.();
  }, [last, rows.length, onEnd]);
  useEffect(() => {
    if (active >= rows.length) setActive(rows.length - 1);
  }, [active, rows.length]);
  // Marks the current value of the active row, on which keys act.
  useLayoutEffect(() => {
    for (const before of body.current?.querySelectorAll('[data-current]') ?? [])
      before.removeAttribute('data-current');
    const values = body.current?.querySelectorAll('[data-active] [data-artifact-value]');
    if (values === undefined || values.length === 0) return;
    values[Math.min(valueIndex, values.length - 1)]?.setAttribute('data-current', '');
  });

  const move = (to: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setActive(next);
    virtual.scrollToIndex(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(innerHeight / rowPx) - 4);
    const values = body.current?.querySelectorAll('[data-active] [data-artifact-value]').length ?? 0;
    const keys: Readonly<Record<string, () => void>> = {
      j: () => move(active + 1),
      ArrowDown: () => move(active + 1),
      k: () => move(active - 1),
      ArrowUp: () => move(active - 1),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      PageDown: () => move(active + page),
      PageUp: () => move(active - page),
      ArrowRight: () => setValueIndex(Math.min(values - 1, valueIndex + 1)),
      ArrowLeft: () => setValueIndex(Math.max(0, Math.min(valueIndex, values - 1) - 1)),
      Enter: () => {
        const row = rows[active];
        if (row === undefined) return;
        if (onOpen !== undefined) onOpen(row);
        else body.current?.querySelector<HTMLElement>('[data-current] a, [data-active] a')?.click();
      },
    };
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  const template = (isNarrow: boolean): string =>
    columns
      .filter(({ isSecondary }) => !isNarrow || isSecondary !== true)
      // A phone has no room to promise any column.
      .map(({ width }) => (isNarrow ? width.replace(/^minmax\(\d+px,/, 'minmax(0,') : width))
      .join(' ');
  const className = (column: Column<Row>): string =>
    [styles.cell, column.align === 'end' && styles.end, column.isSecondary === true && styles.secondary]
      .filter(Boolean)
      .join(' ');
  return (
    <InTable value>
      <div
        role="grid"
        tabIndex={0}
        className={styles.table}
        aria-label={props.label}
        aria-rowcount={(props.total ?? rows.length) + 1}
        aria-colcount={columns.length}
        {...(active >= 0 && { 'aria-activedescendant': `${id}-${active}` })}
        style={
          {
            '--columns': template(false),
            '--columns-narrow': template(true),
            '--row': `${rowPx}px`,
          } as React.CSSProperties
        } // own properties are not in the type
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          if (event.target === event.currentTarget && active < 0 && rows.length > 0) setActive(0);
        }}
      >
        <div role="rowgroup" className={styles.head}>
          <div role="row" aria-rowindex={1} className={styles.row}>
            {columns.map((column) => (
              <Header key={column.id} column={column} className={className(column)} {...pick(props)} />
            ))}
          </div>
        </div>
        <div role="rowgroup" ref={body} className={styles.body} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const key = props.rowKey(row);
            return (
              <div
                key={key}
                id={`${id}-${index}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={index === active || key === props.openKey}
                className={`${styles.row} ${onOpen === undefined ? '' : styles.openable}`}
                {...(index === active && { 'data-active': '' })}
                {...(key === props.openKey && { 'data-open': '' })}
                style={{ transform: `translateY(${start - offset}px)` }}
                onClick={(event) => {
                  if (event.target instanceof Element && event.target.closest('a, button') !== null) return;
                  setActive(index);
                  onOpen?.(row);
                }}
              >
                {columns.map((column) => (
                  <div key={column.id} role="gridcell" className={className(column)}>
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
        {props.footer !== undefined && <div className={styles.foot}>{props.footer}</div>}
      </div>
    </InTable>
  );
}

interface HeaderProps {
  readonly sort?: Sort | undefined;
  readonly onSort?: ((sort: Sort) => void) | undefined;
}
const pick = ({ sort, onSort }: HeaderProps): HeaderProps => ({ sort, onSort });

function Header<Row>({
  column,
  className,
  sort,
  onSort,
}: HeaderProps & { readonly column: Column<Row>; readonly className: string }): ReactNode {
  const isSorted = sort?.by === column.id;
  const order = isSorted ? sort.order : undefined;
  return (
    <div
      role="columnheader"
      className={className}
      {...(order !== undefined && {
        'aria-sort': order === 'asc' ? ('ascending' as const) : ('descending' as const),
      })}
    >
      {column.isSortable === true && onSort !== undefined ? (
        <button
          type="button"
          className={`${styles.sort} ${isSorted ? styles.sorted : ''}`}
          onClick={() => onSort({ by: column.id, order: order === 'desc' ? 'asc' : 'desc' })}
        >
          {column.title}
          <span aria-hidden="true">{order === undefined ? '' : order === 'asc' ? '↑' : '↓'}</span>
        </button>
      ) : (
        column.title
      )}
    </div>
  );
}
