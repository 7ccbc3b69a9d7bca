import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { pretendHub, Refusal, show } from "../../../tests/render";
import { device, session, user } from "../../../tests/samples";
import { PhonesDrawer } from "./PhonesDrawer";
import { isUsername, suggestUsername } from "./phones";

const SERVERS = [
  { transport: "tls", address: "192.0.2.1:5061" },
  { transport: "udp", address: "[::]:5060" },
];
const PHONES = "/users/agent/phones";
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole("button", { name }));
const value = (name: string | RegExp) =>
  (screen.getByRole("textbox", { name }) as HTMLInputElement).value;

async function open(answers: object) {
  const asked = pretendHub({ [`GET ${PHONES}`]: [device()], ...answers });
  const { cache } = await show(
    <PhonesDrawer user={user()} close={() => undefined} />,
    session(["manage_users"]),
  );
  await screen.findByRole("button", { name: "New desk phone" });
  return { cache, changes: () => asked.filter(({ method }) => method !== "GET") };
}

describe("a phone's user name", () => {
  it("is what the hub takes", () => {
    for (const good of ["nuria-desk", "a.b_C-9", "x".repeat(64)])
      expect(isUsername(good)).toBe(true);
    for (const bad of ["", "ñ", "a b", "a@b", "x".repeat(65)]) expect(isUsername(bad)).toBe(false);
  });

  it("is suggested from the email, and not twice", () => {
    expect(suggestUsername("nuria+x@aurora.example", [])).toBe("nuriax-desk");
    expect(suggestUsername("nuria@aurora.example", [device()])).toBe("nuria-desk-2");
    expect(isUsername(suggestUsername("王@aurora.example", []))).toBe(true);
  });
});

describe("the phones of a user", () => {
  it("get a new one, whose password is shown until it has been taken, and kept nowhere", async () => {
    const made = device({ id: "new", username: "nuria-desk-2", label: "Kitchen" });
    const { cache, changes } = await open({
      [`POST ${PHONES}`]: { ...made, password: "s3cret", servers: SERVERS },
    });
    press("New desk phone");
    fireEvent.change(screen.getByRole("textbox", { name: /^Name/ }), {
      target: { value: " Kitchen" },
    });
    press("Create");
    await screen.findByText("Kitchen is ready to be set up");
    expect(changes()).toMatchObject([
      { body: { label: "Kitchen", username: "nuria-desk-2", media_security: "optional" } },
    ]);
    expect(value("User name")).toBe("nuria-desk-2");
    expect(value("Password")).toBe("s3cret");
    expect(value("Domain")).toBe("aurora.example");
    expect(value("Server over TLS")).toBe("192.0.2.1:5061");
    expect(value("Server over UDP")).toBe(`${window.location.hostname}:5060`);
    press("I have it");
    await screen.findByRole("button", { name: "New desk phone" });
    const kept = () =>
      JSON.stringify([
        cache
          .getQueryCache()
          .getAll()
          .map(({ state }) => state.data),
        cache
          .getMutationCache()
          .getAll()
          .map(({ state }) => state.data),
      ]);
    await waitFor(() => expect(kept()).not.toContain("s3cret"));
  });

  it("copy the password, or say how it is done by hand", async () => {
    const copied: string[] = [];
    const writeText = vi.fn(async (text: string) => void copied.push(text));
    // jsdom has no clipboard of its own.
    Object.defineProperty(navigator, "clipboard", { configurable: true, value: { writeText } });
    await open({
      [`POST ${PHONES}/phone/password`]: { ...device(), password: "s3cret", servers: SERVERS },
    });
    press(/New password for/);
    press("New password");
    await screen.findByText("Desk phone is ready to be set up");
    press("Copy the password");
    await screen.findByText("Copied");
    expect(copied).toEqual(["s3cret"]);
    writeText.mockRejectedValueOnce(new Error("not allowed"));
    press("Copy the password");
    await screen.findByText(/did not allow copying/);
    Reflect.deleteProperty(navigator, "clipboard");
  });

  it("are told how their sound has to be encrypted", async () => {
    const { changes } = await open({
      [`PATCH ${PHONES}/phone`]: device({ media_security: "sdes" }),
    });
    fireEvent.change(screen.getByRole("combobox", { name: "Encryption of Desk phone’s sound" }), {
      target: { value: "sdes" },
    });
    await waitFor(() =>
      expect(changes()).toMatchObject([{ method: "PATCH", body: { media_security: "sdes" } }]),
    );
  });

  it("lose one only after a second press", async () => {
    const { changes } = await open({ [`DELETE ${PHONES}/phone`]: null });
    press("Remove Desk phone");
    expect(screen.getByText("Remove Desk phone? It can then neither ring nor call.")).toBeTruthy();
    press("Cancel");
    expect(changes()).toEqual([]);
    press("Remove Desk phone");
    press("Remove");
    await waitFor(() =>
      expect(changes()).toMatchObject([{ method: "DELETE", path: `${PHONES}/phone` }]),
    );
  });

  it("say at the field that a name is taken", async () => {
    await open({
      [`POST ${PHONES}`]: new Refusal(409, {
        code: "conflict",
        params: { reason: "taken" },
        field: "username",
      }),
    });
    press("New desk phone");
    press("Create");
    const field = screen.getByRole("textbox", { name: /User name/ });
    await waitFor(() => expect(field.getAttribute("aria-invalid")).toBe("true"));
  });

  it("leave the console's own phone alone", async () => {
    await open({ [`GET ${PHONES}`]: [device({ kind: "browser", label: "This one" })] });
    expect(screen.getByText("This one")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /Remove/ })).toBeNull();
  });

  it("say that there is none", async () => {
    await open({ [`GET ${PHONES}`]: [] });
    expect(screen.getByText("No phone yet")).toBeTruthy();
  });
});
