// The journey of a newcomer: an agent takes a test call, and finds it with its recording on the contact.

import { expect, test } from "./hub.ts";

test("a test call pops before it is answered, is wrapped up, and plays on the contact's timeline", async ({
  page,
  browser,
  signIn,
  hub,
}) => {
  const supervisor = await (await browser.newContext({ baseURL: hub.url, locale: "en-GB" })).newPage();
  await signIn("supervisor", supervisor);
  await supervisor.goto("/wall");

  await signIn("agent");
  await page.getByRole("button", { name: "Go ready" }).click();
  await expect(page.getByRole("region", { name: "My state" })).toContainText("Ready");

  await placeTestCall(page, "Known customer");

  // It rings: who it is stands there, and nobody has answered yet.
  const ringing = page.getByRole("button", { name: "Answer" }).first();
  await expect(ringing).toBeVisible();
  const who = page.getByTestId("screen-pop").or(page.getByRole("region", { name: "Who is calling" }));
  await expect(who.getByRole("link").first()).toBeVisible();
  const name = (await who.getByRole("link").first().innerText()).trim();
  await ringing.click();
  await expect(page.getByRole("button", { name: "Hang up" }).first()).toBeVisible();

  // The supervisor saw it come without reloading.
  await expect(supervisor.getByText(name).first()).toBeVisible();
  await expect(supervisor.getByText("Talking").first()).toBeVisible();

  // A reload in mid-call loses nothing.
  await page.reload();
  await expect(page.getByRole("button", { name: "Hang up" }).first()).toBeVisible();
  await expect(page.getByText(name).first()).toBeVisible();
  await page.waitForTimeout(3_000); // something to listen to; nothing is asserted about its length
  await page.getByRole("button", { name: "Hang up" }).first().click();

  // Afterwards: how it went, a note, done.
  await page.getByRole("radio").first().click();
  await expect(page.getByRole("radio").first()).toHaveAttribute("aria-checked", "true");
  await page.getByLabel("Note").fill("Wants to be called on Friday.");
  await page.getByRole("button", { name: /^Finish/ }).click();
  await expect(page.getByRole("region", { name: "My state" })).toContainText("Ready");
  await expect(supervisor.getByText("Talking")).toHaveCount(0);

  // It is on the contact, and it plays.
  await page.goto("/contacts");
  await page.getByRole("searchbox").or(page.getByLabel("Search")).first().fill(name);
  await page.getByRole("link", { name }).first().click();
  await expect(page.getByText("Wants to be called on Friday.").first()).toBeVisible();
  const player = page.getByRole("region", { name: /Recording/ }).first();
  await player.getByRole("button", { name: /^Play/ }).click();
  await expect(player.locator("canvas").first()).toBeVisible();
  await expect
    .poll(() => page.evaluate(() => Math.max(0, ...[...document.querySelectorAll("audio")].map((a) => a.currentTime))))
    .toBeGreaterThan(0.5);
  await page.screenshot({ path: "../../artefacts/screenshots/contact-after-call-1440.png", fullPage: true });
  await supervisor.context().close();
});

async function placeTestCall(page: import("@playwright/test").Page, scenario: string): Promise<void> {
  await page.getByRole("button", { name: "Place a test call" }).first().click();
  const item = page.getByRole("menuitem", { name: scenario });
  if (await item.isVisible()) await item.click();
}
