import type { LiveCall } from "./types";

/*
 * To be replaced by the generated ones: what the hub's API says about running calls, in
 * the words agreed for it. When `schema.d.ts` has them, each line here becomes `Schemas["…"]`.
 */

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
