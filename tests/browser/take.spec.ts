// A call that rings at a colleague's page is picked up from one's own, which answers by itself.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./floor.ts";
import { type Seat, TONES } from "./seat.ts";
import { heardSeconds } from "./sound.ts";

function list(seat: Seat) {
  return seat.page.getByRole("region", { name: /^Ringing at colleagues/ });
}

test("a colleague's ringing call is picked up by the keyboard, and both ends are heard", async ({ floor }) => {
  const ana = await floor.seat(0, TONES.ana);
  const ben = await floor.seat(1, TONES.ben);
  await ben.wants("not_ready");
  await ana.wants("ready");
  const customer = await floor.customer("+34600444031");
  await expect(ana.call.getByRole("button", { name: "Answer" })).toBeVisible({ timeout: 60_000 });
  await expect(list(ana), "her own").toHaveCount(0);
  await expect(list(ben)).toContainText(`at ${ana.name}’s phone`);
  await ben.page.screenshot({ path: "../../artefacts/screenshots/ringing-1440.png" });
  const { violations } = await new AxeBuilder({ page: ben.page }).include("main").analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" "))}`)).toEqual([]);

  await list(ben).getByRole("button", { name: /^Pick up/ }).focus();
  await ben.page.keyboard.press("Enter");
  await ben.is("talking");
  await ben.hears(TONES.customer);
  await expect.poll(() => heardSeconds(customer.heard(), 0, TONES.ben).tone, { timeout: 60_000 }).toBeGreaterThan(1);
  await ana.is("ready");
  await expect(ana.call.getByRole("button", { name: "Answer" })).toHaveCount(0);
  await expect(list(ben)).toHaveCount(0);
  const { current } = await ben.mine();
  expect(current.caller).toBe("+34600444031");
  await customer.hangUp();
  await ben.finishes();
  const kept = await ben.api.recordingOf(current.id);
  expect(heardSeconds(kept, 1, TONES.ben).tone, "Ben's voice is in it").toBeGreaterThan(1);
  expect(heardSeconds(kept, 1, TONES.ana).tone, "Ana's is not").toBeLessThan(0.3);
});
