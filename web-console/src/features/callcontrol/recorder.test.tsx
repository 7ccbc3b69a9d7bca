import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { LiveCall } from "@/api/types";
import { serverClock } from "@/time/serverClock";
import { pretendHub, show } from "../../../tests/render";
import { liveCall, session } from "../../../tests/samples";
import { isCardNumber } from "./card";
import { RecordingBar } from "./RecordingBar";

async function open(call: Partial<LiveCall>) {
  const asked = pretendHub(
    Object.fromEntries(
      ["start", "stop", "pause", "resume"].map((kind) => [
        `POST /calls/call/recording/${kind}`,
        {},
      ]),
    ),
  );
  await show(<RecordingBar call={liveCall(call)} />, session(["handle_calls"]));
  return () => asked.filter(({ method }) => method === "POST").map(({ path }) => path);
}

describe("the recording of a call", () => {
  it("is paused and ended while it goes on", async () => {
    const done = await open({ recording: "on" });
    expect(screen.getByRole("status").textContent).toBe("Recording");
    fireEvent.keyDown(document.body, { key: "r" });
    await waitFor(() => expect(done()).toHaveLength(1));
    fireEvent.click(screen.getByRole("button", { name: /Stop/ }));
    await waitFor(() => expect(done()).toHaveLength(2));
    expect(done().map((path) => path.split("?")[0])).toEqual([
      "/calls/call/recording/pause",
      "/calls/call/recording/stop",
    ]);
  });

  it("offers nothing that the house refuses, and says why", async () => {
    const never = { may_start: false, may_stop: true, decided_by: "direction" } as const;
    const done = await open({ recording: "off", recording_rule: never });
    expect(screen.queryByRole("button", { name: /^Record/ })).toBeNull();
    expect(screen.getByText("Calls of this kind are never recorded.")).toBeTruthy();
    fireEvent.keyDown(document.body, { key: "r" });
    // Asked for after the key: had the key asked for something, that would be the first.
    fireEvent.click(screen.getByRole("button", { name: "Card payment" }));
    await waitFor(() => expect(done()[0]).toMatch(/pause/));
  });

  it("leaves no way to end what is always recorded, but one to pause it", async () => {
    const always = { may_start: true, may_stop: false, decided_by: "queue" } as const;
    await open({ recording: "on", recording_rule: always });
    expect(screen.queryByRole("button", { name: /Stop/ })).toBeNull();
    expect(screen.getByRole("button", { name: /Pause/ })).toBeTruthy();
    expect(screen.getByText("This queue’s calls are always recorded.")).toBeTruthy();
  });

  it("says when it is the agent whose calls are never recorded", async () => {
    const never = { may_start: false, may_stop: true, decided_by: "user" } as const;
    await open({ recording: "off", recording_rule: never });
    expect(screen.getByText("This agent’s calls are never recorded.")).toBeTruthy();
  });

  it("waits while the customer is asked, and says who refused", async () => {
    const rule = { may_start: true, may_stop: true, decided_by: "queue" } as const;
    const done = await open({ recording: "asking", recording_rule: rule });
    expect(screen.getByRole("status").textContent).toBe("Customer is being asked");
    expect(screen.queryByRole("button", { name: /^Record/ })).toBeNull();
    fireEvent.keyDown(document.body, { key: "r" });
    fireEvent.click(screen.getByRole("button", { name: "Card payment" }));
    await waitFor(() => expect(done()[0]).toMatch(/pause/));
    const refused = { may_start: false, may_stop: true, decided_by: "customer" } as const;
    await open({ recording: "off", recording_rule: refused });
    expect(screen.getByText("The customer does not want to be recorded.")).toBeTruthy();
  });

  it("reminds of a pause that was forgotten, and of no other", async () => {
    const ago = (minutes: number) => new Date(serverClock.now() - minutes * 60_000).toISOString();
    await open({ recording: "paused", recording_since: ago(1) });
    expect(screen.queryByRole("alert")).toBeNull();
    await open({ recording: "paused", recording_since: ago(3) });
    expect(screen.getByRole("alert").textContent).toContain("two minutes");
  });

  it("pauses while a card is paid, and goes on afterwards", async () => {
    const done = await open({ recording: "on" });
    fireEvent.click(screen.getByRole("button", { name: "Card payment" }));
    await waitFor(() => expect(done()[0]).toMatch(/pause/));
    // The hub has not said yet that nothing is kept any more.
    const field = await screen.findByRole("textbox", { name: /Card number/ });
    expect((field as HTMLInputElement).disabled).toBe(true);
    fireEvent.click(screen.getByRole("button", { name: /Done/ }));
    await waitFor(() => expect(done().at(-1)).toMatch(/resume/));
  });

  it("pauses while a marked part of the page has the focus", async () => {
    const done = await open({ recording: "on" });
    const form = document.createElement("form");
    form.dataset.pausesRecording = "iban";
    const field = form.appendChild(document.createElement("input"));
    document.body.append(form);
    act(() => field.focus());
    await waitFor(() => expect(done()).toEqual([expect.stringMatching(/pause/)]));
    act(() => field.blur());
    await waitFor(() => expect(done().at(-1)).toMatch(/resume/));
    form.remove();
  });
});

describe("a card's number", () => {
  it("has a length and a check digit", () => {
    expect(isCardNumber("4929 8371 6412 3459")).toBe(false);
    expect(isCardNumber("4111-1111 1111 1111")).toBe(true);
    expect(isCardNumber("4111 1111 1111 1112")).toBe(false);
    expect(isCardNumber("42")).toBe(false);
    expect(isCardNumber("4111 1111 1111 111a")).toBe(false);
  });
});
