import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { parseHost, type Host, type Observation } from '#model';

/** Edges that wait for the names of their ends; each such lot costs a reading of the vertices. */
const LOT_EDGES = 2_000_000;
const MAX_LINE = 1_024;
const NO_VERTICES = 'the vertices of these edges are not beside them';
/** `NAME-edges.txt.gz`, or parts in a folder `edges`. */
const EDGES = /(?:^|[/\\])(?:[^/\\]*-edges|edges[/\\]part-[^/\\]*)\.txt(?:\.gz)?$/i;
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
/** A graph is named by year and months of its crawls: `cc-main-2017-18-nov-dec-jan-host`. */
const CRAWL = /cc-main-(\d{4})(?:-\d{2})?-([a-z]{3})(?:-[a-z]{3})*/i;

/** Whether the path is that of the edges of a host graph, as Common Crawl publishes them. */
export function isHostGraph(path: string): boolean {
  return EDGES.test(path);
}

/** Told of lines that are none, and of ends without a name. */
export type OnGraphProblem = (offset: number, what: string) => void;

/**
 * The pairs of a host-level or domain-level web graph (Common Crawl's text form: edges `from⇥to` by number; vertices
 * `number⇥reversed name`, in order of numbers, beside the edges or in a folder `vertices`), lot by lot. They are coarse: the
 * cause is `unknown`, the time the first month of the crawl, or that of the file where its name tells none. Holds two million
 * edges at a time, whatever the graph's size. Throws where the vertices are missing.
 */
export async function* readHostGraph(
  edges: string,
  onProblem: OnGraphProblem,
): AsyncGenerator<Observation[]> {
  const vertices = await verticesOf(edges);
  const seenAt = await dateOf(edges);
  const lot: [number, number][] = [];
  let offset = 0;
  for await (const line of linesOf(edges)) {
    const [, from, to] = /^(\d{1,15})\s+(\d{1,15})\s*$/.exec(line) ?? [];
    if (from !== undefined && to !== undefined) lot.push([Number(from), Number(to)]);
    else if (line !== '') onProblem(offset, 'no edge of two numbers');
    offset += line.length + 1;
    if (lot.length < LOT_EDGES) continue;
    yield await toPairs(lot.splice(0), vertices, seenAt, onProblem);
  }
  if (lot.length > 0) yield await toPairs(lot, vertices, seenAt, onProblem);
}

async function toPairs(
  lot: readonly (readonly [number, number])[],
  vertices: readonly string[],
  seenAt: string,
  onProblem: OnGraphProblem,
): Promise<Observation[]> {
  const hosts = await namesOf(new Set(lot.flat()), vertices);
  let unnamed = 0;
  const pairs = lot.flatMap(([from, to]): Observation[] => {
    const [source, target] = [hosts.get(from), hosts.get(to)];
    if (source === undefined || target === undefined) unnamed++;
    if (source === undefined || target === undefined || source === target) return [];
    const detail = { isObserved: false, depth: 1 };
    return [{ dataset: 'host-pairs', source, label: 'unknown', target, seenAt, detail, evidence: {} }];
  });
  if (unnamed > 0) onProblem(0, `${unnamed} edges without a host at one of their ends`);
  return pairs;
}

async function namesOf(wanted: ReadonlySet<number>, vertices: readonly string[]): Promise<Map<number, Host>> {
  const hosts = new Map<number, Host>();
  for (const file of vertices) {
    for await (const line of linesOf(file)) {
      const tab = line.indexOf('\t');
      const number = Number(line.slice(0, tab));
      if (tab === -1 || !wanted.has(number)) continue;
      const [reversed = ''] = line.slice(tab + 1).split('\t', 1);
      const host = parseHost(reversed.split('.').reverse().join('.'));
      if (host !== undefined) hosts.set(number, host);
    }
    if (hosts.size === wanted.size) break;
  }
  return hosts;
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  const text: AsyncIterable<Buffer> = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  file.once('error', (error) => {
    if (text !== file) (text as ReturnType<typeof createGunzip>).destroy(error);
  });
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece.toString('latin1')).split('\n');
    rest = lines.pop()!.slice(0, MAX_LINE); // a split has at least one part
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function verticesOf(edges: string): Promise<string[]> {
  const name = basename(edges);
  if (!name.startsWith('part-')) {
    const file = join(dirname(edges), name.replace(/-edges\.txt/i, '-vertices.txt'));
    const isThere = await stat(file).then(
      (about) => about.isFile(),
      () => false,
    );
    if (!isThere) throw new Error(NO_VERTICES);
    return [file];
  }
  const folder = join(dirname(dirname(edges)), 'vertices');
  const names = await readdir(folder).catch(() => []);
  const parts = names.filter((part) => /^part-.*\.txt(?:\.gz)?$/.test(part)).sort();
  if (parts.length === 0) throw new Error(NO_VERTICES);
  return parts.map((part) => join(folder, part));
}

/** The first day of the crawl's first month; of graphs with another name, the day on which the file was written. */
async function dateOf(edges: string): Promise<string> {
  const [, year, month] = CRAWL.exec(edges) ?? [];
  const number = MONTHS.indexOf((month ?? '').toLowerCase());
  if (year !== undefined && number !== -1) return new Date(Date.UTC(Number(year), number)).toISOString();
  return (await stat(edges)).mtime.toISOString();
}
