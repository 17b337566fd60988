import { cpus, totalmem } from 'node:os';
import { startQuickly } from '../src/cli/quick-start.ts';

/** A benchmark: figures by name, and tables for people. */
export interface BenchResult {
  readonly figures: Readonly<Record<string, number>>;
  readonly text: string;
}

const BENCHES: Readonly<Record<string, () => Promise<BenchResult>>> = {
  capture: async () => (await import('./capture.ts')).benchCapture(),
  archive: async () => {
    const figures = await (await import('./archive.ts')).benchArchive();
    return {
      figures,
      text: Object.entries(figures)
        .map(([figure, value]) => `${figure}  ${Math.round(value * 100) / 100}`)
        .join('\n'),
    };
  },
  'archive-hostile': async () => (await import('./archive-hostile.ts')).benchArchiveHostile(),
  hostile: async () => (await import('./hostile.ts')).benchHostile(),
  import: async () => (await import('./import.ts')).benchImport(),
  core: async () => (await import('./core.ts')).benchCore(),
  lookalike: async () => (await import('./lookalike.ts')).benchLookalike(),
  similar: async () => (await import('./similar.ts')).benchSimilar(),
  replay: async () => (await import('./replay.ts')).benchReplay(),
  store: async () => (await import('./store.ts')).benchStore(),
  app: async () => (await import('./app.ts')).benchApp(),
  clients: async () => (await import('./clients.ts')).benchClients(),
  kills: async () => (await import('./kills.ts')).benchKills(),
};

const [name, ...flags] = process.argv.slice(2);
const bench = name === undefined ? undefined : BENCHES[name];
if (bench === undefined) {
  process.stderr.write(
    `bench: there are ${Object.keys(BENCHES).join(', ')}: npm run bench -- capture [--json]\n`,
  );
  process.exit(2);
}
startQuickly();
const { figures, text } = await bench();
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
if (flags.includes('--json'))
  process.stdout.write(`${JSON.stringify({ name, machine, figures }, undefined, 2)}\n`);
else process.stdout.write(`${machine}\n\n${text}\n`);
