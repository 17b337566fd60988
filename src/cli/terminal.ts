import { printable } from './text.ts';

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Terminal {
  /** Width of a terminal on standard output; undefined where it is a pipe or file. */
  readonly columns: number | undefined;
  /** A result, as text with its newline added. */
  print(text: string): void;
  /** A result as JSON, the only thing on standard output. */
  json(value: unknown): void;
  /** A line about the work going on. */
  note(text: string): void;
  /** A line that the next one replaces, on a terminal; left out elsewhere. */
  progress(text: string): void;
}

export function openTerminal(): Terminal {
  const isLive = process.stderr.isTTY === true;
  let isProgressShown = false;
  const clear = () => {
    if (isProgressShown) process.stderr.write('\r\u001b[K');
    isProgressShown = false;
  };
  return {
    columns: process.stdout.isTTY === true ? process.stdout.columns : undefined,
    print(text) {
      clear();
      process.stdout.write(`${text}\n`);
    },
    json(value) {
      clear();
      process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
    },
    note(text) {
      clear();
      process.stderr.write(`${text}\n`);
    },
    progress(text) {
      if (!isLive) return;
      clear();
      process.stderr.write(printable(text).slice(0, (process.stderr.columns ?? 80) - 1));
      isProgressShown = true;
    },
  };
}
