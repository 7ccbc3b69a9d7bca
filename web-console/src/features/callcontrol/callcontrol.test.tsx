import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { keys } from "@/api/keys";
import type {
  AgentState,
  Colleague,
  LiveCall,
  MyAgent,
  ParkedCall,
  Participant,
  RingingCall,
  Team,
  TeamQueue,
} from "@/api/types";
import { pretendHub, show } from "../../../tests/render";
import { agentView, liveCall, myAgent, session } from "../../../tests/samples";
import { CallControls } from "./CallControls";
import { ParkedCalls } from "./ParkedCalls";
import { PickUpButton } from "./PickUpButton";
import { RingingCalls } from "./RingingCalls";
import { choicesFor } from "./targets";

const queue: TeamQueue = { id: "sales", name: "Sales", waiting: 3, ready: 2 };

const colleague = (id: string, display_name: string, state: AgentState): Colleague => ({
  id,
  display_name,
  state,
  phone_reachable: true,
});

const parked: ParkedCall = {
  call_id: "other",
  slot: 701,
  since: "2026-11-22T10:00:00Z",
  number: "+34611200000",
  parked_by: "bea",
};

const team: Team = {
  colleagues: [colleague("bea", "Bea", "ready")],
  queues: [queue],
  parked: [parked],
  ringing: [],
};

const ringing = (call_id: string, more: Partial<RingingCall>): RingingCall => ({
  call_id,
  since: "2026-11-22T10:00:00Z",
  number: "+34611300000",
  agent_id: "bea",
  ...more,
});

const one = (leg_id: string, more: Partial<Participant> = {}): Participant => ({
  leg_id,
  kind: "customer",
  peer: "+34611200000",
  answered: true,
  ...more,
});

async function open(call: Partial<LiveCall> = {}, mine: Partial<MyAgent> = {}) {
  const asked = pretendHub({
    "POST /park/701/pick-up": {},
    "POST /calls/direct/pick-up": {},
    "POST /calls/call/park": { slot: 71 },
    "POST /park/71/pick-up": {},
    ...Object.fromEntries(
      [
        "hold",
        "resume",
        "transfer",
        "consult",
        "consult/complete",
        "consult/cancel",
        "consult/conference",
        "participants",
        "digits",
      ].map((path) => [`POST /calls/call/${path}`, {}]),
    ),
  });
  const agent = myAgent({ agent: agentView({ state: "talking" }), ...mine });
  const { cache } = await show(
    <CallControls mine={agent} call={liveCall({ state: "talking", ...call })} />,
    session(["handle_calls"]),
  );
  act(() => void cache.setQueryData(keys.team, team));
  return () => asked.filter(({ method }) => method !== "GET").map(({ path, body }) => [path, body]);
}

const press = (name: string | RegExp) => fireEvent.click(screen.getByRole("button", { name }));

describe("whom a call can go on to", () => {
  const known = {
    me: "me",
    queues: [queue],
    found: undefined,
    agents: [
      colleague("me", "Me", "talking"),
      colleague("b", "Bea", "not_ready"),
      colleague("a", "Abel", "ready"),
      colleague("z", "Zoe", "logged_out"),
    ],
  };

  it("is everybody there, who is ready first", () => {
    expect(choicesFor("", known).map(({ key }) => key)).toEqual(["a", "b", "sales"]);
    expect(choicesFor(" SAL", known)).toMatchObject([{ kind: "queue", waiting: 3 }]);
    expect(choicesFor("nobody", known)).toEqual([]);
  });

  it("is a number as it was typed, before all others", () => {
    expect(choicesFor("+34 611 20", known)[0]).toEqual({
      kind: "number",
      key: "number",
      name: "+34 611 20",
      to: { kind: "number", number: "+34 611 20" },
    });
    expect(choicesFor("12", known)).toEqual([]);
  });
});

describe("a running call", () => {
  it("is held by a press", async () => {
    const done = await open();
    press("Hold");
    await waitFor(() => expect(done()).toEqual([["/calls/call/hold", undefined]]));
  });

  it("comes back from hold", async () => {
    const done = await open({ state: "held" });
    expect(screen.getByText("The customer is on hold and hears music.")).toBeTruthy();
    fireEvent.keyDown(document.body, { key: "h" });
    await waitFor(() => expect(done()).toEqual([["/calls/call/resume", undefined]]));
  });

  it("goes on to a number after asking there, by Enter", async () => {
    const done = await open();
    fireEvent.keyDown(document.body, { key: "t" });
    const field = await screen.findByRole("textbox", { name: /colleague, queue/ });
    fireEvent.change(field, { target: { value: "+34 611 200 001" } });
    // Not before the list shows what was typed.
    fireEvent.keyDown(field, { key: "Enter" });
    expect(done()).toEqual([]);
    await screen.findByText("+34 611 200 001");
    fireEvent.keyDown(field, { key: "Enter" });
    const to = { kind: "number", number: "+34 611 200 001" };
    await waitFor(() => expect(done()).toEqual([["/calls/call/consult", { to }]]));
  });

  it("goes on to a colleague after asking there", async () => {
    const done = await open();
    press("Transfer");
    fireEvent.click(await screen.findByRole("button", { name: "Ask Bea first" }));
    const to = { kind: "agent", user_id: "bea" };
    await waitFor(() => expect(done()).toEqual([["/calls/call/consult", { to }]]));
  });

  it("goes on to a queue at once", async () => {
    const done = await open();
    press("Transfer");
    await screen.findByText("Queue · 3 waiting, 2 ready");
    expect(screen.queryByRole("button", { name: "Ask Sales first" })).toBeNull();
    // A call goes nowhere by a key that names nobody.
    fireEvent.keyDown(screen.getByRole("textbox", { name: /colleague/ }), { key: "Enter" });
    expect(done()).toEqual([]);
    press("Transfer to Sales at once");
    const to = { kind: "queue", queue_id: "sales" };
    await waitFor(() => expect(done()).toEqual([["/calls/call/transfer", { to }]]));
  });

  it("while somebody is asked: completed, taken back, or all together", async () => {
    const done = await open({ consulting: true });
    expect(screen.queryByRole("button", { name: "Hold" })).toBeNull();
    press(/Complete the transfer/);
    await waitFor(() => expect(done()).toHaveLength(1));
    fireEvent.keyDown(document.body, { key: "b" });
    await waitFor(() => expect(done()).toHaveLength(2));
    fireEvent.keyDown(document.body, { key: "c" });
    await waitFor(() =>
      expect(done().map(([path]) => path)).toEqual([
        "/calls/call/consult/complete",
        "/calls/call/consult/cancel",
        "/calls/call/consult/conference",
      ]),
    );
  });

  it("of more than two names them, and takes another, but no queue", async () => {
    const done = await open({
      participants: [
        one("1"),
        one("2", { kind: "agent", user_id: "agent", peer: "nuria" }),
        one("3", { kind: "guest", peer: "+34911000000", answered: false }),
        one("4", { kind: "guest", peer: "browser-bea", user_id: "bea" }),
      ],
    });
    const list = within(screen.getByRole("region", { name: "In this call" }));
    expect(list.getByText("I")).toBeTruthy();
    expect(list.getByText("+34 911 000 000")).toBeTruthy();
    expect(list.getByText("being called")).toBeTruthy();
    await list.findByText("Bea");
    press("Add somebody");
    const field = await screen.findByRole("textbox", { name: /colleague, queue/ });
    expect(screen.queryByText("Sales")).toBeNull();
    fireEvent.change(field, { target: { value: "611200009" } });
    fireEvent.click(await screen.findByRole("button", { name: "Add 611200009" }));
    const to = { kind: "number", number: "611200009" };
    await waitFor(() => expect(done()).toEqual([["/calls/call/participants", { to }]]));
  });

  it("is parked and picked up by its number", async () => {
    const done = await open();
    fireEvent.keyDown(document.body, { key: "p" });
    await waitFor(() => expect(done()).toEqual([["/calls/call/park", undefined]]));
    await show(<PickUpButton />, session());
    press("Pick up a parked call");
    fireEvent.change(await screen.findByLabelText("Parked at"), { target: { value: "71" } });
    press("Pick up");
    await waitFor(() => expect(done().at(-1)).toEqual(["/park/71/pick-up", undefined]));
  });

  it("of a colleague is picked up from the list of those parked", async () => {
    const done = await open();
    const { cache } = await show(<ParkedCalls free />, session(["handle_calls"]));
    expect(screen.queryByRole("region", { name: /Parked calls/ })).toBeNull();
    act(() => void cache.setQueryData(keys.team, team));
    const list = within(await screen.findByRole("region", { name: "Parked calls (1)" }));
    expect(list.getByText(/parked by Bea/)).toBeTruthy();
    press("Pick up 701, +34 611 200 000");
    await waitFor(() => expect(done().at(-1)).toEqual(["/park/701/pick-up", undefined]));
  });

  it("that rings at a colleague's phone is picked up by who may", async () => {
    const done = await open();
    const { cache } = await show(
      <RingingCalls free queues={["sales"]} />,
      session(["handle_calls"]),
    );
    const all = [
      ringing("mine", { agent_id: "agent" }),
      ringing("others", { queue_id: "billing", number: "+34611400000" }),
      ringing("ours", { queue_id: "sales", contact: { id: "c", name: "Rosa Gil" } }),
      ringing("direct", {}),
    ];
    act(() => void cache.setQueryData(keys.team, { ...team, ringing: all }));
    const list = within(await screen.findByRole("region", { name: "Ringing at colleagues (2)" }));
    expect(list.getAllByText(/at Bea’s phone/)).toHaveLength(2);
    expect(list.getByRole("button", { name: "Pick up Rosa Gil" })).toBeTruthy();
    press("Pick up +34 611 300 000");
    await waitFor(() => expect(done().at(-1)).toEqual(["/calls/direct/pick-up", undefined]));
    act(() => void cache.setQueryData(keys.team, team));
    await waitFor(() => expect(screen.queryByRole("region", { name: /Ringing/ })).toBeNull());
  });

  it("takes digits by the hub where the phone is not this browser's", async () => {
    const done = await open();
    fireEvent.keyDown(document.body, { key: "k" });
    fireEvent.click(await screen.findByRole("button", { name: "Key 5" }));
    await waitFor(() => expect(done()).toEqual([["/calls/call/digits", { digits: "5" }]]));
  });

  it("that only rings has no such keys", async () => {
    await open({}, { agent: agentView({ state: "offered" }) });
    expect(screen.queryAllByRole("button")).toEqual([]);
  });
});
