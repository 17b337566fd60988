import type { Protocol } from 'devtools-protocol';
import type { Capture } from '#model';
import type { LimitLog } from '../limits.ts';
import type { Watcher } from './targets.ts';

type Message = Capture['webSockets'][number]['messages'][number];

export interface SeenWebSocket {
  readonly url: string;
  readonly frame: string | undefined;
  readonly initiator: Protocol.Network.Initiator | undefined;
  readonly messages: Message[];
}

const BINARY = 2;

/** WebSockets and the messages that go over them. */
export class WebSocketLog {
  readonly sockets: SeenWebSocket[] = [];
  readonly #limits: LimitLog;
  readonly #byId = new Map<string, SeenWebSocket>();
  #messageCount = 0;
  #size = 0;

  constructor(limits: LimitLog) {
    this.#limits = limits;
  }

  readonly watch: Watcher = ({ session, id, type }) => {
    session.on('Network.webSocketCreated', ({ requestId, url, initiator }) => {
      if (!this.#limits.admits('webSocketMessages', this.sockets.length)) return;
      const socket = {
        url,
        frame: type === 'page' || type === 'iframe' ? id : undefined,
        initiator,
        messages: [],
      };
      this.sockets.push(socket);
      this.#byId.set(requestId, socket);
    });
    session.on('Network.webSocketFrameSent', (event) => this.#add(event, true));
    session.on('Network.webSocketFrameReceived', (event) => this.#add(event, false));
    return [];
  };

  #add(
    { requestId, response }: { requestId: string; response: Protocol.Network.WebSocketFrame },
    isSent: boolean,
  ): void {
    const socket = this.#byId.get(requestId);
    if (socket === undefined) return;
    this.#size += response.payloadData.length;
    if (!this.#limits.admits('webSocketMessages', this.#messageCount++)) return;
    if (!this.#limits.admits('webSocketBytes', this.#size - 1)) return;
    socket.messages.push({
      isSent,
      isBinary: response.opcode === BINARY,
      data: response.payloadData,
      at: new Date().toISOString(),
    });
  }
}
