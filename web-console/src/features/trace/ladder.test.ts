import { describe, expect, it } from "vitest";
import type { CallTrace, Leg } from "@/api/types";
import { ladder, seconds } from "./ladder";

const leg = (id: string, role: Leg["role"]): Leg => ({
  id,
  role,
  peer: `peer-${id}`,
  sip_call_id: id,
  started_at: "2026-01-01T00:00:00Z",
});

const message = (leg_id: string | null, incoming: boolean, at: string) => ({
  leg_id,
  incoming,
  at,
  sip_call_id: "x",
  from: incoming ? "192.0.2.9:5060" : "192.0.2.1:5060",
  to: incoming ? "192.0.2.1:5060" : "192.0.2.9:5060",
  transport: "udp",
  method: "INVITE",
  code: null,
  summary: "INVITE",
  sdp: false,
  text: "",
});

const trace = (messages: CallTrace["messages"]): CallTrace => ({
  call_id: "c",
  running: false,
  left_out: 0,
  messages,
});

describe("the ladder", () => {
  it("has the customer left of the hub and the agents right of it", () => {
    const { parties, steps } = ladder(
      trace([
        message("c", true, "2026-01-01T00:00:00.000100Z"),
        message("a", false, "2026-01-01T00:00:00.250600Z"),
        message("a", true, "2026-01-01T00:00:01.250600Z"),
      ]),
      [leg("a", "agent"), leg("c", "customer"), leg("silent", "agent")],
    );
    expect(parties.map((party) => party.key)).toEqual(["c", "hub", "a"]);
    expect(steps.map((step) => [step.from, step.to])).toEqual([
      [0, 1],
      [1, 2],
      [2, 1],
    ]);
    expect(steps.map((step) => Math.round(step.deltaMs * 10) / 10)).toEqual([0, 250.5, 1000]);
    expect(steps[2]?.atMs).toBeCloseTo(1250.5);
  });

  it("names by its address what no leg is known of", () => {
    const { parties, steps } = ladder(trace([message(null, true, "2026-01-01T00:00:00Z")]), []);
    expect(parties.map((party) => party.peer)).toEqual(["", "192.0.2.9:5060"]);
    expect([steps[0]?.from, steps[0]?.to]).toEqual([1, 0]);
  });

  it("tells what is said again from what is new", () => {
    const at = "2026-01-01T00:00:00Z";
    const { steps } = ladder(
      trace([
        message("a", false, at),
        message("a", false, at),
        message("b", false, at),
        message("a", true, at),
        { ...message("a", false, at), text: "other" },
      ]),
      [leg("a", "agent"), leg("b", "agent")],
    );
    expect(steps.map((step) => step.copy)).toEqual([false, true, false, false, false]);
  });

  it("is empty without messages", () => {
    expect(ladder(trace([]), [leg("a", "agent")]).steps).toEqual([]);
  });

  it("reads times to the millisecond", () => {
    expect(seconds(1250.5, "en")).toBe("1.251");
  });
});
