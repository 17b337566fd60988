import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { parseHost, type Host, type Observation } from '#model';

/** Edges that wait for the names of their ends; each such lot costs a reading of the vertices. */
const LOT_EDGES = 1_000_000;
/** Pairs that are given at once. */
const PAIRS = 20_000;
/** Names of a lot, two million at the most, usually of some thirty letters; those beyond the limit are left out, and told. */
const MAX_NAME_BYTES = 256 * 1024 * 1024;
const NAME_PAGE_BYTES = 16 * 1024 * 1024;
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

/** Told of lines that are none, of ends without a name, and of files that end early. */
export type OnGraphProblem = (offset: number, what: string) => void;

/**
 * The pairs of a host-level or domain-level web graph (Common Crawl's text form: edges `from⇥to` by number; vertices
 * `number⇥reversed name`, in order of numbers, beside the edges or in a folder `vertices`), twenty thousand at a time. They are
 * coarse: the cause is `unknown`, the time the first month of the crawl, or that of the file where its name tells none. Holds a
 * million edges and the names of their ends at a time, at most `maxNameBytes` of names, whatever the graph's size. Throws where
 * the vertices are missing.
 */
export async function* readHostGraph(
  edges: string,
  onProblem: OnGraphProblem,
  maxNameBytes = MAX_NAME_BYTES,
): AsyncGenerator<Observation[]> {
  const vertices = await verticesOf(edges);
  const seenAt = await dateOf(edges);
  const lot = new Float64Array(2 * LOT_EDGES);
  let size = 0;
  let offset = 0;
  for await (const line of linesOf(edges, (what) => onProblem(offset, what))) {
    const [, from, to] = /^(\d{1,15})\s+(\d{1,15})\s*$/.exec(line) ?? [];
    if (from !== undefined && to !== undefined) {
      lot[size++] = Number(from);
      lot[size++] = Number(to);
    } else if (line !== '') onProblem(offset, 'no edge of two numbers');
    offset += line.length + 1;
    if (size < lot.length) continue;
    yield* toPairs(lot, new VertexNames(lot, maxNameBytes), vertices, seenAt, onProblem);
    size = 0;
  }
  if (size === 0) return;
  const rest = lot.subarray(0, size);
  yield* toPairs(rest, new VertexNames(rest, maxNameBytes), vertices, seenAt, onProblem);
}

async function* toPairs(
  lot: Float64Array,
  names: VertexNames,
  vertices: readonly string[],
  seenAt: string,
  onProblem: OnGraphProblem,
): AsyncGenerator<Observation[]> {
  for (const file of vertices)
    for await (const line of linesOf(file, (what) => onProblem(0, `${basename(file)}: ${what}`)))
      names.add(line);
  let unnamed = 0;
  let pairs: Observation[] = [];
  for (let at = 0; at < lot.length; at += 2) {
    const source = names.of(lot[at]!);
    const target = names.of(lot[at + 1]!);
    if (source === undefined || target === undefined) unnamed++;
    else if (source !== target) {
      const detail = { isObserved: false, depth: 1 };
      pairs.push({ dataset: 'host-pairs', source, label: 'unknown', target, seenAt, detail, evidence: {} });
    }
    if (pairs.length < PAIRS) continue;
    yield pairs;
    pairs = [];
  }
  if (pairs.length > 0) yield pairs;
  if (unnamed > 0) onProblem(0, `${unnamed} edges without a host at one of their ends`);
  if (names.leftOut > 0) onProblem(0, `${names.leftOut} names of hosts are beyond the limit of memory`);
}

/**
 * Names of the vertices that a lot of edges asks for. Millions of strings and of entries of a map would not fit into a worker's
 * heap; so the numbers stand sorted in one array, and the names as bytes in pages beside it.
 */
class VertexNames {
  /** Each number once, in order. */
  readonly #numbers: Float64Array;
  /** Where the name of each begins in the pages, and its length; 0 where there is none. */
  readonly #starts: Uint32Array;
  readonly #lengths: Uint8Array;
  readonly #pages: Buffer[] = [];
  readonly #pageBytes: number;
  readonly #maxPages: number;
  #pageSize: number;
  /** Hosts whose names found no room. */
  leftOut = 0;
  /** Vertices come in order of their numbers: the next one asked for is most often here. */
  #next = 0;

  constructor(lot: Float64Array, maxBytes: number) {
    this.#pageBytes = Math.min(NAME_PAGE_BYTES, maxBytes);
    this.#maxPages = Math.floor(maxBytes / this.#pageBytes);
    this.#pageSize = this.#pageBytes;
    const sorted = lot.toSorted();
    let size = 0;
    for (const number of sorted) if (size === 0 || number !== sorted[size - 1]) sorted[size++] = number;
    this.#numbers = sorted.subarray(0, size);
    this.#starts = new Uint32Array(size);
    this.#lengths = new Uint8Array(size);
  }

  /** Takes the vertex of a line, if it is asked for and is a host. */
  add(line: string): void {
    const tab = line.indexOf('\t');
    if (tab === -1) return;
    const number = Number(line.slice(0, tab));
    const expected = this.#numbers[this.#next];
    if (expected === undefined || number < expected) {
      if (this.#next === 0 || number > this.#numbers[this.#next - 1]!) return; // between two that are asked for
    }
    const index = number === expected ? this.#next : this.#indexOf(number);
    if (index === -1) return;
    this.#next = index + 1;
    const [reversed = ''] = line.slice(tab + 1).split('\t', 1);
    const host = parseHost(reversed.split('.').reverse().join('.'));
    if (host !== undefined) this.#keep(index, host);
  }

  of(number: number): Host | undefined {
    const index = this.#indexOf(number);
    const length = index === -1 ? 0 : this.#lengths[index]!;
    if (length === 0) return undefined;
    const start = this.#starts[index]!;
    const at = start % this.#pageBytes;
    const page = this.#pages[(start - at) / this.#pageBytes]!; // it was written there
    return page.toString('latin1', at, at + length) as Host; // as parseHost gave it
  }

  #keep(index: number, host: Host): void {
    if (this.#pageSize + host.length > this.#pageBytes) {
      if (this.#pages.length === this.#maxPages) {
        this.leftOut++;
        return;
      }
      this.#pages.push(Buffer.allocUnsafe(this.#pageBytes));
      this.#pageSize = 0;
    }
    const page = this.#pages.length - 1;
    this.#lengths[index] = this.#pages[page]!.write(host, this.#pageSize, 'latin1');
    this.#starts[index] = page * this.#pageBytes + this.#pageSize;
    this.#pageSize += host.length;
  }

  #indexOf(number: number): number {
    let low = 0;
    let high = this.#numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#numbers[middle]! < number) low = middle + 1;
      else high = middle;
    }
    return this.#numbers[low] === number ? low : -1;
  }
}

/** Lines of a file, gzipped or not; where it is damaged, those before that. */
async function* linesOf(path: string, onDamage: (what: string) => void): AsyncGenerator<string> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  const text: AsyncIterable<Buffer> = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  file.once('error', (error) => {
    if (text !== file) (text as ReturnType<typeof createGunzip>).destroy(error);
  });
  let rest = '';
  try {
    for await (const piece of text) {
      const lines = (rest + piece.toString('latin1')).split('\n');
      rest = lines.pop()!.slice(0, MAX_LINE); // a split has at least one part
      yield* lines;
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    return onDamage(`cannot be read on: ${error.message}`);
  }
  if (rest !== '') yield rest;
}

/** What zlib says of bytes that it cannot undo. */
function isDamage(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
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
