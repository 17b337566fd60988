import { useState, type ReactNode } from 'react';
import { Button } from '../../design/controls.tsx';
import { sayFault } from '../../design/toasts.tsx';
import { call, type Reply } from '../../client/call.ts';
import type { Edge, PivotQuery } from './dataset-view.tsx';

const PAGE = 2_000;
const MAX_ROWS = 200_000;

/** All rows that the filters leave, as a file: what the table would show when scrolled to its end, in its order. */
export function ExportRows({
  query,
  name,
}: {
  readonly query: PivotQuery;
  readonly name: string;
}): ReactNode {
  const [progress, setProgress] = useState<number>();
  const save = async (format: 'csv' | 'json'): Promise<void> => {
    setProgress(0);
    try {
      const rows: Edge[] = [];
      let cursor: string | undefined;
      do {
        const page: Reply<'pivot'> = await call('pivot', {
          query: { ...query, limit: PAGE, ...(cursor !== undefined && { cursor }) },
        });
        rows.push(...page.edges);
        cursor = page.cursor;
        setProgress(rows.length);
      } while (cursor !== undefined && rows.length < MAX_ROWS);
      const text = format === 'json' ? `${JSON.stringify(rows, undefined, 2)}\n` : toCsv(rows);
      download(text, `${name.replace(/[^\w.-]+/g, '-').slice(0, 80)}.${format}`, format);
    } catch (error) {
      sayFault(error);
    } finally {
      setProgress(undefined);
    }
  };
  if (progress !== undefined) return <span role="status">{progress} rows…</span>;
  return (
    <>
      <Button onPress={() => void save('csv')}>CSV</Button>
      <Button onPress={() => void save('json')}>JSON</Button>
    </>
  );
}

function toCsv(rows: readonly Edge[]): string {
  const details = [...new Set(rows.flatMap(({ detail }) => Object.keys(detail)))].sort();
  const header = [
    'source',
    'label',
    'target',
    'isObserved',
    'firstSeen',
    'lastSeen',
    'count',
    'shared',
    ...details,
  ];
  const lines = rows.map((row) =>
    [row.source, row.label, row.target, row.isObserved, row.firstSeen, row.lastSeen, row.count, row.shared]
      .concat(details.map((field) => row.detail[field] ?? ''))
      .map((cell) => csvCell(String(cell)))
      .join(','),
  );
  return `${[header.join(','), ...lines].join('\r\n')}\r\n`;
}

/** Quoted where it must be; what a spreadsheet would take for a formula is kept from being one. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function download(text: string, name: string, format: 'csv' | 'json'): void {
  const type = format === 'csv' ? 'text/csv' : 'application/json';
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
