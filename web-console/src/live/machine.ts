/**
 * The live connection as a pure machine: inputs in, effects out. It knows no socket and no clock,
 * so every loss, gap and restart can be tested as a list of messages.
 *
 * A topic's numbers rise but are not dense (one counter serves the whole hub), so a hole cannot be
 * seen in them. What can be seen: a number that does not rise is a repeat and is dropped; an event
 * before any snapshot means that we missed something and asks for the topic anew; another epoch
 * means another process, whose numbers mean nothing to us.
 */
import type { ClientMessage, LiveEvent, ServerMessage, SnapshotData } from "./protocol";

export type Phase =
  | { kind: "idle" }
  | { kind: "connecting"; attempt: number }
  | { kind: "open"; epoch: string | null; heartbeatMs: number; heardAt: number; pingedAt: number }
  | { kind: "waiting"; attempt: number; retryAt: number }
  | { kind: "ended" };

export interface Topic {
  /** How many parts of the screen want it. */
  users: number;
  /** Where we stand in it; `null` until its first snapshot. */
  position: { epoch: string; seq: number } | null;
  /** Subscribed on this connection and confirmed. */
  live: boolean;
  refused: string | null;
}

export interface Live {
  phase: Phase;
  topics: Readonly<Record<string, Topic>>;
}

export type Input =
  | { kind: "start" }
  | { kind: "stop" }
  | { kind: "opened" }
  | { kind: "closed" }
  | { kind: "message"; message: ServerMessage }
  | { kind: "tick" }
  | { kind: "wake" }
  | { kind: "subscribe"; topic: string }
  | { kind: "unsubscribe"; topic: string };

export type Effect =
  | { kind: "connect" }
  | { kind: "close" }
  | { kind: "send"; message: ClientMessage }
  | { kind: "snapshot"; topic: string; data: SnapshotData }
  | { kind: "event"; topic: string; event: LiveEvent }
  | { kind: "time"; now: string; fresh: boolean }
  | { kind: "session_ended" };

/** First wait after a loss; doubles up to the longest. */
export const FIRST_RETRY_MS = 500;
/** The longest wait: a hub that is back is noticed within this. */
export const LONGEST_RETRY_MS = 15_000;
/** Until the hub's hello says otherwise. */
const DEFAULT_HEARTBEAT_MS = 20_000;
/** Silence of this many heartbeats means that the connection is dead, whatever the socket says. */
const DEAD_AFTER_HEARTBEATS = 2.5;

export const initial: Live = { phase: { kind: "idle" }, topics: {} };

/** `chance` in [0, 1) spreads the consoles of a floor that all lost the hub at once. */
export function step(
  live: Live,
  input: Input,
  nowMs: number,
  chance: number,
): { live: Live; effects: Effect[] } {
  switch (input.kind) {
    case "start":
      if (live.phase.kind !== "idle" && live.phase.kind !== "ended") return same(live);
      return {
        live: { ...live, phase: { kind: "connecting", attempt: 0 } },
        effects: [{ kind: "connect" }],
      };
    case "stop":
      return {
        live: { phase: { kind: "idle" }, topics: asleep(live.topics) },
        effects: [{ kind: "close" }],
      };
    case "opened":
      return same({
        ...live,
        phase: {
          kind: "open",
          epoch: null,
          heartbeatMs: DEFAULT_HEARTBEAT_MS,
          heardAt: nowMs,
          pingedAt: nowMs,
        },
      });
    case "closed":
      return lost(live, nowMs, chance);
    case "wake":
      if (live.phase.kind !== "waiting") return same(live);
      return connectAgain(live, live.phase.attempt);
    case "tick":
      return tick(live, nowMs, chance);
    case "subscribe":
      return subscribe(live, input.topic);
    case "unsubscribe":
      return unsubscribe(live, input.topic);
    case "message":
      return message(live, input.message, nowMs);
  }
}

function same(live: Live): { live: Live; effects: Effect[] } {
  return { live, effects: [] };
}

function asleep(topics: Live["topics"]): Live["topics"] {
  return Object.fromEntries(
    Object.entries(topics).map(([name, topic]) => [name, { ...topic, live: false }]),
  );
}

function connectAgain(live: Live, attempt: number): { live: Live; effects: Effect[] } {
  return {
    live: { ...live, phase: { kind: "connecting", attempt } },
    effects: [{ kind: "connect" }],
  };
}

function lost(live: Live, nowMs: number, chance: number): { live: Live; effects: Effect[] } {
  const { phase } = live;
  if (phase.kind === "idle" || phase.kind === "ended") return same(live);
  const attempt = phase.kind === "connecting" || phase.kind === "waiting" ? phase.attempt + 1 : 1;
  const wait = Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS);
  return same({
    phase: { kind: "waiting", attempt, retryAt: nowMs + wait * (0.5 + chance / 2) },
    topics: asleep(live.topics),
  });
}

function tick(live: Live, nowMs: number, chance: number): { live: Live; effects: Effect[] } {
  const { phase } = live;
  if (phase.kind === "waiting" && nowMs >= phase.retryAt) return connectAgain(live, phase.attempt);
  if (phase.kind !== "open") return same(live);
  if (nowMs - phase.heardAt > phase.heartbeatMs * DEAD_AFTER_HEARTBEATS) {
    const next = lost(live, nowMs, chance);
    return { live: next.live, effects: [{ kind: "close" }] };
  }
  if (nowMs - phase.pingedAt >= phase.heartbeatMs) {
    return {
      live: { ...live, phase: { ...phase, pingedAt: nowMs } },
      effects: [{ kind: "send", message: { op: "ping" } }],
    };
  }
  return same(live);
}

function subscribe(live: Live, name: string): { live: Live; effects: Effect[] } {
  const known = live.topics[name];
  const topic: Topic = known
    ? { ...known, users: known.users + 1 }
    : { users: 1, position: null, live: false, refused: null };
  const next = { ...live, topics: { ...live.topics, [name]: topic } };
  const greeted = live.phase.kind === "open" && live.phase.epoch !== null;
  if (known !== undefined || !greeted) return same(next);
  return { live: next, effects: [{ kind: "send", message: { op: "subscribe", topic: name } }] };
}

function unsubscribe(live: Live, name: string): { live: Live; effects: Effect[] } {
  const known = live.topics[name];
  if (known === undefined) return same(live);
  if (known.users > 1) {
    return same({
      ...live,
      topics: { ...live.topics, [name]: { ...known, users: known.users - 1 } },
    });
  }
  const { [name]: _gone, ...topics } = live.topics;
  const greeted = live.phase.kind === "open" && live.phase.epoch !== null;
  return {
    live: { ...live, topics },
    effects: greeted ? [{ kind: "send", message: { op: "unsubscribe", topic: name } }] : [],
  };
}

function ask(name: string, topic: Topic, epoch: string): ClientMessage {
  return topic.position !== null && topic.position.epoch === epoch
    ? { op: "subscribe", topic: name, epoch, after: topic.position.seq }
    : { op: "subscribe", topic: name };
}

function message(
  live: Live,
  said: ServerMessage,
  nowMs: number,
): { live: Live; effects: Effect[] } {
  if (live.phase.kind !== "open") return same(live);
  const heard: Live = { ...live, phase: { ...live.phase, heardAt: nowMs } };
  const set = (name: string, topic: Topic): Live => ({
    ...heard,
    topics: { ...heard.topics, [name]: topic },
  });

  switch (said.op) {
    case "hello": {
      const effects: Effect[] = [{ kind: "time", now: said.now, fresh: true }];
      for (const [name, topic] of Object.entries(live.topics)) {
        effects.push({ kind: "send", message: ask(name, topic, said.epoch) });
      }
      const heartbeatMs = said.heartbeat_s > 0 ? said.heartbeat_s * 1000 : DEFAULT_HEARTBEAT_MS;
      return {
        live: {
          ...heard,
          phase: { ...live.phase, epoch: said.epoch, heartbeatMs, heardAt: nowMs },
        },
        effects,
      };
    }
    case "snapshot": {
      const topic = live.topics[said.topic];
      if (topic === undefined) return same(heard);
      return {
        live: set(said.topic, {
          ...topic,
          position: { epoch: said.epoch, seq: said.seq },
          live: true,
          refused: null,
        }),
        effects: [
          { kind: "time", now: said.now, fresh: false },
          { kind: "snapshot", topic: said.topic, data: said.data },
        ],
      };
    }
    case "resumed": {
      const topic = live.topics[said.topic];
      if (topic === undefined) return same(heard);
      // Nothing to resume from, or another process's numbers: only a snapshot makes this whole.
      if (topic.position === null || topic.position.epoch !== said.epoch) {
        return {
          live: set(said.topic, { ...topic, position: null, live: false }),
          effects: [{ kind: "send", message: { op: "subscribe", topic: said.topic } }],
        };
      }
      return same(set(said.topic, { ...topic, live: true, refused: null }));
    }
    case "event": {
      const topic = live.topics[said.topic];
      if (topic === undefined) return same(heard);
      if (topic.position === null) {
        return {
          live: heard,
          effects: [{ kind: "send", message: { op: "subscribe", topic: said.topic } }],
        };
      }
      if (said.seq <= topic.position.seq) return same(heard);
      return {
        live: set(said.topic, { ...topic, position: { ...topic.position, seq: said.seq } }),
        effects: [
          { kind: "time", now: said.now, fresh: false },
          { kind: "event", topic: said.topic, event: said.event },
        ],
      };
    }
    case "refused": {
      const topic = live.topics[said.topic];
      if (topic === undefined) return same(heard);
      return same(set(said.topic, { ...topic, live: false, position: null, refused: said.code }));
    }
    case "pong":
      return same(heard);
    case "bye":
      if (said.code !== "session_ended") return same(heard);
      return {
        live: { phase: { kind: "ended" }, topics: asleep(heard.topics) },
        effects: [{ kind: "close" }, { kind: "session_ended" }],
      };
  }
}
