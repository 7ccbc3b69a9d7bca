import type { Socket } from "jssip";

/** Shorter than any firewall forgets a connection, and than the hub keeps a caller for a lost phone. */
export const KEEPALIVE_MS = 20_000;
/** RFC 5626 section 3.5.1, over a websocket by RFC 7118 section 6. */
const PING = "\r\n\r\n";

/**
 * SIP over one websocket (RFC 7118) that notices when the far side has gone without a word, and
 * that can fall silent. The SIP library makes the connection again by itself.
 */
export class SipSocket implements Socket {
  via_transport: string;
  readonly sip_uri: string;
  onconnect: () => void = () => undefined;
  ondisconnect: (error: boolean, code?: number, reason?: string) => void = () => undefined;
  ondata: <T>(data: T) => void = () => undefined;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  #unanswered = false;
  #silent = false;

  constructor(readonly url: string) {
    const { protocol, host } = new URL(url);
    this.via_transport = protocol === "wss:" ? "WSS" : "WS";
    this.sip_uri = `sip:${host};transport=ws`;
  }

  connect(): void {
    if (this.#socket !== null || this.#silent) return;
    const socket = new WebSocket(this.url, "sip");
    this.#socket = socket;
    this.#unanswered = false;
    // A socket that was replaced has nothing more to say.
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      this.#timer = setInterval(() => this.#keepAlive(), KEEPALIVE_MS);
      this.onconnect();
    };
    socket.onmessage = ({ data }) => {
      if (this.#socket !== socket) return;
      this.#unanswered = false;
      this.ondata(data);
    };
    socket.onclose = ({ wasClean, code, reason }) => {
      if (this.#socket !== socket) return;
      this.#forget();
      this.ondisconnect(!wasClean, code, reason);
    };
  }

  disconnect(): void {
    const socket = this.#socket;
    this.#forget();
    socket?.close();
  }

  send(message: string): boolean {
    // A silent socket takes everything: who speaks into it is about to stop.
    if (this.#silent) return true;
    if (!this.isConnected()) return false;
    this.#socket?.send(message);
    return true;
  }

  isConnected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  isConnecting(): boolean {
    return this.#socket?.readyState === WebSocket.CONNECTING;
  }

  /** The far side does not answer: what the library sees is a lost connection. */
  drop(): void {
    if (this.#socket === null) return;
    this.disconnect();
    this.ondisconnect(true);
  }

  /** Closes at once and for good; nothing that follows reaches the hub. */
  silence(): void {
    this.#silent = true;
    this.disconnect();
  }

  #keepAlive(): void {
    if (this.#unanswered) {
      this.drop();
      return;
    }
    this.#unanswered = true;
    this.send(PING);
  }

  #forget(): void {
    this.#socket = null;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
