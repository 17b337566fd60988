import type { TunnelRecord } from '../../egress/index.ts';
import { decodeWire, type WireRecord } from '../../wire/index.ts';
import type { LimitLog, LimitName } from '../limits.ts';

/** The decoder's names for limits of the visit. */
const WIRE_LIMITS: Readonly<Record<string, LimitName>> = {
  maxBodyBytes: 'bodyBytes',
  maxTotalBodyBytes: 'bytesDown',
  maxDecodedBytes: 'decodedBodyBytes',
  maxExchanges: 'requests',
  maxWebSocketMessages: 'webSocketMessages',
  maxWebSocketBytes: 'webSocketBytes',
};

const DECODE_MS = 30_000;

/** What the guard's tunnels carried, decrypted with the browser's keys. */
export async function readWire(options: {
  readonly tunnels: readonly TunnelRecord[];
  readonly keyLogPath: string;
  readonly keyLogOffset: number;
  readonly spoolDir: string;
  readonly limits: LimitLog;
  readonly extraRoots: readonly string[];
}): Promise<WireRecord> {
  const { limits, ...rest } = options;
  const { bodyBytes, bytesDown, decodedBodyBytes, requests, webSocketBytes, webSocketMessages } =
    limits.limits;
  const wire = await decodeWire({
    ...rest,
    limits: {
      deadlineMs: DECODE_MS,
      maxBodyBytes: bodyBytes,
      maxTotalBodyBytes: bytesDown,
      maxDecodedBytes: decodedBodyBytes,
      maxExchanges: 2 * requests,
      maxWebSocketMessages: webSocketMessages,
      maxWebSocketBytes: webSocketBytes,
    },
  });
  for (const reached of wire.limits)
    limits.add({ ...reached, limit: WIRE_LIMITS[reached.limit] ?? reached.limit });
  const bomb = wire.exchanges.find(({ response }) =>
    /larger than the limit/.test(response?.body?.decodeFault ?? ''),
  );
  if (bomb !== undefined) limits.reach('decodedBodyBytes', bomb.url);
  return wire;
}
