import type { Reply } from '../../client/call.ts';
import { call } from '../../client/call.ts';
import { useQueries } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { inert } from '../../value/inert.ts';
import value from '../../value/value.module.css';
import styles from './capture.module.css';

type Row = Reply<'getText'>['rows'][number];

const CHUNK = 200;
const ROW_PX = 18;
/** Browsers give up on elements higher than some 30 million pixels. */
const MAX_ROWS = 1_500_000;

/** A stretch to mark: all of a row from a column on, `length` characters, over several rows if need be. */
export interface Mark {
  readonly row: number;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/**
 * A text of a capture with line numbers. Only rows in view exist, and only those near are asked for, so ten megabytes
 * read as easily as ten lines. Keys: `j` `k`, arrows, Page keys, Home and End.
 */
export function TextView(props: {
  readonly captureId: string;
  readonly name: string;
  readonly rowCount: number;
  readonly lineCount: number;
  readonly marks: readonly Mark[];
  /** The row to bring into view, and the mark that is meant. */
  readonly current: Mark | undefined;
}): ReactNode {
  const { captureId, name, current, marks } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const count = Math.min(props.rowCount, MAX_ROWS);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
  });
  const items = virtual.getVirtualItems();
  const chunks = [...new Set(items.map(({ index }) => Math.floor(index / CHUNK)))];
  const answers = useQueries({
    queries: chunks.map((chunk) => ({
      queryKey: ['getText', captureId, name, chunk],
      staleTime: Number.POSITIVE_INFINITY, // a capture never changes
      gcTime: 60_000,
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        call(
          'getText',
          {
            params: { id: captureId },
            query: { name, rows: CHUNK, ...(chunk > 0 && { from: chunk * CHUNK }) },
          },
          signal,
        ),
    })),
  });
  const rows = new Map<number, Row>();
  answers.forEach(({ data }, index) =>
    data?.rows.forEach((row, at) => rows.set(chunks[index]! * CHUNK + at, row)),
  );
  const target = current?.row;
  useEffect(() => {
    if (target !== undefined) virtual.scrollToIndex(Math.min(target, count - 1), { align: 'center' });
    // Only when another place is asked for.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [target, name]);
  const byLine = useMemo(() => Map.groupBy(marks, ({ line }) => line), [marks]);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const pane = scroller.current;
    if (pane === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = event.key === 'j' ? ROW_PX * 3 : event.key === 'k' ? -ROW_PX * 3 : undefined;
    if (by !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      pane.scrollTop += by;
    }
  };
  const digits = String(props.lineCount).length;
  return (
    <div
      ref={scroller}
      className={styles.text}
      tabIndex={0}
      role="region"
      aria-label="Captured text"
      onKeyDown={onKeyDown}
      style={{ '--digits': digits } as React.CSSProperties} // own properties are not in the type
    >
      <div className={styles.textRows} style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rows.get(index);
          return (
            <div
              key={index}
              className={styles.textRow}
              style={{ transform: `translateY(${start}px)` }}
              {...(index === target && { 'data-current': '' })}
            >
              <span className={styles.lineNumber} aria-hidden={row !== undefined && row.column > 1}>
                {row === undefined ? '' : row.column > 1 ? '↳' : row.line}
              </span>
              <bdo dir="ltr" className={styles.lineText}>
                {row === undefined ? (
                  ' '
                ) : (
                  <RowText row={row} marks={byLine.get(row.line) ?? []} current={current} />
                )}
              </bdo>
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** A row with the marks that lie in it. */
function RowText(props: {
  readonly row: Row;
  readonly marks: readonly Mark[];
  readonly current: Mark | undefined;
}): ReactNode {
  const { row, current } = props;
  const from = row.column;
  const to = row.column + row.text.length;
  const all = current?.line === row.line ? [...props.marks, current] : props.marks;
  const inside = all
    .map((mark) => ({
      start: Math.max(from, mark.column),
      end: Math.min(to, mark.column + Math.max(1, mark.length)),
      isCurrent: current !== undefined && mark.line === current.line && mark.column === current.column,
    }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start || Number(b.isCurrent) - Number(a.isCurrent));
  const parts: ReactNode[] = [];
  let at = from;
  for (const { start, end, isCurrent } of inside) {
    if (end <= at) continue;
    const begin = Math.max(start, at);
    parts.push(<Code key={`t${at}`} text={row.text.slice(at - from, begin - from)} />);
    parts.push(
      <mark key={`m${begin}`} className={isCurrent ? styles.currentMark : styles.mark}>
        <Code text={row.text.slice(begin - from, end - from)} />
      </mark>,
    );
    at = end;
  }
  parts.push(<Code key={`t${at}`} text={row.text.slice(at - from)} />);
  return parts;
}

/** Captured text, inert; tabs stay tabs. */
export function Code({ text }: { readonly text: string }): ReactNode {
  return inert(text).map((piece, index) =>
    piece.kind === 'plain' || piece.text === '⇥' ? (
      <span key={index}>{piece.text === '⇥' && piece.kind === 'control' ? '\t' : piece.text}</span>
    ) : (
      <span key={index} className={value.control}>
        {piece.text}
      </span>
    ),
  );
}
