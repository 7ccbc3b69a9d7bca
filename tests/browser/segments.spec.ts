// A recording's segments on the call's page: below the sound, in words, and by keyboard.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./floor.ts";
import { type Seat, TONES } from "./seat.ts";

const MS_PER_S = 1_000;

async function clean(seat: Seat): Promise<void> {
  const { violations } = await new AxeBuilder({ page: seat.page }).include("main").analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(
    serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" "))}`),
  ).toEqual([]);
}

test("the player shows what each stretch is, and goes from one to the next", async ({ floor }) => {
  const seat = await floor.seat(0, TONES.ana);
  const { page } = seat;
  await seat.wants("ready");
  const customer = await floor.customer("+34600444031");
  const call = await seat.answers();
  await seat.hears(TONES.customer);
  await page.waitForTimeout(2_000); // something to be marked; nothing is asserted about its length
  await seat.press("Hold");
  await expect(page.getByRole("button", { name: "Back from hold" })).toBeVisible();
  await page.waitForTimeout(2_000);
  await seat.press("Back from hold");
  await seat.hears(TONES.customer);
  await page.waitForTimeout(2_000);
  await seat.press(/^Pause recording/);
  await expect(page.getByRole("button", { name: /^Resume recording/ })).toBeVisible();
  await page.waitForTimeout(2_000);
  await seat.press(/^Resume recording/);
  await expect(page.getByRole("button", { name: /^Pause recording/ })).toBeVisible();
  await page.waitForTimeout(2_000);
  await customer.hangUp();
  await seat.finishes();
  await seat.api.recordingOf(call);
  const { recording_ids: ids } = await seat.api.get(`/calls/${call}`);
  const segments = await seat.api.get(`/recordings/${ids[0]}/segments`);

  await page.goto(`/calls/${call}`);
  const player = page.getByRole("group", { name: "Recording" });
  const list = player.getByRole("list", { name: "Segments" });
  const lines = list.getByRole("button");
  await expect(lines).toHaveCount(5);
  const words = ["Talk", "On hold", "Talk", "Recording paused", "Talk"];
  for (const [place, word] of words.entries()) {
    await expect(lines.nth(place)).toContainText(word);
    await expect(lines.nth(place)).toContainText(seat.name);
  }
  // Below the sound, each as wide as it is long.
  const bands = player.locator("[data-kind]");
  const kinds = await bands.evaluateAll((all) => all.map((band) => band.getAttribute("data-kind")));
  expect(kinds).toEqual(["talk", "hold", "talk", "pause", "talk"]);
  const whole = (await player.getByRole("slider").boundingBox())?.width ?? 0;
  const lasts = segments[3].to_ms - segments[3].from_ms;
  const width = (await bands.nth(3).boundingBox())?.width ?? 0;
  expect(Math.abs(width / whole - lasts / segments[4].to_ms)).toBeLessThan(0.02);

  // By keyboard on the slider, and by the buttons beside the title.
  const slider = player.getByRole("slider", { name: "Position in the recording" });
  const stands = async (place: number) => {
    await expect(lines.nth(place)).toHaveAttribute("aria-current", "true");
    const second = String(Math.round(segments[place].from_ms / MS_PER_S));
    await expect(slider).toHaveAttribute("aria-valuenow", second);
  };
  await slider.focus();
  await page.keyboard.press("n");
  await stands(1);
  await page.keyboard.press("n");
  await stands(2);
  await page.keyboard.press("p");
  await stands(1);
  await player.getByRole("button", { name: "Next segment" }).press("Enter");
  await stands(2);
  await lines.nth(3).press("Enter");
  await stands(3);
  await player.getByRole("button", { name: "Previous segment" }).press("Enter");
  await stands(2);

  await clean(seat);
  await page.screenshot({
    path: "../../artefacts/screenshots/call-segments-1440.png",
    fullPage: true,
  });
  await page.setViewportSize({ width: 390, height: 844 });
  await clean(seat);
  await page.screenshot({
    path: "../../artefacts/screenshots/call-segments-390.png",
    fullPage: true,
  });
  await page.emulateMedia({ colorScheme: "dark" });
  await clean(seat);
  await page.screenshot({
    path: "../../artefacts/screenshots/call-segments-dark-390.png",
    fullPage: true,
  });
});
