import { vi } from "vitest";

/** A websocket whose far end is the test. */
export class FakeSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 3;
  static made: FakeSocket[] = [];

  readyState = FakeSocket.CONNECTING;
  onopen: (() => void) | null = null;
  onclose: ((event: { wasClean: boolean; code: number; reason: string }) => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  readonly sent: string[] = [];

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    FakeSocket.made.push(this);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.readyState = FakeSocket.CLOSED;
  }

  opens(): void {
    this.readyState = FakeSocket.OPEN;
    this.onopen?.();
  }

  hears(text: string): void {
    this.onmessage?.({ data: text });
  }

  breaks(): void {
    this.readyState = FakeSocket.CLOSED;
    this.onclose?.({ wasClean: false, code: 1006, reason: "" });
  }

  /** The last message that begins like this. */
  last(start: string): string {
    const found = this.sent.findLast((text) => text.startsWith(start));
    if (found === undefined)
      throw new Error(`no ${start} in ${this.sent.map((text) => text.split("\r\n")[0])}`);
    return found;
  }
}

/** Puts pretended sockets in place; the array fills as they are made. */
export function pretendSockets(): FakeSocket[] {
  FakeSocket.made = [];
  vi.stubGlobal("WebSocket", FakeSocket);
  return FakeSocket.made;
}

/** A header's value in a message. */
export function header(message: string, name: string): string {
  const line = message.split("\r\n").find((each) => each.startsWith(`${name}: `));
  return line?.slice(name.length + 2) ?? "";
}

/** The answer to a request, with what RFC 3261 section 8.2.6 has it copy. */
export function reply(request: string, status: string, more: readonly string[] = []): string {
  const to = header(request, "To");
  return [
    `SIP/2.0 ${status}`,
    ...["Via", "From", "Call-ID", "CSeq"].map((name) => `${name}: ${header(request, name)}`),
    `To: ${to.includes(";tag=") ? to : `${to};tag=hub`}`,
    ...more,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

/** A request of the hub within `call`, at the contact that the phone registered. */
export function request(
  method: string,
  contact: string,
  { call = "call-1", cseq = 1, toTag = "", more = [] as readonly string[], body = "" } = {},
): string {
  return [
    `${method} ${contact} SIP/2.0`,
    `Via: SIP/2.0/WS hub.invalid;branch=z9hG4bK${method}${call}${cseq}`,
    "Max-Forwards: 70",
    `From: "Lucía Ortega" <sip:+34611200000@aurora.example>;tag=far`,
    `To: <sip:b-nuria@aurora.example>${toTag && `;tag=${toTag}`}`,
    `Call-ID: ${call}`,
    `CSeq: ${cseq} ${method}`,
    "Contact: <sip:hub@hub.invalid;transport=ws>",
    ...more,
    ...(body ? ["Content-Type: application/sdp"] : []),
    `Content-Length: ${new TextEncoder().encode(body).length}`,
    "",
    body,
  ].join("\r\n");
}

export const OFFER = [
  "v=0",
  "o=- 1 1 IN IP4 127.0.0.1",
  "s=-",
  "c=IN IP4 127.0.0.1",
  "t=0 0",
  "m=audio 40000 UDP/TLS/RTP/SAVPF 0",
  "a=sendrecv",
  "",
].join("\r\n");

/** What the library asks of a peer connection, and no more. */
export class FakePeer extends EventTarget {
  static made: FakePeer[] = [];
  readonly iceGatheringState = "complete";
  readonly signalingState = "stable";
  iceConnectionState = "connected";
  localDescription: { type: string; sdp: string } | null = null;
  readonly tracks: { kind: string; enabled: boolean }[] = [];
  closed = false;

  constructor(readonly config: RTCConfiguration) {
    super();
    FakePeer.made.push(this);
  }

  addTrack(track: { kind: string; enabled: boolean }): void {
    this.tracks.push(track);
  }
  getSenders() {
    return this.tracks.map((track) => ({ track }));
  }
  async setRemoteDescription(): Promise<void> {}
  async createOffer() {
    return { type: "offer", sdp: OFFER };
  }
  async createAnswer() {
    return { type: "answer", sdp: OFFER };
  }
  async setLocalDescription(description: { type: string; sdp: string }): Promise<void> {
    this.localDescription = description;
    // New words of ICE are gathered anew.
    if (description.type === "offer")
      setTimeout(() => this.dispatchEvent(new Event("icegatheringstatechange")));
  }
  close(): void {
    this.closed = true;
  }
  /** The way to the hub is lost, or there again. */
  becomes(iceConnectionState: string): void {
    this.iceConnectionState = iceConnectionState;
    this.dispatchEvent(new Event("iceconnectionstatechange"));
  }
}

export function pretendPeers(): FakePeer[] {
  FakePeer.made = [];
  vi.stubGlobal("RTCPeerConnection", FakePeer);
  vi.stubGlobal(
    "RTCSessionDescription",
    class {
      readonly type: string;
      readonly sdp: string;
      constructor({ type, sdp }: { type: string; sdp: string }) {
        this.type = type;
        this.sdp = sdp;
      }
    },
  );
  return FakePeer.made;
}

/** A microphone's stream of one track. */
export function fakeMicrophone(): MediaStream {
  const track = { kind: "audio", enabled: true, stop: vi.fn() };
  return {
    getTracks: () => [track],
    getAudioTracks: () => [track],
    getVideoTracks: () => [],
  } as unknown as MediaStream;
}
