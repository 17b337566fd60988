import { randomUUID } from 'node:crypto';
import type { Host } from '#model';
import { takeCapture, type Reply, type TestServer } from './server-fixture.ts';

/** What many clients at once were told, and whether it is true afterwards; whatever is listed is a fault. */
export interface ClientsReport {
  readonly requests: number;
  /** Writes that the server said were done. */
  readonly acknowledged: number;
  readonly captures: number;
  /** Replies of 500 and above, and requests that failed. */
  readonly failures: readonly string[];
  /** What was acknowledged and is not there. */
  readonly lost: readonly string[];
}

const BRAND = 'brand.example' as Host; // host names
const READS = [
  `/api/artifacts?value=${BRAND}`,
  `/api/pivot?dataset=host-pairs&direction=reverse&value=${BRAND}&limit=100`,
  '/api/projects',
  '/api/captures?limit=20',
  '/api/status',
  '/api/jobs',
];

interface Acknowledged {
  readonly project: string;
  readonly artifacts: Set<string>;
}

/** So many clients for so long, and until each of them has done something; each with a project of its own that it fills and reads back, while captures are stored beside them. */
export async function runClients(
  server: TestServer,
  plan: { readonly clients: number; readonly seconds: number },
): Promise<ClientsReport> {
  const until = Date.now() + plan.seconds * 1_000;
  const failures: string[] = [];
  let requests = 0;
  const call = async (method: string, path: string, body?: unknown): Promise<Reply | undefined> => {
    requests++;
    try {
      const reply = await server.call(method, path, { body });
      if (reply.status < 500) return reply;
      failures.push(`${method} ${path}: ${reply.status} ${reply.bytes.toString('utf8').slice(0, 200)}`);
    } catch (error) {
      failures.push(`${method} ${path}: ${String(error)}`);
    }
    return undefined;
  };
  const client = async (number: number): Promise<Acknowledged | undefined> => {
    const made = await call('POST', '/api/projects', { name: `client ${number} ${randomUUID()}` });
    if (made?.status !== 201) return undefined;
    const { id: project } = made.json() as { id: string }; // by its schema
    const artifacts = new Set<string>();
    for (let turn = 0; turn === 0 || Date.now() < until; turn++) {
      const value = `h${turn}.client${number}.example`;
      const put = await call('PUT', `/api/projects/${project}/artifacts`, { value, status: 'suspected' });
      if (put?.status === 200) artifacts.add(value);
      await call('GET', READS[(number + turn) % READS.length]!);
      if (turn % 5 === 4) await call('GET', `/api/projects/${project}`);
    }
    return { project, artifacts };
  };
  const taken: string[] = [];
  const storing = (async () => {
    while (taken.length === 0 || Date.now() < until) {
      const host = `p${taken.length}.clone.example` as Host; // a host name
      await takeCapture(server.workbench, host, BRAND);
      taken.push(host);
    }
  })();
  const clients = (await Promise.all(Array.from({ length: plan.clients }, (_, n) => client(n)))).filter(
    (each) => each !== undefined,
  );
  await storing;
  return {
    requests,
    acknowledged: clients.reduce((sum, { artifacts }) => sum + artifacts.size, 0),
    captures: taken.length,
    failures,
    lost: [...(await lostArtifacts(call, clients)), ...(await lostCaptures(server, taken))],
  };
}

async function lostArtifacts(
  call: (method: string, path: string) => Promise<Reply | undefined>,
  clients: readonly Acknowledged[],
): Promise<string[]> {
  const lost: string[] = [];
  for (const { project, artifacts } of clients) {
    const reply = await call('GET', `/api/projects/${project}`);
    const held = reply?.json() as { artifacts: { value: string }[] } | undefined; // by its schema
    const values = new Set(held?.artifacts.map(({ value }) => value));
    lost.push(...[...artifacts].filter((value) => !values.has(value)));
  }
  return lost;
}

/** Captures whose host pair is missing from either side, or counted twice. */
async function lostCaptures(
  { workbench: { store } }: TestServer,
  hosts: readonly string[],
): Promise<string[]> {
  const parents = new Map<string, number>();
  for (let cursor: string | undefined; ;) {
    const page = await store.edges({
      dataset: 'host-pairs',
      direction: 'reverse',
      value: BRAND,
      labels: ['script.src'],
      limit: 2_000,
      cursor,
    });
    for (const { source, count } of page.edges) parents.set(source, count);
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  const lost = hosts.filter((host) => parents.get(host) !== 1);
  for (const host of hosts) {
    const { edges } = await store.edges({ dataset: 'host-pairs', direction: 'forward', value: host });
    if (!edges.some(({ target }) => target === BRAND)) lost.push(host);
  }
  return lost;
}
