import type { ExchangeRow } from '#api';
import type { Capture } from '#model';

/** A host at the place where something led to it. */
export interface HostNode {
  readonly id: number;
  readonly parent: number | undefined;
  readonly depth: number;
  readonly host: string;
  readonly isForeign: boolean;
  readonly causes: readonly string[];
  readonly exchanges: number;
  readonly firstExchange: number;
  readonly urls: readonly {
    readonly exchange: number;
    readonly url: string;
    readonly status: number | undefined;
  }[];
  readonly kinds: readonly { readonly value: string; readonly count: number }[];
  readonly sizeBytes: number;
  readonly failures: number;
  readonly downloads: number;
  readonly cookies: number;
}

const MAX_NODES = 2_000;
const MAX_DEPTH = 60;
const URLS_SHOWN = 20;

interface Branch {
  readonly id: number;
  readonly parent: number | undefined;
  readonly depth: number;
  readonly host: string;
  readonly causes: Set<string>;
  readonly rows: ExchangeRow[];
}

/**
 * The tree of a visit by hosts: each exchange stands below the one that caused it (the hop before a redirect, the
 * document, stylesheet or script), and what one host loads from another is one branch, however often.
 */
export function hostTree(
  capture: Capture,
  rows: readonly ExchangeRow[],
): { nodes: HostNode[]; isCut: boolean } {
  const branches: Branch[] = [];
  const byKey = new Map<string, Branch>();
  const branchOf = new Map<number, Branch>();
  const latestOfUrl = new Map<string, number>();
  let isCut = false;
  for (const row of rows) {
    const caused =
      row.redirectedFrom ?? (row.parentUrl === undefined ? undefined : latestOfUrl.get(row.parentUrl));
    latestOfUrl.set(row.url, row.id);
    const above = caused === undefined ? undefined : branchOf.get(caused);
    if (above?.host === row.host) {
      above.rows.push(row);
      branchOf.set(row.id, above);
      continue;
    }
    const key = `${above?.id ?? ''} ${row.host}`;
    let branch = byKey.get(key);
    if (branch === undefined) {
      if (branches.length === MAX_NODES || (above?.depth ?? 0) >= MAX_DEPTH) {
        isCut = true;
        continue;
      }
      const depth = above === undefined ? 0 : above.depth + 1;
      branch = { id: branches.length, parent: above?.id, depth, host: row.host, causes: new Set(), rows: [] };
      branches.push(branch);
      byKey.set(key, branch);
    }
    if (row.cause !== undefined) branch.causes.add(row.cause);
    branch.rows.push(row);
    branchOf.set(row.id, branch);
  }
  const setters = new Map<number, number>();
  for (const { setBy } of capture.cookies)
    if (setBy.kind === 'header') setters.set(setBy.exchange, (setters.get(setBy.exchange) ?? 0) + 1);
  return { nodes: inTreeOrder(branches).map((branch) => toNode(branch, setters)), isCut };
}

/** Each branch directly before those below it. */
function inTreeOrder(branches: readonly Branch[]): Branch[] {
  const below = Map.groupBy(branches, ({ parent }) => parent);
  const ordered: Branch[] = [];
  const stack = [...(below.get(undefined) ?? [])].reverse();
  for (let branch = stack.pop(); branch !== undefined; branch = stack.pop()) {
    ordered.push(branch);
    stack.push(...(below.get(branch.id) ?? []).toReversed());
  }
  return ordered;
}

function toNode({ causes, rows, ...branch }: Branch, setters: ReadonlyMap<number, number>): HostNode {
  const kinds = [...Map.groupBy(rows, ({ resourceType }) => resourceType ?? 'other')]
    .map(([value, members]) => ({ value, count: members.length }))
    .sort((a, b) => b.count - a.count);
  const sum = (valueOf: (row: ExchangeRow) => number): number =>
    rows.reduce((total, row) => total + valueOf(row), 0);
  return {
    ...branch,
    isForeign: rows[0]!.isForeign,
    causes: [...causes],
    exchanges: rows.length,
    firstExchange: rows[0]!.id,
    urls: rows.slice(0, URLS_SHOWN).map(({ id, url, status }) => ({ exchange: id, url, status })),
    kinds,
    sizeBytes: sum(({ sizeBytes = 0 }) => sizeBytes),
    failures: sum(({ failure, status = 0 }) => (failure !== undefined || status >= 400 ? 1 : 0)),
    downloads: sum(({ isDownload }) => (isDownload === true ? 1 : 0)),
    cookies: sum(({ id }) => setters.get(id) ?? 0),
  };
}
