import type { ReactNode } from 'react';
import type { ApiError } from '../../client/call.ts';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { counted, figure } from '../../value/time.tsx';

/** A list of the capture as a table, or why there is none. */
export function ListTab<Item>(props: {
  readonly label: string;
  readonly one: string;
  readonly many?: string;
  readonly empty: string;
  readonly columns: readonly Column<Item>[];
  readonly pages: {
    readonly items: readonly Item[] | undefined;
    readonly error: ApiError | null;
    readonly hasMore: boolean;
    readonly more: () => void;
    readonly retry: () => void;
  };
}): ReactNode {
  const { items, error, hasMore, more, retry } = props.pages;
  if (error !== null) return <Fault error={error} onRetry={retry} />;
  if (items === undefined) return <Wait />;
  if (items.length === 0) return <Empty title={props.empty} />;
  return (
    <DataTable
      label={props.label}
      columns={props.columns}
      rows={items}
      rowKey={(item) => String(items.indexOf(item))}
      onEnd={more}
      footer={
        hasMore
          ? `${figure(items.length)} so far; more as you scroll`
          : counted(items.length, props.one, props.many)
      }
    />
  );
}
