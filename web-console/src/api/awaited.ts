import type { LiveCall, MyAgent } from "./types";

/*
 * To be replaced by the generated ones: what the hub's API says about phones and running calls, in
 * the words agreed for it. When `schema.d.ts` has them, each line here becomes `Schemas["…"]`.
 */

/** `POST /api/v1/me/phone`: what the browser phone registers with. Short-lived. */
export interface PhoneCredentials {
  username: string;
  password: string;
  /** The domain of the address of record. */
  domain: string;
  /** On the console's own origin. */
  websocket_path: string;
  /** RFC 3339. */
  expires_at: string;
  ice_servers: IceServer[];
}

export interface IceServer {
  urls: string[];
  username?: string | null;
  credential?: string | null;
}

/** A phone's kind, `browser` being the one in the console. */
export type AwaitedPhoneKind = MyAgent["phones"][number]["kind"] | "browser";

/** Whom a call is transferred to, consulted with, or who is added to it. */
export type Target =
  | { kind: "number"; number: string }
  | { kind: "agent"; user_id: string }
  | { kind: "queue"; queue_id: string };

export type RecordingAction = "start" | "stop" | "pause" | "resume";

export interface Participant {
  leg_id: string;
  label: string;
  kind: "customer" | "agent" | "other";
  held: boolean;
}

export interface Consult {
  state: "ringing" | "talking";
  to: string;
}

/** A running call with everything that can be done to it. A hub that knows less leaves it out. */
export interface ControlledCall extends LiveCall {
  held?: boolean;
  recording?: "off" | "on" | "paused";
  consult?: Consult | null;
  participants?: Participant[];
  parked_slot?: string | null;
}
