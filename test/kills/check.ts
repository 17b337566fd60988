import { createClient } from '@clickhouse/client';
import { openWorkspace } from '#store';
import { hostOfCapture, sizeOfBatch } from './synthetic.ts';

/** Faults of the stores, each named. */
export interface Check {
  /** How much was promised. */
  readonly acknowledged: number;
  /** Batches and captures that are there, promised or not. */
  readonly stored: number;
  /** Promised, and not there. */
  readonly missing: readonly string[];
  /** There, but more or less often than once. */
  readonly miscounted: readonly string[];
  /** In one direction only. */
  readonly oneSided: readonly string[];
}

interface Access {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** Compares the stores with what was promised. */
export async function checkStores(
  { url, username, password }: Access,
  promised: readonly (readonly [kind: string, id: string])[],
  workspaceAt: { readonly directory: string; readonly databaseUrl?: string },
): Promise<Check> {
  const client = createClient({ url, username, password });
  const counted = async (sql: string): Promise<Map<string, number>> => {
    const rows = await (
      await client.query({ query: sql, format: 'JSONEachRow' })
    ).json<{ name: string; seen: string }>();
    return new Map(rows.map(({ name, seen }) => [name, Number(seen)]));
  };
  const bothWays = async (name: string, where: string) =>
    Promise.all(
      ['fwd', 'rev'].map((way) =>
        counted(
          `SELECT ${name} AS name, sum(count) AS seen FROM adit.edges_${way} WHERE ${where} GROUP BY name`,
        ),
      ),
    );
  const [batches, batchesBack] = await bothWays('label', "dataset = 'trackers'");
  const [loaded, loadedBack] = await bothWays(
    'target',
    "dataset = 'host-pairs' AND startsWith(target, 'example.loaded.')",
  );
  const captures = await counted('SELECT id AS name, count() AS seen FROM adit.captures FINAL GROUP BY id');
  await client.close();
  const workspace = await readWorkspace(workspaceAt);

  const keyOf = (capture: string): string => hostOfCapture(capture).split('.').reverse().join('.');
  const finished = [...promised, ...workspace.finished.map((id) => ['capture', id] as const)];
  const missing = finished.filter(([kind, id]) => {
    if (kind === 'batch') return !batches!.has(id) || !batchesBack!.has(id);
    if (kind === 'capture')
      return !captures.has(id) || !loaded!.has(keyOf(id)) || !loadedBack!.has(keyOf(id));
    return !workspace.holds(kind, id);
  });
  return {
    acknowledged: promised.length,
    stored: batches!.size + captures.size,
    missing: missing.map((each) => each.join(' ')),
    miscounted: [
      ...[batches!, batchesBack!].flatMap((each) =>
        [...each].filter(([id, seen]) => seen !== sizeOfBatch(id)),
      ),
      ...[loaded!, loadedBack!, captures].flatMap((each) => [...each].filter(([, seen]) => seen !== 1)),
    ].map((each) => each.join(': ')),
    oneSided: [...differing(batches!, batchesBack!), ...differing(loaded!, loadedBack!)],
  };
}

function differing(there: ReadonlyMap<string, number>, back: ReadonlyMap<string, number>): string[] {
  return [...new Set([...there.keys(), ...back.keys()])].filter((name) => there.get(name) !== back.get(name));
}

/** What the workspace holds, and the captures of the jobs that it says are done. */
async function readWorkspace(at: { readonly directory: string; readonly databaseUrl?: string }) {
  await using workspace = await openWorkspace({ directory: at.directory, url: at.databaseUrl });
  const { queue, projects } = workspace;
  const states = ['queued', 'running', 'done', 'dead'] as const;
  const jobs = (await Promise.all(states.map((state) => queue.jobs(state, 1_000_000)))).flat();
  const held = new Set(jobs.map(({ id }) => `job ${id}`));
  for (const { id } of await projects.list()) {
    held.add(`project ${id}`);
    for (const { value } of await projects.artifacts(id)) held.add(`artifact ${id} ${value}`);
  }
  return {
    finished: jobs.flatMap(({ state, result }) =>
      state === 'done' ? [(result as { captureId: string }).captureId] : [],
    ), // as workers finish jobs
    holds: (kind: string, id: string) => held.has(`${kind} ${id}`),
  };
}
