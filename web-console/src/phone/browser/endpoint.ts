import type { IceServer, PhoneCredentials } from "@/api/types";

/** What the SIP side of the phone tells, in the only words that the rest of the console knows. */
export type EndpointEvent =
  | { kind: "registered" }
  /** The registrar refused with `status`; or, `null`, the connection was lost and is being made again. */
  | { kind: "unregistered"; status: number | null }
  | { kind: "invite"; call: string; caller: string; auto: boolean }
  /** The far side's sound, and the connection it comes by. */
  | { kind: "sound"; call: string; stream: MediaStream; peer: RTCPeerConnection }
  | { kind: "established"; call: string }
  | { kind: "ended"; call: string };

/** A SIP endpoint over a websocket (RFC 7118). Calls that are over are passed over in silence. */
export interface Endpoint {
  start(): void;
  /** The same user with a fresh password; registers with it at once. */
  renew(credentials: PhoneCredentials): void;
  answer(call: string, microphone: MediaStream, iceServers: readonly IceServer[]): void;
  /** Refuses with a final SIP status. */
  reject(call: string, status: number): void;
  hangUp(call: string): void;
  /** Through every later renegotiation too. */
  mute(call: string, muted: boolean): void;
  /** Ends what runs and unregisters. */
  stop(): void;
  /** Falls silent at once, as a page that is reloaded: the hub keeps the caller for who comes next. */
  abandon(): void;
}

export type EndpointMaker = (
  credentials: PhoneCredentials,
  tell: (event: EndpointEvent) => void,
) => Endpoint;
