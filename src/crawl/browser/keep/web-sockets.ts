import type { Capture } from '#model';
import type { WireRecord } from '../../wire/index.ts';
import { toInitiator } from '../record/stack.ts';
import type { SeenWebSocket } from '../record/web-sockets.ts';

type WebSocket = Capture['webSockets'][number];

/** The sockets that DevTools told of, each with the handshake on the wire; then those that only the wire saw. */
export function joinWebSockets(
  seen: readonly SeenWebSocket[],
  wire: WireRecord,
  ofWire: ReadonlyMap<number, number>,
): WebSocket[] {
  const waiting = [...wire.webSockets];
  const told = seen.map(({ url, frame, initiator, messages }): WebSocket => {
    const index = waiting.findIndex((socket) => socket.url === url);
    const carried = index === -1 ? undefined : waiting.splice(index, 1)[0];
    const exchange = carried === undefined ? undefined : ofWire.get(carried.exchange);
    return {
      url,
      ...(frame !== undefined && { frame }),
      ...(initiator !== undefined && { initiator: toInitiator(initiator) }),
      ...(exchange !== undefined && { exchange }),
      messages: messages.length === 0 ? toMessages(carried) : messages,
    };
  });
  const untold = waiting.map((socket): WebSocket => {
    const exchange = ofWire.get(socket.exchange);
    return { url: socket.url, ...(exchange !== undefined && { exchange }), messages: toMessages(socket) };
  });
  return [...told, ...untold];
}

function toMessages(socket: WireRecord['webSockets'][number] | undefined): WebSocket['messages'] {
  return (socket?.messages ?? []).map(({ isSent, isBinary, data, at }) => ({ isSent, isBinary, data, at }));
}
