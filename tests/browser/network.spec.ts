// What happens to a running call around the page: the network goes away, a second tab is opened.

import type { Page } from "@playwright/test";
import { expect, test } from "./floor.ts";
import { TONES } from "./seat.ts";
import { heardSeconds } from "./sound.ts";
import { Wire } from "./wire.ts";

const { customer: CUSTOMER, ana: ANA } = TONES;

/** As long as a cable is out or a laptop changes its network. */
const CUT_MS = 5_000;

test("a network cut of five seconds in mid-call: the call goes on, and both are heard after it", async ({
  floor,
  hub,
}) => {
  const wire = await Wire.to(hub.url);
  try {
    const ana = await floor.seat(0, ANA, wire);
    await ana.wants("ready");
    const customer = await floor.customer();
    const call = await ana.answers();
    await ana.hears(CUSTOMER);

    wire.cut();
    await ana.page.waitForTimeout(CUT_MS);
    const before = heardSeconds(customer.heard(), 0, ANA).tone;
    expect((await ana.mine()).current.id, "the hub keeps the call").toBe(call);
    wire.mend();
    await ana.reachable();
    await ana.hears(CUSTOMER);
    await expect.poll(() => heardSeconds(customer.heard(), 0, ANA).tone).toBeGreaterThan(before + 1);
    expect((await ana.mine()).current.id, "the same call").toBe(call);
    await ana.hangsUp();
  } finally {
    wire.close();
  }
});

/** Counts the INVITEs that a page is sent. */
function invites(page: Page): () => number {
  let count = 0;
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      if (payload.toString().startsWith("INVITE ")) count += 1;
    }),
  );
  return () => count;
}

test("a second tab leaves the phone where it is, says so, and takes a running call only when asked", async ({
  floor,
}) => {
  const ana = await floor.seat(0, ANA);
  const first = ana.page;
  const firstRang = invites(first);
  await first.reload();
  await ana.reachable();

  const second = await ana.context.newPage();
  const secondRang = invites(second);
  await second.goto("/desk");
  await expect(second.getByText("The phone is in another tab or browser")).toBeVisible();
  await ana.wants("ready");
  const customer = await floor.customer();
  const call = await ana.answers();
  await ana.hears(CUSTOMER);
  expect([firstRang(), secondRang()], "one tab rings").toEqual([1, 0]);

  // Taking it over is asked about first, and then it comes over as it is.
  await second.getByRole("button", { name: "Use here" }).first().click();
  await expect(second.getByText("Take the call over?")).toBeVisible();
  await second.getByRole("button", { name: "Leave it there" }).click();
  await ana.hears(CUSTOMER);
  await second.getByRole("button", { name: "Use here" }).first().click();
  await second.getByRole("dialog").getByRole("button", { name: "Use here" }).click();
  ana.page = second;
  await ana.hears(CUSTOMER);
  expect((await ana.mine()).current.id, "the same call").toBe(call);
  const before = heardSeconds(customer.heard(), 0, ANA).tone;
  await expect.poll(() => heardSeconds(customer.heard(), 0, ANA).tone).toBeGreaterThan(before + 1);
  await expect(first.getByText("The phone is in another tab or browser")).toBeVisible();
  expect([firstRang(), secondRang()], "the other tab alone is rung again").toEqual([1, 1]);
  await ana.hangsUp();
});
