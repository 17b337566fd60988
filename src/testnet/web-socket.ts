import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocketReply } from './site.ts';

const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

/** Accepts WebSocket handshakes (RFC 6455, with permessage-deflate of RFC 7692) on connections that the servers hand over. */
export function createWebSocketAcceptor() {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: { threshold: 64 },
    maxPayload: MAX_MESSAGE_BYTES,
  });
  return (request: IncomingMessage, socket: Duplex, head: Buffer, reply: WebSocketReply): void => {
    server.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => undefined); // a broken peer ends its own connection only
      for (const message of reply.greeting ?? []) webSocket.send(message);
      if (reply.isEcho === true) {
        webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }));
      }
      if (reply.closeCode !== undefined) webSocket.close(reply.closeCode);
    });
  };
}
