import { hostOfUrl, type LimitReached } from '#model';
import type { DecodedTunnel } from './decoder.ts';
import { judgeChain } from './judge-chain.ts';
import type { TlsFacts, WireExchange, WireRecord, WireWebSocket } from './record.ts';

/** Decoded tunnels → the record of the capture: order of time, chains of resumed connections, distrust. */
export function assemble(
  tunnels: readonly DecodedTunnel[],
  limits: readonly LimitReached[],
  extraRoots: readonly string[],
): WireRecord {
  const certificates = new Map(
    tunnels.flatMap((tunnel) => tunnel.certificates.map((each) => [each.sha256, each])),
  );
  const chains = firstChains(tunnels);
  const judge = chainJudge(certificates, extraRoots);
  const tlsOf = new Map<number, TlsFacts>();
  const connections = tunnels.map(({ connection }) => {
    const tls = withChain(connection.tls, chains.get(`${connection.host}:${connection.port}`));
    if (tls === undefined) return connection;
    tlsOf.set(connection.tunnel, tls);
    return { ...connection, tls: judge(tls, connection.host, connection.openedAt) };
  });
  const exchanges: WireExchange[] = [];
  const webSockets: WireWebSocket[] = [];
  for (const { exchange, webSocket } of inOrder(tunnels)) {
    const tls = tlsOf.get(exchange.tunnel);
    const host = hostOfUrl(exchange.url) ?? '';
    if (webSocket !== undefined) webSockets.push({ ...webSocket, exchange: exchanges.length });
    exchanges.push(tls === undefined ? exchange : { ...exchange, tls: judge(tls, host, exchange.startedAt) });
  }
  const undecrypted = connections
    .filter((connection) => connection.isLost)
    .map(({ tunnel, host, port, fault = '' }) => ({ tunnel, host, port, reason: fault }));
  return {
    exchanges,
    webSockets,
    connections,
    certificates: [...certificates.values()],
    undecrypted,
    limits,
  };
}

interface Placed {
  readonly exchange: WireExchange;
  readonly webSocket: WireWebSocket | undefined;
}

/** Text of instants compares as their time does; within a millisecond the order of the wire stands. */
function inOrder(tunnels: readonly DecodedTunnel[]): Placed[] {
  const all = tunnels.flatMap(({ exchanges, webSockets }) =>
    exchanges.map((exchange, index) => ({
      exchange,
      webSocket: webSockets.find((webSocket) => webSocket.exchange === index),
    })),
  );
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return all.toSorted((a, b) => compare(a.exchange.startedAt, b.exchange.startedAt));
}

/** A resumed connection carries no certificate: the first full handshake with the same place has shown it. */
function firstChains(tunnels: readonly DecodedTunnel[]): Map<string, readonly string[]> {
  const chains = new Map<string, readonly string[]>();
  for (const { connection } of tunnels) {
    const place = `${connection.host}:${connection.port}`;
    const chain = connection.tls?.chain ?? [];
    if (chain.length > 0 && !chains.has(place)) chains.set(place, chain);
  }
  return chains;
}

function withChain(tls: TlsFacts | undefined, chain: readonly string[] | undefined): TlsFacts | undefined {
  if (tls === undefined || !tls.isResumed || tls.chain.length > 0 || chain === undefined) return tls;
  return { ...tls, chain: [...chain] };
}

/** Adds the verdict on the chain for a host. Each chain is judged once a host: signatures are what costs. */
function chainJudge(
  certificates: ReadonlyMap<string, { readonly der: Uint8Array }>,
  extraRoots: readonly string[],
): (tls: TlsFacts, host: string, at: string) => TlsFacts {
  const verdicts = new Map<string, string | undefined>();
  return (tls, host, at) => {
    // Without a chain (resumed, never seen whole) there is nothing to judge.
    if (tls.chain.length === 0) return tls;
    const key = `${host} ${tls.chain.join(' ')}`;
    if (!verdicts.has(key)) {
      const chain = tls.chain.map((digest) => certificates.get(digest)?.der ?? new Uint8Array(0));
      verdicts.set(key, judgeChain(chain, host, new Date(at), extraRoots));
    }
    const distrust = verdicts.get(key);
    return distrust === undefined ? tls : { ...tls, distrust };
  };
}
