/**
 * The commands, and the composition root: the one place where the parts are put together.
 *
 * Promises: results on standard output, everything else on standard error; `--json` prints exactly one object; the
 * exit status says how it ended (exit-code.ts); captured text never acts on the terminal (text.ts).
 * Leaves to others: all work. A command reads its options, calls the parts, and prints.
 */
export { runCli } from './program.ts';
