import { describe, expect, it } from "vitest";
import { phoneCredentials } from "../../../tests/samples";
import { LONGEST_RETRY_MS, RENEW_BEFORE_MS } from "./link";
import { type Effect, type Input, initial, type Phone, step } from "./machine";

const ENDS_MS = Date.parse("2026-11-22T11:00:00Z");
const credentials = phoneCredentials({ expires_at: "2026-11-22T11:00:00Z" });

function run(phone: Phone, inputs: readonly Input[], nowMs = 0, chance = 1) {
  const effects: Effect[] = [];
  let current = phone;
  for (const input of inputs) {
    const next = step(current, input, nowMs, chance);
    current = next.phone;
    effects.push(...next.effects);
  }
  return { phone: current, effects, said: effects.map(({ kind }) => kind) };
}

const link = (phone: Phone) => (phone.kind === "here" ? phone.link : null);
const line = (phone: Phone) => (phone.kind === "here" ? phone.line : null);

const invite = (more: Partial<Input & { kind: "invite" }> = {}): Input => ({
  kind: "invite",
  call: "1",
  caller: "+34611200000",
  auto: false,
  muted: false,
  ...more,
});

const here = run(initial, [{ kind: "want", wanted: true }, { kind: "lock_granted" }]);
const registered = run(here.phone, [{ kind: "credentials", credentials }, { kind: "registered" }]);
const talking = run(registered.phone, [
  invite(),
  { kind: "answer" },
  { kind: "established", call: "1" },
]);

describe("the phone of a tab", () => {
  it("registers once it is wanted, has the lock and has credentials", () => {
    expect(here.said).toEqual(["lock", "ask_credentials"]);
    expect(registered.effects).toEqual([{ kind: "start", credentials }]);
    expect(link(registered.phone)).toMatchObject({ kind: "registered" });
  });

  it("stops and gives the lock back when another phone is chosen", () => {
    const { phone, said } = run(registered.phone, [{ kind: "want", wanted: false }]);
    expect(phone).toEqual(initial);
    expect(said).toEqual(["stop", "unlock"]);
  });

  it("does nothing that it was not asked for while off", () => {
    expect(run(initial, [invite(), { kind: "answer" }, { kind: "tick" }]).said).toEqual([]);
  });
});

describe("two tabs", () => {
  const taken = run(initial, [{ kind: "want", wanted: true }, { kind: "lock_taken" }]);

  it("take the phone from each other by a press, when no call runs there", () => {
    const { said } = run(taken.phone, [
      { kind: "use_here" },
      { kind: "holder_answered", busy: false },
    ]);
    expect(said).toEqual(["ask_holder", "steal"]);
  });

  it("ask before a running call is taken", () => {
    const asked = run(taken.phone, [{ kind: "use_here" }, { kind: "holder_answered", busy: true }]);
    expect(asked.said).toEqual(["ask_holder"]);
    expect(asked.phone).toEqual({ kind: "turn", taken: true, confirm: true });
    expect(run(asked.phone, [{ kind: "use_here_anyway" }]).said).toEqual(["steal"]);
    const no = run(asked.phone, [{ kind: "stay_away" }, { kind: "use_here_anyway" }]);
    expect(no.said).toEqual([]);
  });

  it("leave without a word on the wire, and queue up again", () => {
    const { phone, said } = run(talking.phone, [{ kind: "lock_lost" }]);
    expect(said).toEqual(["abandon", "lock"]);
    expect(phone).toEqual({ kind: "turn", taken: true, confirm: false });
  });
});

describe("two browsers", () => {
  const lost = run(registered.phone, [{ kind: "unregistered", status: 401 }]);

  it("do not take the phone from each other without end", () => {
    expect(lost.said).toEqual(["abandon"]);
    expect(lost.phone).toEqual({ kind: "turn", taken: true, confirm: false });
    expect(run(lost.phone, [{ kind: "tick" }, { kind: "registered" }]).said).toEqual([]);
    const back = run(lost.phone, [{ kind: "use_here" }, { kind: "holder_answered", busy: false }]);
    expect(back.said).toEqual(["ask_holder", "steal"]);
  });

  it("leave a running call where it is", () => {
    const { phone, said } = run(talking.phone, [{ kind: "unregistered", status: 401 }]);
    expect(said).toEqual([]);
    expect(line(phone)).toMatchObject({ kind: "talking" });
  });
});

describe("the registration", () => {
  it("is being renewed a minute before its credentials end, once in a while", () => {
    const early = run(registered.phone, [{ kind: "tick" }], ENDS_MS - RENEW_BEFORE_MS - 1);
    expect(early.said).toEqual([]);
    const due = run(registered.phone, [{ kind: "tick" }, { kind: "tick" }], ENDS_MS - 30_000);
    expect(due.said).toEqual(["ask_credentials"]);
    const later = run(due.phone, [{ kind: "tick" }], ENDS_MS - 30_000 + LONGEST_RETRY_MS);
    expect(later.said).toEqual(["ask_credentials"]);
    const fresh = phoneCredentials({ password: "fresh" });
    const renewed = run(due.phone, [{ kind: "credentials", credentials: fresh }]);
    expect(renewed.effects).toEqual([{ kind: "renew", credentials: fresh }]);
  });

  it("takes another user name only when no call would be lost by it", () => {
    const other = phoneCredentials({ username: "other" });
    const input: Input = { kind: "credentials", credentials: other };
    expect(run(registered.phone, [input]).said).toEqual(["stop", "start"]);
    expect(run(talking.phone, [input]).said).toEqual([]);
  });

  it("that was lost comes back by itself; the call goes on", () => {
    const lost = run(talking.phone, [{ kind: "unregistered", status: null }]);
    expect(lost.said).toEqual([]);
    expect(link(lost.phone)).toMatchObject({ kind: "registering", again: true });
    expect(line(lost.phone)).toMatchObject({ kind: "talking" });
    expect(link(run(lost.phone, [{ kind: "registered" }]).phone)).toMatchObject({
      kind: "registered",
    });
  });

  it("that was refused asks for new credentials after ever longer pauses, up to a bound", () => {
    let phone = registered.phone;
    let nowMs = 0;
    const pauses: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      phone = run(phone, [{ kind: "unregistered", status: 503 }], nowMs).phone;
      const resting = link(phone);
      if (resting?.kind !== "resting") throw new Error(`not resting: ${resting?.kind}`);
      pauses.push(resting.untilMs - nowMs);
      expect(run(phone, [{ kind: "tick" }], resting.untilMs - 1).said).toEqual([]);
      nowMs = resting.untilMs;
      const again = run(phone, [{ kind: "tick" }, { kind: "credentials", credentials }], nowMs);
      // The endpoint is there already: it only gets the new password.
      expect(again.said).toEqual(["ask_credentials", "renew"]);
      phone = again.phone;
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  });

  it("waits likewise when the hub gives no credentials", () => {
    const none = run(here.phone, [{ kind: "no_credentials" }], 0, 0);
    expect(link(none.phone)).toMatchObject({ kind: "resting", untilMs: 500 });
  });
});

describe("a call", () => {
  it("rings, is answered, and is over once", () => {
    expect(line(run(registered.phone, [invite()]).phone)).toMatchObject({ kind: "ringing" });
    expect(talking.effects).toEqual([{ kind: "answer", call: "1", muted: false }]);
    expect(line(talking.phone)).toMatchObject({ kind: "talking", muted: false });
    const over = run(talking.phone, [{ kind: "ended", call: "1" }]);
    expect(line(over.phone)).toEqual({ kind: "idle" });
  });

  it("is refused as declined, and a second one as busy", () => {
    const no = run(registered.phone, [invite(), { kind: "reject" }]);
    expect(no.effects).toEqual([{ kind: "reject", call: "1", status: 603 }]);
    const second = run(talking.phone, [invite({ call: "2" })]);
    expect(second.effects).toEqual([{ kind: "reject", call: "2", status: 486 }]);
    expect(line(second.phone)).toMatchObject({ call: "1" });
  });

  it("that the person asked for is answered by itself", () => {
    const { phone, effects } = run(registered.phone, [invite({ auto: true })]);
    expect(effects).toEqual([{ kind: "answer", call: "1", muted: false }]);
    expect(line(phone)).toMatchObject({ kind: "answering" });
  });

  it("that is resumed takes the place of its first connection, and stays muted", () => {
    const { phone, effects } = run(talking.phone, [
      { kind: "set_muted", muted: true },
      invite({ call: "2", auto: true }),
      { kind: "ended", call: "1" },
    ]);
    expect(effects).toEqual([
      { kind: "mute", muted: true },
      { kind: "hang_up", call: "1" },
      { kind: "answer", call: "2", muted: true },
    ]);
    expect(line(phone)).toMatchObject({ kind: "answering", call: "2", muted: true });
    const reloaded = run(registered.phone, [invite({ auto: true, muted: true })]);
    expect(line(reloaded.phone)).toMatchObject({ muted: true });
  });

  it("rings on without a microphone, saying why, and can be answered again", () => {
    const failed = run(registered.phone, [
      invite(),
      { kind: "answer" },
      { kind: "microphone_failed", call: "1", trouble: "denied" },
    ]);
    expect(line(failed.phone)).toMatchObject({ kind: "ringing", trouble: "denied" });
    expect(run(failed.phone, [{ kind: "answer" }]).said).toEqual(["answer"]);
  });

  it("that is gone is not disturbed by what comes late", () => {
    const late = run(registered.phone, [
      invite(),
      { kind: "ended", call: "1" },
      { kind: "established", call: "1" },
      { kind: "microphone_failed", call: "1", trouble: "none" },
      { kind: "answer" },
      { kind: "hang_up" },
      { kind: "set_muted", muted: true },
    ]);
    expect(late.said).toEqual([]);
    expect(line(late.phone)).toEqual({ kind: "idle" });
  });
});
