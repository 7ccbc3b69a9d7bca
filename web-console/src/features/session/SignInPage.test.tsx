import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { keys } from "@/api/keys";
import { pretendHub, Refusal, show } from "../../../tests/render";
import { session } from "../../../tests/samples";
import { SignInPage } from "./SignInPage";

const hub = {
  name: "Aurora",
  version: "0.1.0",
  demo: true,
  inbound_numbers: [],
  demo_logins: [
    {
      email: "nuria@aurora.example",
      password: "aurora",
      role: "agent",
      display_name: "Nuria Vidal",
    },
  ],
};

function fill(email: string, password: string) {
  fireEvent.change(screen.getByLabelText("Email"), { target: { value: email } });
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: password } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

describe("the sign-in form", () => {
  it("says at each field what is missing, and asks nobody", async () => {
    const asked = pretendHub({ "GET /hub": hub });
    await show(<SignInPage />);
    fill("nuria", "");
    expect(await screen.findByText("Enter your email address.")).toBeTruthy();
    expect(screen.getByText("Enter your password.")).toBeTruthy();
    expect(screen.getByLabelText("Email").getAttribute("aria-invalid")).toBe("true");
    expect(asked.filter(({ method }) => method === "POST")).toEqual([]);
  });

  it("translates what the hub refused, with its numbers", async () => {
    pretendHub({
      "GET /hub": hub,
      "POST /session": new Refusal(429, {
        code: "too_many_attempts",
        params: { retry_after_s: 30 },
      }),
    });
    await show(<SignInPage />);
    fill("nuria@aurora.example", "wrong");
    expect((await screen.findByRole("alert")).textContent).toContain("Try again in 30 s");
  });

  it("shows a problem that has a field at that field", async () => {
    pretendHub({
      "GET /hub": hub,
      "POST /session": new Refusal(422, {
        code: "invalid",
        params: { reason: "too_long" },
        field: "email",
      }),
    });
    await show(<SignInPage />);
    fill("nuria@aurora.example", "aurora");
    expect(await screen.findByText("This is too long.")).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("lets in with one press of a demo card", async () => {
    const asked = pretendHub({ "GET /hub": hub, "POST /session": session() });
    const { cache } = await show(<SignInPage />);
    fireEvent.click(await screen.findByRole("button", { name: /Nuria Vidal/ }));
    await waitFor(() => expect(cache.getQueryData(keys.session)).toEqual(session()));
    expect(asked.at(-1)).toMatchObject({
      method: "POST",
      path: "/session",
      body: { email: "nuria@aurora.example", password: "aurora" },
    });
  });
});
