import { type Effect, type Input, initial, type Live, step } from "./machine";
import { type ClientMessage, parseMessage } from "./protocol";

/** How often the machine is told the time: retries and heartbeats are no finer than this. */
const TICK_MS = 500;

export type Outcome = Exclude<Effect, { kind: "connect" } | { kind: "close" } | { kind: "send" }>;

/** The thin shell around [`step`]: owns the socket and the timer, decides nothing. */
export class LiveClient {
  #live: Live = initial;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly url: string,
    private readonly onOutcome: (outcome: Outcome) => void,
  ) {}

  start(): void {
    this.#timer ??= setInterval(() => this.#feed({ kind: "tick" }), TICK_MS);
    window.addEventListener("online", this.#wake);
    document.addEventListener("visibilitychange", this.#wake);
    this.#feed({ kind: "start" });
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    window.removeEventListener("online", this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
    this.#feed({ kind: "stop" });
  }

  /** Asks for a topic; the answer ends the asking. */
  subscribe(topic: string): () => void {
    this.#feed({ kind: "subscribe", topic });
    return () => this.#feed({ kind: "unsubscribe", topic });
  }

  /** Does not wait for the next try. */
  retryNow(): void {
    this.#feed({ kind: "wake" });
  }

  onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  state = (): Live => this.#live;

  #wake = () => {
    if (document.visibilityState === "visible") this.#feed({ kind: "wake" });
  };

  #feed(input: Input): void {
    const before = this.#live;
    const { live, effects } = step(before, input, performance.now(), Math.random());
    this.#live = live;
    for (const effect of effects) this.#carryOut(effect);
    if (live !== before) for (const listener of this.#listeners) listener();
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case "connect":
        this.#connect();
        return;
      case "close":
        this.#drop();
        return;
      case "send":
        this.#send(effect.message);
        return;
      default:
        this.onOutcome(effect);
    }
  }

  #connect(): void {
    this.#drop();
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    // A socket that was replaced has nothing more to say.
    const current = (input: () => Input | null) => () => {
      if (this.#socket !== socket) return;
      const made = input();
      if (made) this.#feed(made);
    };
    socket.onopen = current(() => ({ kind: "opened" }));
    socket.onclose = current(() => ({ kind: "closed" }));
    socket.onmessage = (frame) => {
      if (this.#socket !== socket || typeof frame.data !== "string") return;
      const message = parseMessage(frame.data);
      if (message) this.#feed({ kind: "message", message });
    };
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
