import type {
  AgentView,
  CallSummary,
  Colleague,
  LiveCall,
  MyAgent,
  ParkedCall,
  QueueView,
  RingingCall,
  Team,
  TeamQueue,
  Wall,
} from "@/api/types";

/** What the console says on `/ws`. */
export type ClientMessage =
  | { op: "subscribe"; topic: string; epoch?: string; after?: number }
  | { op: "unsubscribe"; topic: string }
  | { op: "ping" };

/** An event's payload, told apart by `type`. */
export type LiveEvent =
  | ({ type: "agent" } & MyAgent)
  | { type: "agent_changed"; agent: AgentView }
  | { type: "call_changed"; call: LiveCall }
  | { type: "call_ended"; call_id: string }
  | { type: "queue_changed"; queue: QueueView }
  | { type: "colleague_changed"; colleague: Colleague }
  | { type: "team_queue_changed"; queue: TeamQueue }
  | { type: "parked_changed"; parked: ParkedCall[] }
  | { type: "ringing_changed"; ringing: RingingCall[] }
  | { type: "call_finished"; call: CallSummary }
  | { type: "timeline_changed"; contact_id: string };

/** What a topic's snapshot holds: the agent, the wall, the team, or nothing where events alone matter. */
export type SnapshotData = MyAgent | Wall | Team | Record<string, never>;

/** What the hub says on `/ws`. */
export type ServerMessage =
  | { op: "hello"; epoch: string; now: string; heartbeat_s: number }
  | { op: "snapshot"; topic: string; epoch: string; seq: number; now: string; data: SnapshotData }
  | { op: "resumed"; topic: string; epoch: string; seq: number }
  | { op: "event"; topic: string; seq: number; now: string; event: LiveEvent }
  | { op: "refused"; topic: string; code: string }
  | { op: "pong" }
  | { op: "bye"; code: string };

const OPS = new Set(["hello", "snapshot", "resumed", "event", "refused", "pong", "bye"]);

/** Reads one message; `null` for what a newer hub may say and this console does not know. */
export function parseMessage(text: string): ServerMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("op" in value)) return null;
  return OPS.has(String(value.op)) ? (value as ServerMessage) : null;
}
