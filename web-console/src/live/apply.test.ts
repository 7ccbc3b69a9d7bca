import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { keys } from "@/api/keys";
import type { Wall } from "@/api/types";
import { agentView, liveCall, myAgent } from "../../tests/samples";
import { applyEvent, applySnapshot, changeWall } from "./apply";
import { parseMessage } from "./protocol";

const wall: Wall = {
  agents: [agentView({ id: "a" }), agentView({ id: "b" })],
  calls: [liveCall({ id: "x" })],
  queues: [],
};

describe("the wall", () => {
  it("changes a row in its place and adds what is new at the end", () => {
    const changed = changeWall(wall, {
      type: "agent_changed",
      agent: agentView({ id: "a", state: "ready" }),
    });
    expect(changed.agents.map(({ id, state }) => [id, state])).toEqual([
      ["a", "ready"],
      ["b", "logged_out"],
    ]);
    const more = changeWall(changed, { type: "call_changed", call: liveCall({ id: "y" }) });
    expect(more.calls.map((call) => call.id)).toEqual(["x", "y"]);
    expect(wall.agents[0]?.state).toBe("logged_out");
  });

  it("drops a call that ended, whichever way it is told", () => {
    expect(changeWall(wall, { type: "call_ended", call_id: "x" }).calls).toEqual([]);
    expect(
      changeWall(wall, { type: "call_changed", call: liveCall({ id: "x", state: "ended" }) }).calls,
    ).toEqual([]);
    expect(changeWall(wall, { type: "call_ended", call_id: "nobody" }).calls).toHaveLength(1);
  });
});

describe("the cache", () => {
  it("takes the agent whole, from snapshot and from event", () => {
    const cache = new QueryClient();
    applySnapshot(cache, "agent", myAgent());
    expect(cache.getQueryData(keys.agent)).toEqual(myAgent());
    const ready = myAgent({ agent: agentView({ state: "ready" }) });
    applyEvent(cache, { type: "agent", ...ready });
    expect(cache.getQueryData(keys.agent)).toEqual(ready);
  });

  it("keeps the team: its snapshot, then each change", () => {
    const cache = new QueryClient();
    const colleague = {
      id: "a",
      display_name: "Ana",
      state: "ready" as const,
      phone_reachable: true,
    };
    const parked = { call_id: "x", slot: 701, since: "2026-11-22T10:00:00Z", number: "+34611" };
    applyEvent(cache, { type: "parked_changed", parked: [parked] });
    expect(cache.getQueryData(keys.team)).toBeUndefined();
    applySnapshot(cache, "team", {
      colleagues: [colleague],
      queues: [],
      parked: [],
      ringing: [],
    });
    const talking = { ...colleague, state: "talking" as const };
    applyEvent(cache, { type: "colleague_changed", colleague: talking });
    applyEvent(cache, { type: "parked_changed", parked: [parked] });
    const ringing = { call_id: "y", since: parked.since, number: "+34611", agent_id: "a" };
    applyEvent(cache, { type: "ringing_changed", ringing: [ringing] });
    const queue = { id: "q", name: "Sales", waiting: 1, ready: 0 };
    applyEvent(cache, { type: "team_queue_changed", queue });
    expect(cache.getQueryData(keys.team)).toEqual({
      colleagues: [talking],
      queues: [queue],
      parked: [parked],
      ringing: [ringing],
    });
  });

  it("makes a contact's timeline stale when it changed", () => {
    const cache = new QueryClient();
    cache.setQueryData(keys.timeline("c1"), "old");
    cache.setQueryData(keys.timeline("c2"), "old");
    applyEvent(cache, { type: "timeline_changed", contact_id: "c1" });
    expect(cache.getQueryState(keys.timeline("c1"))?.isInvalidated).toBe(true);
    expect(cache.getQueryState(keys.timeline("c2"))?.isInvalidated).toBe(false);
  });

  it("ignores a wall event before there is a wall", () => {
    const cache = new QueryClient();
    applyEvent(cache, { type: "call_ended", call_id: "x" });
    expect(cache.getQueryData(keys.wall)).toBeUndefined();
  });
});

describe("a message", () => {
  it("is read, or passed over when it is noise or newer than this console", () => {
    expect(parseMessage('{"op":"pong"}')).toEqual({ op: "pong" });
    for (const noise of ["", "{", "null", "[]", '"op"', '{"op":"dance"}'])
      expect(parseMessage(noise)).toBeNull();
  });
});
