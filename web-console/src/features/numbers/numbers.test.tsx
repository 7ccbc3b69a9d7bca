import { ModalsProvider } from "@mantine/modals";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Route } from "@/api/types";
import { pretendHub, Refusal, show } from "../../../tests/render";
import { queue, session, user } from "../../../tests/samples";
import { NumberDialog } from "./NumberDialog";
import { NumbersPage } from "./NumbersPage";
import { isPattern, nextPosition, tidyPattern, unreached } from "./routes";

const route = (more: Partial<Route> = {}): Route => ({
  id: "route",
  pattern: "+34910000100",
  label: "Support line",
  position: 10,
  target: { kind: "queue", queue_id: "queue" },
  ...more,
});
const queues = [queue(), queue({ id: "sales", name: "Sales" })];
const hub = {
  "GET /queues": queues,
  "GET /users": { items: [user(), user({ id: "gone", display_name: "Left", active: false })] },
};
const fill = (name: RegExp, value: string) =>
  fireEvent.change(screen.getByRole("textbox", { name }), { target: { value } });
const create = () => fireEvent.click(screen.getByRole("button", { name: "Create" }));

async function open(answers: object = {}) {
  const asked = pretendHub({ ...hub, ...answers });
  const close = vi.fn();
  await show(<NumberDialog opened close={close} routes={[route()]} />, session());
  return { close, posts: () => asked.filter(({ method }) => method === "POST") };
}

describe("a number", () => {
  it("is digits, and a star at the end", () => {
    for (const good of ["+34910000100", "910*", "*", "100"]) expect(isPattern(good)).toBe(true);
    for (const bad of ["", "+", "a*", "9*1", "9+1", "**"]) expect(isPattern(bad)).toBe(false);
    expect(tidyPattern(" +34 (910) 000-100 ")).toBe("+34910000100");
  });

  it("comes after the others unless told otherwise", () => {
    expect(nextPosition([])).toBe(10);
    expect(nextPosition([route({ position: 30 }), route({ position: 20 })])).toBe(40);
  });

  it("is asked for with where it leads", async () => {
    const { posts } = await open();
    create();
    expect(await screen.findByText(/Digits, with \+/)).toBeTruthy();
    expect(screen.getAllByText("This is needed.")).toHaveLength(2);
    expect(posts()).toEqual([]);
  });

  it("leads to a queue, at the next place", async () => {
    const { close, posts } = await open({ "POST /routes": route() });
    fill(/^Number/, "+34 910 000 200");
    fill(/^Name/, "Sales line ");
    fireEvent.click(screen.getByRole("combobox", { name: /Queue/ }));
    fireEvent.click(await screen.findByText("Sales"));
    create();
    await waitFor(() => expect(close).toHaveBeenCalled());
    expect(posts()).toMatchObject([
      {
        body: {
          pattern: "+34910000200",
          label: "Sales line",
          position: 20,
          target: { kind: "queue", queue_id: "sales" },
        },
      },
    ]);
  });

  it("leads to an active user", async () => {
    const { close, posts } = await open({ "POST /routes": route() });
    fill(/^Number/, "*");
    fill(/^Name/, "All else");
    fireEvent.click(screen.getByRole("radio", { name: "User" }));
    fireEvent.click(screen.getByRole("combobox", { name: /User/ }));
    fireEvent.click(await screen.findByText("Nuria Vidal"));
    expect(screen.queryByText("Left")).toBeNull();
    create();
    await waitFor(() => expect(close).toHaveBeenCalled());
    expect(posts()).toMatchObject([{ body: { target: { kind: "user", user_id: "agent" } } }]);
  });

  it("stays in the form when the hub cannot call where it should lead", async () => {
    const { close, posts } = await open({
      "POST /routes": new Refusal(422, {
        code: "invalid",
        params: { reason: "not_a_number" },
        field: "target.number",
      }),
    });
    fill(/^Number/, "100");
    fill(/^Name/, "Door");
    fireEvent.click(screen.getByRole("radio", { name: "Outside number" }));
    fill(/Number to call/, "12");
    create();
    const field = screen.getByRole("textbox", { name: /Number to call/ });
    await waitFor(() => expect(field.getAttribute("aria-invalid")).toBe("true"));
    expect(posts()).toMatchObject([{ body: { target: { kind: "external", number: "12" } } }]);
    expect(close).not.toHaveBeenCalled();
  });
});

describe("the numbers", () => {
  const page = async (routes: Route[]) => {
    const asked = pretendHub({ ...hub, "GET /routes": routes, "DELETE /routes/route": null });
    const content = (
      <ModalsProvider>
        <NumbersPage />
      </ModalsProvider>
    );
    await show(content, session(["manage_settings"]));
    return asked;
  };

  it("say which queues no customer can reach", async () => {
    expect(unreached(queues, [route()])).toEqual([queues[1]]);
    await page([route()]);
    expect(await screen.findByText("No number leads to: Sales.")).toBeTruthy();
  });

  it("say that no number leads to a queue at all", async () => {
    await page([]);
    expect(await screen.findByText("No number leads to a queue.")).toBeTruthy();
    expect(screen.getByText("No number leads anywhere yet")).toBeTruthy();
  });

  it("are removed only after a question", async () => {
    const asked = await page([route()]);
    const deleted = () => asked.filter(({ method }) => method === "DELETE");
    fireEvent.click(await screen.findByRole("button", { name: "Remove +34 910 000 100" }));
    await screen.findByText("Remove +34 910 000 100?");
    expect(deleted()).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(deleted()).toMatchObject([{ path: "/routes/route" }]));
  });
});
