import { describe, expect, it } from "vitest";
import {
  type Effect,
  FIRST_RETRY_MS,
  type Input,
  initial,
  type Live,
  LONGEST_RETRY_MS,
  step,
} from "./machine";
import type { ServerMessage } from "./protocol";

const NOW = "2026-11-22T10:00:00Z";

/** Feeds inputs one after the other at one time; gives the last state and all effects. */
function run(live: Live, inputs: readonly Input[], nowMs = 0, chance = 0.5) {
  const effects: Effect[] = [];
  let current = live;
  for (const input of inputs) {
    const next = step(current, input, nowMs, chance);
    current = next.live;
    effects.push(...next.effects);
  }
  return { live: current, effects };
}

const said = (message: ServerMessage): Input => ({ kind: "message", message });
const hello = (epoch = "a"): Input => said({ op: "hello", epoch, now: NOW, heartbeat_s: 20 });
const snapshot = (seq: number, epoch = "a"): Input =>
  said({ op: "snapshot", topic: "calls", epoch, seq, now: NOW, data: {} });
const event = (seq: number): Input =>
  said({
    op: "event",
    topic: "calls",
    seq,
    now: NOW,
    event: { type: "call_ended", call_id: String(seq) },
  });

const sent = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.kind === "send" ? [effect.message] : []));
const applied = (effects: readonly Effect[]) =>
  effects.flatMap((effect) =>
    effect.kind === "event" && effect.event.type === "call_ended"
      ? [Number(effect.event.call_id)]
      : [],
  );

const connected = run(initial, [
  { kind: "subscribe", topic: "calls" },
  { kind: "start" },
  { kind: "opened" },
  hello(),
]);

describe("a topic", () => {
  it("is asked for after the hello, once, however many want it", () => {
    const { live, effects } = run(connected.live, [{ kind: "subscribe", topic: "calls" }]);
    expect(sent(connected.effects)).toEqual([{ op: "subscribe", topic: "calls" }]);
    expect(sent(effects)).toEqual([]);
    const first = run(live, [{ kind: "unsubscribe", topic: "calls" }]);
    expect(sent(first.effects)).toEqual([]);
    const last = run(first.live, [{ kind: "unsubscribe", topic: "calls" }]);
    expect(sent(last.effects)).toEqual([{ op: "unsubscribe", topic: "calls" }]);
    expect(last.live.topics).toEqual({});
  });

  it("applies its snapshot, then each event once and in order, over holes in the numbers", () => {
    const { effects } = run(connected.live, [
      snapshot(10),
      event(12),
      event(17),
      event(17),
      event(11),
      event(40),
    ]);
    expect(effects.filter((effect) => effect.kind === "snapshot")).toHaveLength(1);
    expect(applied(effects)).toEqual([12, 17, 40]);
  });

  it("is asked for anew when an event comes before any snapshot", () => {
    const { effects } = run(connected.live, [event(5)]);
    expect(applied(effects)).toEqual([]);
    expect(sent(effects)).toEqual([{ op: "subscribe", topic: "calls" }]);
  });

  it("resumes after the last number it applied", () => {
    const { live } = run(connected.live, [snapshot(10), event(12), { kind: "closed" }]);
    const again = run(live, [{ kind: "wake" }, { kind: "opened" }, hello()]);
    expect(sent(again.effects)).toEqual([
      { op: "subscribe", topic: "calls", epoch: "a", after: 12 },
    ]);
    const resumed = run(again.live, [
      said({ op: "resumed", topic: "calls", epoch: "a", seq: 20 }),
      event(14),
      event(20),
    ]);
    expect(applied(resumed.effects)).toEqual([14, 20]);
    expect(resumed.live.topics.calls?.live).toBe(true);
  });

  it("starts afresh with a hub of another epoch, whose numbers may be lower", () => {
    const { live } = run(connected.live, [snapshot(1000), { kind: "closed" }]);
    const again = run(live, [{ kind: "wake" }, { kind: "opened" }, hello("b")]);
    expect(sent(again.effects)).toEqual([{ op: "subscribe", topic: "calls" }]);
    const after = run(again.live, [snapshot(3, "b"), event(4)]);
    expect(applied(after.effects)).toEqual([4]);
  });

  it("takes no resumption in an epoch that it does not know", () => {
    const { live } = run(connected.live, [snapshot(10)]);
    const { effects } = run(live, [said({ op: "resumed", topic: "calls", epoch: "b", seq: 12 })]);
    expect(sent(effects)).toEqual([{ op: "subscribe", topic: "calls" }]);
  });

  it("keeps the code with which it was refused", () => {
    const { live } = run(connected.live, [
      said({ op: "refused", topic: "calls", code: "not_allowed" }),
    ]);
    expect(live.topics.calls).toMatchObject({ live: false, refused: "not_allowed" });
  });
});

describe("the connection", () => {
  it("waits longer after each failure, up to a bound, and spreads its tries", () => {
    let live = run(initial, [{ kind: "start" }]).live;
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      live = run(live, [{ kind: "closed" }], 0, 1).live;
      if (live.phase.kind !== "waiting") throw new Error("it should wait");
      waits.push(live.phase.retryAt);
      live = run(live, [{ kind: "tick" }], live.phase.retryAt).live;
      expect(live.phase.kind).toBe("connecting");
    }
    expect(waits[0]).toBe(FIRST_RETRY_MS);
    expect(waits.at(-1)).toBe(LONGEST_RETRY_MS);
    const early = run(run(initial, [{ kind: "start" }]).live, [{ kind: "closed" }], 0, 0).live;
    expect(early.phase).toMatchObject({ retryAt: FIRST_RETRY_MS / 2 });
  });

  it("pings after a heartbeat and gives up a socket that stays silent", () => {
    const ping = run(connected.live, [{ kind: "tick" }], 20_000);
    expect(sent(ping.effects)).toEqual([{ op: "ping" }]);
    const answered = run(ping.live, [said({ op: "pong" })], 20_100);
    expect(run(answered.live, [{ kind: "tick" }], 60_000).live.phase.kind).toBe("open");
    const dead = run(ping.live, [{ kind: "tick" }], 50_001);
    expect(dead.effects).toEqual([{ kind: "close" }]);
    expect(dead.live.phase.kind).toBe("waiting");
  });

  it("ends with the session and does not come back by itself", () => {
    const { live, effects } = run(connected.live, [said({ op: "bye", code: "session_ended" })]);
    expect(effects).toContainEqual({ kind: "session_ended" });
    expect(run(live, [{ kind: "closed" }, { kind: "tick" }], 99_999).effects).toEqual([]);
  });
});
