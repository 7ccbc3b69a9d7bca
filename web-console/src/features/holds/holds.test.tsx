import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Right } from "@/features/session/session";
import { pretendHub, show } from "../../../tests/render";
import { session } from "../../../tests/samples";
import { HoldButton } from "./HoldButton";

const hold = {
  id: "h",
  contact_id: "c",
  contact_name: "Carla Ruiz",
  reason: "Lawsuit",
  placed_by: { id: "u", display_name: "Marta" },
  placed_at: "2026-11-23T10:00:00Z",
};

async function open(items: unknown[], rights: Right[]) {
  const asked = pretendHub({
    "GET /contacts/c/hold": { items },
    "PUT /contacts/c/hold": { items: [hold] },
  });
  await show(<HoldButton held={{ kind: "contact", id: "c" }} />, session(rights));
  return asked;
}

describe("a hold", () => {
  it("is placed with a reason only", async () => {
    const asked = await open([], ["hold_recordings"]);
    fireEvent.click(await screen.findByRole("button", { name: "Put on hold" }));
    const reason = await screen.findByRole("textbox", { name: /Reason/ });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(asked.some(({ method }) => method === "PUT")).toBe(false);
    fireEvent.change(reason, { target: { value: "Lawsuit" } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(asked.some(({ method }) => method === "PUT")).toBe(true));
  });

  it("says why and who, and can be lifted", async () => {
    await open([hold], ["hold_recordings"]);
    expect((await screen.findByText(/Lawsuit/)).textContent).toContain("Marta");
    expect(screen.getByRole("button", { name: "Lift the hold" })).toBeTruthy();
  });

  it("is nothing for those without the right", async () => {
    const asked = await open([hold], []);
    expect(screen.queryByText(/Lawsuit/)).toBeNull();
    expect(asked.some(({ path }) => path.includes("/hold"))).toBe(false);
  });
});
