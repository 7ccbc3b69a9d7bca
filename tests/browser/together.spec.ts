// During the call, by the console's buttons: everybody is heard by those who should hear, and by nobody else.

import type { Baresip } from "./baresip.ts";
import { expect, test } from "./floor.ts";
import { type Seat, TONES } from "./seat.ts";
import { heardSeconds, togetherSeconds } from "./sound.ts";

const { customer: CUSTOMER, ana: ANA, ben: BEN, carla: CARLA } = TONES;

interface Floor {
  seat: (which: number, hz: number) => Promise<Seat>;
  customer: () => Promise<Baresip>;
}

/** A customer in conversation with Ana, and Ben not ready at his desk. */
async function talking(floor: Floor): Promise<{ ana: Seat; ben: Seat; customer: Baresip; call: string }> {
  const ana = await floor.seat(0, ANA);
  const ben = await floor.seat(1, BEN);
  await ben.wants("not_ready");
  await ana.wants("ready");
  const customer = await floor.customer();
  const call = await ana.answers();
  await ana.hears(CUSTOMER);
  return { ana, ben, customer, call };
}

test("hold: the customer hears music, then the agent again; a blind transfer leaves the agent free", async ({
  floor,
}) => {
  const { ana, ben, customer, call } = await talking(floor);
  await ana.press("Hold");
  await expect(ana.page.getByRole("button", { name: "Back from hold" })).toBeVisible();
  await ana.hears();
  await ana.page.waitForTimeout(2_000); // music to be found; nothing is asserted about its length
  const before = heardSeconds(customer.heard(), 0, ANA).tone;
  await ana.press("Back from hold");
  await ana.hears(CUSTOMER);
  await expect.poll(() => heardSeconds(customer.heard(), 0, ANA).tone).toBeGreaterThan(before + 0.5);

  await ana.sends("Transfer", ben.name, `Transfer to ${ben.name} at once`);
  await ana.is("wrap_up");
  expect(await ben.answers(), "the same call").toBe(call);
  await ben.hears(CUSTOMER);
  await expect.poll(() => heardSeconds(customer.heard(), 0, BEN).tone).toBeGreaterThan(1);
  const gap = heardSeconds(customer.heard(), 0, ANA);
  expect(gap.any - gap.tone, "music between and after the words").toBeGreaterThan(2);
  await ben.hangsUp();
});

test("asking first: a reload comes back into it, and the one asked takes the customer over", async ({ floor }) => {
  const { ana, ben, customer, call } = await talking(floor);
  await ana.sends("Transfer", ben.name, `Ask ${ben.name} first`);
  expect(await ben.answers()).toBe(call);
  await ana.hears(BEN);
  await ben.hears(ANA);

  await ana.page.reload();
  await ana.reachable();
  await ana.hears(BEN);
  await ben.hears(ANA);
  expect((await ana.mine()).current.id, "still her call").toBe(call);
  await ana.press("Complete the transfer");
  await ana.is("wrap_up");
  await ben.hears(CUSTOMER);
  await expect.poll(() => heardSeconds(customer.heard(), 0, BEN).tone).toBeGreaterThan(1);
  await ben.hangsUp();
});

test("a conference of four: each is heard by all others, also after its host's page was loaded anew", async ({
  floor,
}) => {
  const { ana, ben, customer, call } = await talking(floor);
  const carla = await floor.desk(2, CARLA);
  await ana.sends("Transfer", ben.name, `Ask ${ben.name} first`);
  await ben.answers();
  await ana.press("All together");
  await ben.hears(CUSTOMER, ANA);
  await ana.sends("Add somebody", carla.name, `Add ${carla.name}`);
  await ana.hears(CUSTOMER, BEN, CARLA);
  await ben.hears(CUSTOMER, ANA, CARLA);
  const together = (phone: Baresip, ...tones: number[]) => togetherSeconds(phone.heard(), 0, tones);
  await expect.poll(() => together(customer, ANA, BEN, CARLA)).toBeGreaterThan(1);
  await expect.poll(() => together(carla.phone, CUSTOMER, ANA, BEN)).toBeGreaterThan(1);

  // Twice, the second time before the first is through: it is still her call.
  await ana.page.reload();
  await ana.page.reload();
  await ana.hears(CUSTOMER, BEN, CARLA);
  await ben.hears(CUSTOMER, ANA, CARLA);
  expect((await ana.mine()).current.id).toBe(call);
  // One who was asked in comes back likewise.
  await ben.page.reload();
  await ben.hears(CUSTOMER, ANA, CARLA);
  await ana.hears(CUSTOMER, BEN, CARLA);
  await customer.hangUp();
  await ana.finishes();
  await ben.finishes();
});
