// What an agent does at the desk, by the buttons of the page.

import { expect, type Locator, type Page } from "@playwright/test";

// biome-ignore lint/suspicious/noExplicitAny: the API's answers are looked at from outside here
export async function agent(page: Page): Promise<any> {
  return (await page.request.get("/api/v1/agent")).json();
}

/** The page itself is registered; `phone_reachable` would be true by the demo's phone as well. */
async function browserIsReachable(page: Page): Promise<void> {
  await expect
    .poll(async () => {
      const { phones } = await agent(page);
      return phones.find((phone: { kind: string }) => phone.kind === "browser")?.reachable;
    })
    .toBe(true);
}

export async function goReady(page: Page): Promise<Locator> {
  await page.goto("/desk");
  const state = page.getByRole("region", { name: "My state" });
  await browserIsReachable(page);
  const button = state.getByRole("button", { name: "Ready", exact: true });
  const ready = state.getByText("The next call is yours.");
  await expect(button.or(ready)).toBeVisible();
  if (await button.isVisible()) await button.click(); // else still ready from the test before
  await expect(ready).toBeVisible();
  return state;
}

export async function placeTestCall(page: Page, who: string): Promise<void> {
  await page.getByRole("button", { name: "Place a test call" }).first().click();
  await page.getByRole("menuitem", { name: who }).click();
}

export function currentCall(page: Page): Locator {
  return page.getByRole("main").locator("section[aria-labelledby=current-call]");
}

/** Takes a test call of a known contact, and returns the call's id. */
export async function takeTestCall(page: Page): Promise<string> {
  await placeTestCall(page, "A known contact");
  const call = currentCall(page);
  await call.getByRole("button", { name: "Answer" }).click();
  await expect(call.getByRole("button", { name: "Hang up" })).toBeVisible();
  return (await agent(page)).current.id;
}

export async function finish(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Finish/ }).click();
}
