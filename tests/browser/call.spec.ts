// The journey of a newcomer: an agent takes a test call, and finds it with its recording on the contact.

import type { Page } from "@playwright/test";
import { expect, test } from "./hub.ts";
import { currentCall, goReady, placeTestCall } from "./steps.ts";

/** How far the recording has been played, in seconds. */
function playedSeconds(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, ...[...document.querySelectorAll("audio")].map((audio) => audio.currentTime)));
}

test("a test call pops before it is answered, is wrapped up, and plays on the contact's timeline", async ({
  page,
  browser,
  signIn,
  hub,
}) => {
  const wallContext = await browser.newContext({ baseURL: hub.url, locale: "en-GB" });
  const wall = await wallContext.newPage();
  await signIn("supervisor", wall);
  await wall.goto("/wall");
  await expect(wall.getByRole("heading", { level: 1 })).toBeVisible();

  await signIn("agent");
  const state = await goReady(page);
  await placeTestCall(page, "A known contact");

  // It rings: who it is stands there before anybody has answered.
  const call = currentCall(page);
  await expect(call).toContainText(/Ringing[^]*Answer[^]*Open the contact[^]*Open tickets: \d+/);
  await page.screenshot({ path: "../../artefacts/screenshots/agent-offered-1440.png" });
  const name = (await call.locator("#current-call").innerText()).trim();
  const contact = await call.getByRole("link", { name: "Open the contact" }).getAttribute("href");
  await call.getByRole("button", { name: "Answer" }).click();
  await expect(call.getByRole("button", { name: "Hang up" })).toBeVisible();

  // The supervisor saw it come without reloading.
  await expect(wall.getByText(name).first()).toBeVisible();
  await expect(wall.getByText("Talking").first()).toBeVisible();
  await wall.screenshot({ path: "../../artefacts/screenshots/wall-talking-1440.png" });

  // A reload in mid-call loses nothing.
  await page.reload();
  await expect(call.getByRole("button", { name: "Hang up" })).toBeVisible();
  await expect(call.locator("#current-call")).toHaveText(name);
  await page.waitForTimeout(4_000); // something to listen to; nothing is asserted about its length
  await call.getByRole("button", { name: "Hang up" }).click();

  // Afterwards: how it went, a note, done.
  const wrapUp = page.getByRole("main").locator("section[aria-labelledby=wrap-up]");
  await wrapUp.getByRole("radio").first().click();
  await expect(wrapUp.getByRole("radio").first()).toHaveAttribute("aria-checked", "true");
  await wrapUp.getByRole("textbox", { name: "Note" }).fill("Wants to be called on Friday.");
  await page.screenshot({ path: "../../artefacts/screenshots/agent-wrap-up-1440.png" });
  await wrapUp.getByRole("button", { name: /^Finish/ }).click();
  await expect(state).toContainText("The next call is yours.");

  // It is on the contact, and it plays.
  await page.goto(`/contacts?search=${encodeURIComponent(name)}`);
  await page.getByRole("main").locator(`a[href="${contact}"]`).first().click();
  await expect(page.getByText("Wants to be called on Friday.").first()).toBeVisible();
  await page.getByRole("button", { name: "Listen" }).first().click();
  const player = page.getByRole("group", { name: "Recording" });
  await expect(player.locator("canvas").first()).toBeVisible();
  await player.getByRole("button", { name: "Play" }).click();
  await expect.poll(() => playedSeconds(page)).toBeGreaterThan(0.5);
  await page.screenshot({ path: "../../artefacts/screenshots/contact-after-call-1440.png", fullPage: true });
  await wallContext.close();
});

test("an unknown caller becomes a contact during the call", async ({ page, signIn }) => {
  await signIn("agent");
  const state = await goReady(page);
  await placeTestCall(page, "An unknown number");
  const call = currentCall(page);
  await expect(call.getByText("Nobody has the number")).toBeVisible();
  await call.getByRole("textbox", { name: "First name" }).fill("Nora");
  await call.getByRole("textbox", { name: "Last name" }).fill("Newcomer");
  await call.getByRole("button", { name: "Create the contact" }).click();
  await expect(call.locator("#current-call")).toHaveText("Nora Newcomer");
  await call.getByRole("button", { name: "Answer" }).click();
  await call.getByRole("button", { name: "Hang up" }).click();
  await page.getByRole("button", { name: /^Finish/ }).click();
  await expect(state).toContainText("The next call is yours.");
});
