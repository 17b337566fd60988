import { cut, printable } from './text.ts';

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Terminal {
  /** Whether anything was written to standard output. */
  readonly hasPrinted: boolean;
  /** Width of a terminal on standard output; undefined where it is a pipe or file. */
  readonly columns: number | undefined;
  /** A result, as text with its newline added. */
  print(text: string): void;
  /** A result exactly as it is: a file. */
  raw(content: string): void;
  /** A result as JSON, the only thing on standard output. */
  json(value: unknown): void;
  /** A line about the work going on. */
  note(text: string): void;
  /** A line that the next one replaces, on a terminal; left out elsewhere. */
  progress(text: string): void;
}

/** What a terminal without a size is taken to have: `script`, some runners of containers. */
const DEFAULT_COLUMNS = 80;

export function openTerminal(): Terminal {
  const isLive = process.stderr.isTTY === true;
  let isProgressShown = false;
  let hasPrinted = false;
  const clear = () => {
    if (isProgressShown) process.stderr.write('\r\u001b[K');
    isProgressShown = false;
  };
  const [result, message] = [writerTo(process.stdout), writerTo(process.stderr)];
  const print = (text: string): void => {
    clear();
    hasPrinted = true;
    result(text);
  };
  return {
    get hasPrinted() {
      return hasPrinted;
    },
    columns: process.stdout.isTTY === true ? process.stdout.columns || DEFAULT_COLUMNS : undefined,
    print: (text) => print(`${text}\n`),
    raw: print,
    json: (value) => print(`${JSON.stringify(value, undefined, 2)}\n`),
    note(text) {
      clear();
      message(`${text}\n`);
    },
    progress(text) {
      if (!isLive) return;
      clear();
      message(cut(printable(text), (process.stderr.columns || DEFAULT_COLUMNS) - 1));
      isProgressShown = true;
    },
  };
}

/** Writes until nobody reads any more (`… | head -1`); the work goes on, as it may be half done. */
function writerTo(stream: NodeJS.WriteStream): (text: string) => void {
  let isClosed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isClosed = true;
  });
  return (text) => {
    if (!isClosed) stream.write(text);
  };
}
