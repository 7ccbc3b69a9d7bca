// The recording of a running call, by its bar: what the queue allows is offered, by button and by key.

import AxeBuilder from "@axe-core/playwright";
import { Api } from "./api.ts";
import type { Baresip } from "./baresip.ts";
import { expect, test } from "./floor.ts";
import type { Hub } from "./hub.ts";
import { type Seat, TONES } from "./seat.ts";

const SUPPORT = "Support";

type Policy = "always" | "on_demand" | "never";

/** Whether the calls of Support are recorded, and what customers are told; `null`: as the house has it. */
async function wants(hub: Hub, recording: Policy | null, notice: "consent" | null = null): Promise<void> {
  const login = hub.logins.find((one) => one.role === "admin");
  if (!login) throw new Error("the demo has no administrator");
  const admin = await Api.signIn(hub.url, login);
  const queues = await admin.get("/queues");
  const queue = queues.find((one: { name: string }) => one.name === SUPPORT);
  expect((await admin.ask("PATCH", `/queues/${queue.id}`, { recording, recording_notice: notice })).status).toBe(200);
}

/** The bar of the agent's call. */
function bar(seat: Seat) {
  const section = seat.page.getByRole("region", { name: "Recording" });
  return {
    section,
    stands: (word: string) => expect(section.getByRole("status")).toHaveText(word),
    offers: async (...names: string[]) => {
      for (const name of [
        "Record",
        "Pause recording",
        "Resume recording",
        "Stop recording",
        "Card payment",
      ]) {
        const button = section.getByRole("button", { name: new RegExp(`^${name}`) });
        await expect(button, name).toHaveCount(names.includes(name) ? 1 : 0);
      }
    },
    press: (name: string) => section.getByRole("button", { name: new RegExp(`^${name}`) }).click(),
    /** By its key, from wherever the focus is. */
    key: () => seat.page.keyboard.press("r"),
    /** Reached by Tab alone, and pressed by Enter. */
    enter: async (name: string) => {
      const button = section.getByRole("button", { name: new RegExp(`^${name}`) });
      for (let step = 0; step < 80; step += 1) {
        if (await button.evaluate((element) => element === document.activeElement)) break;
        await seat.page.keyboard.press("Tab");
      }
      await expect(button).toBeFocused();
      await seat.page.keyboard.press("Enter");
    },
    clean: async () => {
      const { violations } = await new AxeBuilder({ page: seat.page }).include("main").analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" "))}`),
      ).toEqual([]);
    },
  };
}

/** The next call of the queue, as long as `look` looks at it; its record. */
async function call(seat: Seat, customer: () => Promise<Baresip>, look: (customer: Baresip) => Promise<void>) {
  await seat.wants("ready");
  const phone = await customer();
  const id = await seat.answers();
  await seat.hears(TONES.customer);
  await look(phone);
  await phone.hangUp();
  await seat.finishes();
  await expect.poll(async () => (await seat.api.get(`/calls/${id}`)).state).toBe("ended");
  return seat.api.get(`/calls/${id}`);
}

test("the bar offers what the queue allows, by button and by key", async ({ floor, hub }) => {
  const seat = await floor.seat(0, TONES.ana);
  const { section, stands, offers, press, key, enter, clean } = bar(seat);
  try {
    await wants(hub, "on_demand");
    const asked = await call(
      seat,
      () => floor.customer("+34600444021"),
      async () => {
        await stands("Not recorded");
        await offers("Record", "Card payment");
        await clean();
        await enter("Record");
        await stands("Recording");
        await offers("Pause recording", "Stop recording", "Card payment");
        await clean();
        await key();
        await stands("Recording paused");
        await offers("Resume recording", "Card payment");
        await clean();
        await key();
        await stands("Recording");
        await press("Pause recording");
        await stands("Recording paused");
        await enter("Resume recording");
        await stands("Recording");
        await enter("Stop recording");
        await stands("Not recorded");
        await press("Record");
        await stands("Recording");
      },
    );
    expect(asked.recording_ids, "a second file after the stop").toHaveLength(2);

    await wants(hub, "always");
    const always = await call(
      seat,
      () => floor.customer("+34600444022"),
      async () => {
        await stands("Recording");
        await offers("Pause recording", "Card payment");
        await expect(section.getByText("This queue’s calls are always recorded.")).toBeVisible();
        await clean();
        await enter("Pause recording");
        await stands("Recording paused");
        await key();
        await stands("Recording");
      },
    );
    expect(always.recording_ids).toHaveLength(1);

    await wants(hub, "never");
    const never = await call(
      seat,
      () => floor.customer("+34600444023"),
      async () => {
        await stands("Not recorded");
        await offers("Card payment");
        await expect(section.getByText("This queue’s calls are never recorded.")).toBeVisible();
        await clean();
        await key();
        await seat.page.waitForTimeout(1_000); // long enough for an answer, had the key been taken
        await stands("Not recorded");
      },
    );
    expect(never.recording_ids).toEqual([]);
  } finally {
    await wants(hub, null);
  }
});

test("the bar says that the customer is asked, and the call's page what the answer was", async ({ floor, hub }) => {
  const seat = await floor.seat(0, TONES.ana);
  const { section, stands, offers, press, key, clean } = bar(seat);
  try {
    await wants(hub, "on_demand", "consent");
    const given = await call(
      seat,
      () => floor.customer("+34600444024"),
      async (customer) => {
        await stands("Not recorded");
        await press("Record");
        await stands("Customer is being asked");
        await offers("Card payment");
        await clean();
        await customer.press("1");
        await stands("Recording");
        await offers("Pause recording", "Stop recording", "Card payment");
      },
    );
    expect(given.recording_ids).toHaveLength(1);

    const refused = await call(
      seat,
      () => floor.customer("+34600444025"),
      async (customer) => {
        await stands("Not recorded");
        await key();
        await stands("Customer is being asked");
        await customer.press("2");
        await stands("Not recorded");
        await expect(section.getByText("The customer does not want to be recorded.")).toBeVisible();
        await offers("Card payment");
        await clean();
      },
    );
    expect(refused.recording_ids).toEqual([]);

    for (const [id, answer] of [
      [given.id, "The customer agreed to be recorded"],
      [refused.id, "The customer refused to be recorded"],
    ]) {
      await seat.page.goto(`/calls/${id}`);
      await expect(seat.page.getByText(answer)).toBeVisible();
      await clean();
    }
  } finally {
    await wants(hub, null);
  }
});
