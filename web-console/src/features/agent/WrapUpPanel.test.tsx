import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Disposition } from "@/api/types";
import { pretendHub, Refusal, show } from "../../../tests/render";
import { callDetail, myAgent, session, wrapUp } from "../../../tests/samples";
import { WrapUpPanel } from "./WrapUpPanel";

const dispositions: Disposition[] = ["Resolved", "Sale"].map((en, at) => ({
  id: en.toLowerCase(),
  code: en.toLowerCase(),
  kind: "neutral",
  position: at + 1,
  active: true,
  label: { en, es: en, zh: en },
}));

const hub = {
  "GET /dispositions": dispositions,
  "GET /calls/call": callDetail({ talk_ms: 65_000 }),
  "PATCH /calls/call": (body: unknown) => callDetail(body as object),
  "POST /agent/wrap-up/finish": myAgent(),
};

async function open(answers: object = {}, note = "") {
  const asked = pretendHub({ ...hub, ...answers });
  await show(
    <WrapUpPanel wrapUp={wrapUp({ note, until: new Date(Date.now() + 60_000).toISOString() })} />,
    session(),
  );
  await screen.findByRole("radio", { name: /Sale/ });
  return {
    changes: () => asked.filter(({ method }) => method !== "GET"),
    note: screen.getByLabelText("Note"),
  };
}

describe("wrap-up", () => {
  it("takes the disposition by its digit, but not while one writes", async () => {
    const { changes, note } = await open();
    note.focus();
    fireEvent.keyDown(note, { key: "2" });
    expect(changes()).toEqual([]);
    fireEvent.keyDown(document.body, { key: "2" });
    await waitFor(() =>
      expect(changes()).toMatchObject([{ path: "/calls/call", body: { disposition_id: "sale" } }]),
    );
    fireEvent.keyDown(document.body, { key: "9" });
    expect(changes()).toHaveLength(1);
  });

  it("saves the note when its field is left, and says so", async () => {
    const { changes, note } = await open();
    fireEvent.change(note, { target: { value: "Call back on Monday" } });
    expect(screen.getByText("Not saved yet…")).toBeTruthy();
    fireEvent.blur(note);
    await screen.findByText("Saved as you type.");
    expect(changes()).toMatchObject([{ body: { note: "Call back on Monday" } }]);
  });

  it("keeps what was typed when it could not be saved", async () => {
    const { note } = await open({ "PATCH /calls/call": new Refusal(500, { code: "internal" }) });
    fireEvent.change(note, { target: { value: "Do not lose me" } });
    fireEvent.blur(note);
    await screen.findByText(/Could not be saved/);
    expect((note as HTMLTextAreaElement).value).toBe("Do not lose me");
  });

  it("saves the note before it finishes", async () => {
    const { changes, note } = await open();
    fireEvent.change(note, { target: { value: "Last word" } });
    fireEvent.click(screen.getByRole("button", { name: /Finish/ }));
    await waitFor(() =>
      expect(changes().map(({ path }) => path)).toEqual(["/calls/call", "/agent/wrap-up/finish"]),
    );
  });

  it("saves the note when the hub's clock ends it first", async () => {
    const asked = pretendHub(hub);
    const { unmount } = await show(<WrapUpPanel wrapUp={wrapUp()} />, session());
    fireEvent.change(await screen.findByLabelText("Note"), { target: { value: "Half a sen" } });
    unmount();
    await waitFor(() =>
      expect(asked.filter(({ method }) => method === "PATCH")).toMatchObject([
        { body: { note: "Half a sen" } },
      ]),
    );
  });
});
