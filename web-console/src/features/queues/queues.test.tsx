import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { keys } from "@/api/keys";
import type { QueueView } from "@/api/types";
import { pretendHub, Refusal, show } from "../../../tests/render";
import { queue, session, user } from "../../../tests/samples";
import { MembersForm } from "./MembersForm";
import { choices } from "./members";
import { QueueDialog } from "./QueueDialog";
import { withNew } from "./queues";
import { SettingsForm } from "./SettingsForm";
import { soundChoices } from "./settings";

const field = (name: string | RegExp) => screen.getByRole("textbox", { name });
const chooser = (name: string) => screen.getByRole("combobox", { name });

describe("a new queue", () => {
  it("asks for its name, then is among the queues without asking for them again", async () => {
    const close = vi.fn();
    const asked = pretendHub({
      "POST /queues": (body: unknown) => queue({ id: "new", ...(body as object) }),
    });
    const { cache } = await show(<QueueDialog opened close={close} />, session());
    cache.setQueryData(keys.queues, []);
    fireEvent.click(screen.getByRole("button", { name: "Create" }));
    expect(await screen.findByText("This is needed.")).toBeTruthy();
    fireEvent.change(field(/Name/), { target: { value: " Billing " } });
    fireEvent.click(screen.getByRole("button", { name: "Create" }));
    await waitFor(() => expect(close).toHaveBeenCalled());
    expect(asked).toMatchObject([{ method: "POST", body: { name: "Billing" } }]);
    expect(cache.getQueryData<QueueView[]>(keys.queues)).toMatchObject([
      { id: "new", name: "Billing", waiting: 0 },
    ]);
  });

  it("stays open with the reason when its name is taken", async () => {
    pretendHub({
      "POST /queues": new Refusal(409, {
        code: "conflict",
        params: { reason: "taken" },
        field: "name",
      }),
    });
    const close = vi.fn();
    await show(<QueueDialog opened close={close} />, session());
    fireEvent.change(field(/Name/), { target: { value: "Support" } });
    fireEvent.click(screen.getByRole("button", { name: "Create" }));
    await waitFor(() => expect(field(/Name/).getAttribute("aria-invalid")).toBe("true"));
    expect(close).not.toHaveBeenCalled();
  });

  it("is not shown twice when the board was quicker", () => {
    const known = withNew([], queue());
    expect(known).toHaveLength(1);
    expect(withNew(known, queue())).toBe(known);
    expect(withNew(undefined, queue())).toBeUndefined();
  });
});

describe("who serves a queue", () => {
  const nuria = user();
  const tom = user({ id: "tom", display_name: "Tom Okafor" });

  it("is chosen from active users who handle calls", () => {
    const users = [
      nuria,
      user({ id: "ruth", role: "marketer" }),
      user({ id: "gone", active: false }),
      user({ id: "sara", role: "supervisor" }),
    ];
    expect(choices(users, []).map(({ value }) => value)).toEqual(["agent", "sara"]);
    const left = { id: "gone", display_name: "Left" };
    expect(choices(users, [left])).toContainEqual({ value: "gone", label: "Left" });
  });

  it("is saved as a whole, and an emptied queue says what that means", async () => {
    const asked = pretendHub({
      "GET /users": { items: [nuria, tom] },
      "PUT /queues/queue/members": [{ id: "tom", display_name: "Tom Okafor" }],
    });
    const members = [{ id: "agent", display_name: "Nuria Vidal" }];
    await show(<MembersForm queue={queue()} members={members} />, session());
    const save = screen.getByRole("button", { name: /Save/ }) as HTMLButtonElement;
    expect(save.disabled).toBe(true);
    const search = chooser("Served by");
    fireEvent.keyDown(search, { key: "Backspace", code: "Backspace" });
    expect(await screen.findByText(/Nobody serves this queue/)).toBeTruthy();
    fireEvent.click(search);
    fireEvent.click(await screen.findByRole("option", { name: "Tom Okafor" }));
    fireEvent.click(save);
    expect(await screen.findByText("Saved")).toBeTruthy();
    expect(asked.filter(({ method }) => method === "PUT")).toMatchObject([
      { body: { user_ids: ["tom"] } },
    ]);
  });

  it("keeps the choice when the hub refuses it", async () => {
    pretendHub({
      "GET /users": { items: [nuria] },
      "PUT /queues/queue/members": new Refusal(422, {
        code: "invalid",
        params: { reason: "not_an_agent" },
        field: "user_ids",
      }),
    });
    await show(<MembersForm queue={queue()} members={[]} />, session());
    fireEvent.click(chooser("Served by"));
    fireEvent.click(await screen.findByRole("option", { name: "Nuria Vidal" }));
    fireEvent.click(screen.getByRole("button", { name: /Save/ }));
    expect(await screen.findByText("One of them does not handle calls.")).toBeTruthy();
    expect((screen.getByRole("button", { name: /Save/ }) as HTMLButtonElement).disabled).toBe(
      false,
    );
  });
});

describe("a queue's settings", () => {
  it("are seconds and names on the screen, and go out with what was emptied as null", async () => {
    const set = queue({ max_wait_ms: 300_000, music: "jazz" });
    const asked = pretendHub({
      "GET /sounds": ["hello", "jazz"],
      "PATCH /queues/queue": (body: unknown) => ({ ...set, ...(body as object) }),
    });
    await show(<SettingsForm queue={set} />, session());
    expect((field("Ring time") as HTMLInputElement).value).toBe("15 s");
    fireEvent.change(field("Longest wait"), { target: { value: "" } });
    fireEvent.click(chooser("Greeting"));
    fireEvent.click(await screen.findByRole("option", { name: "hello" }));
    fireEvent.click(chooser("Music while waiting"));
    const usual = await screen.findAllByRole("option", { name: "The usual one" });
    fireEvent.click(usual.at(-1) as HTMLElement);
    fireEvent.click(chooser("Recording"));
    fireEvent.click(await screen.findByRole("option", { name: "Never" }));
    fireEvent.click(chooser("Before a recording"));
    fireEvent.click(await screen.findByRole("option", { name: /answer by key/ }));
    fireEvent.click(screen.getByRole("button", { name: /Save/ }));
    expect(await screen.findByText("Saved")).toBeTruthy();
    expect(asked.filter(({ method }) => method === "PATCH")).toMatchObject([
      {
        body: {
          ring_timeout_ms: 15_000,
          wrap_up_ms: 30_000,
          max_wait_ms: null,
          greeting: "hello",
          music: null,
          overflow: null,
          recording: "never",
          recording_notice: "consent",
        },
      },
    ]);
  });

  it("ask for what a queue cannot do without", async () => {
    const asked = pretendHub({ "GET /sounds": [] });
    await show(<SettingsForm queue={queue()} />, session());
    fireEvent.change(field("Ring time"), { target: { value: "" } });
    fireEvent.click(screen.getByRole("button", { name: /Save/ }));
    expect(await screen.findByText("This is needed.")).toBeTruthy();
    expect(asked.filter(({ method }) => method === "PATCH")).toEqual([]);
  });

  it("still show a sound that has been lost", () => {
    const names = (current: string | null) =>
      soundChoices(["jazz"], current, "usual").map(({ value }) => value);
    expect(names("old")).toEqual(["", "old", "jazz"]);
    expect(names("jazz")).toEqual(["", "jazz"]);
    expect(names(null)).toEqual(["", "jazz"]);
  });
});
