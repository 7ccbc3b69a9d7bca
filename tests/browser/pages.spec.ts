// Every page at 1440 and at 390 pixels: no serious accessibility violation, no sideways scrolling, a picture kept.

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./hub.ts";
import { agent, currentCall, finish, goReady, takeTestCall } from "./steps.ts";

const WIDTHS = [
  { name: "1440", width: 1440, height: 900 },
  { name: "390", width: 390, height: 844 },
];

// [role, name, path]
const PAGES: [string, string, string][] = [
  ["agent", "desk", "/desk"],
  ["agent", "contacts", "/contacts"],
  ["agent", "companies", "/companies"],
  ["agent", "leads", "/leads"],
  ["agent", "tickets", "/tickets"],
  ["agent", "calls", "/calls"],
  ["agent", "preferences", "/preferences"],
  ["supervisor", "wall", "/wall"],
  ["supervisor", "calls-all", "/calls"],
  ["admin", "users", "/users"],
  ["admin", "holds", "/holds"],
  ["admin", "audit", "/audit"],
  ["admin", "queues", "/queues"],
];

async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("Loading…")).toHaveCount(0);
  await expect(page.getByText("That did not work")).toHaveCount(0);
}

async function inspect(page: Page, name: string, width: string): Promise<void> {
  await page.screenshot({ path: `../../artefacts/screenshots/${name}-${width}.png`, fullPage: true });
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(sideways, `${name} scrolls sideways at ${width}`).toBeLessThanOrEqual(0);
  const found = await new AxeBuilder({ page }).analyze();
  const serious = found.violations
    .filter((violation) => violation.impact === "serious" || violation.impact === "critical")
    .map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(" ")).join("; ")}`);
  expect(serious, `${name} at ${width}`).toEqual([]);
}

for (const { name: width, ...viewport } of WIDTHS) {
  test.describe(`at ${width} pixels`, () => {
    test.use({ viewport });

    test("sign-in", async ({ page, hub }) => {
      await page.goto(hub.url);
      await settled(page);
      await inspect(page, "sign-in", width);
    });

    for (const role of ["agent", "supervisor", "admin"]) {
      test(`pages of the ${role}`, async ({ page, signIn }) => {
        await signIn(role);
        for (const [, name, path] of PAGES.filter((one) => one[0] === role)) {
          await test.step(name, async () => {
            await page.goto(path);
            await settled(page);
            await inspect(page, name, width);
          });
        }
      });
    }

    test("a contact's page", async ({ page, signIn }) => {
      await signIn("agent");
      await page.goto("/contacts");
      await settled(page);
      await page.getByRole("main").locator('a[href^="/contacts/"]').first().click();
      await expect(page).toHaveURL(/\/contacts\/.+/);
      await settled(page);
      await inspect(page, "contact", width);
    });

    test("a call's page with what was said", async ({ page, signIn }) => {
      await signIn("agent");
      await goReady(page);
      const call = await takeTestCall(page);
      await currentCall(page).getByRole("button", { name: "Hang up" }).click();
      await finish(page);
      await page.getByRole("button", { name: "Log out of the queues" }).click();
      await page.context().clearCookies();
      await signIn("supervisor");
      await page.goto(`/calls/${call}`);
      await settled(page);
      await page.getByRole("button", { name: "Show what was said" }).click();
      const said = page.getByRole("region", { name: "Signalling" });
      await expect(said.getByRole("button", { name: /Customer .* to Centralita: ACK/ }).first()).toBeVisible();
      const invite = said.getByRole("button", { name: /Customer .* to Centralita: INVITE with media/ }).first();
      await invite.focus();
      await page.keyboard.press("Enter");
      await expect(said.getByText("CSeq: 1 INVITE")).toBeVisible();
      await inspect(page, "call-ladder", width);
      await said.getByText("Table", { exact: true }).click();
      await expect(said.getByRole("columnheader", { name: "Message" })).toBeVisible();
      await said.getByRole("button", { name: "INVITE with media", exact: true }).first().click();
      await expect(said.getByText("CSeq: 1 INVITE")).toBeVisible();
      await inspect(page, "call-trace-table", width);
      const download = page.waitForEvent("download");
      await said.getByRole("link", { name: "Download for Wireshark" }).click();
      expect((await download).suggestedFilename()).toBe(`call-${call}.pcap`);
    });

    test("a call while it lasts, and its page afterwards", async ({ page, signIn }) => {
      await signIn("agent");
      await goReady(page);
      const id = await takeTestCall(page);
      const call = currentCall(page);
      await inspect(page, "desk-talking", width);
      await call.getByRole("button", { name: "Transfer", exact: true }).click();
      await expect(page.getByRole("dialog").getByText("Billing").first()).toBeVisible();
      await inspect(page, "transfer", width);
      await page.keyboard.press("Escape");
      await call.getByRole("button", { name: "Park" }).click();
      await expect(page.getByText("Parked calls (1)")).toBeVisible();
      await finish(page);
      await inspect(page, "desk-parked", width);
      await page.getByRole("button", { name: /^Pick up \d/ }).click();
      await expect(call.getByRole("button", { name: "Hang up" })).toBeVisible();
      await expect.poll(async () => (await agent(page)).current?.state).toBe("talking");
      await call.getByRole("button", { name: "Hang up" }).click();
      await finish(page);
      await page.getByRole("button", { name: "Log out of the queues" }).click();
      await page.goto(`/calls/${id}`);
      await settled(page);
      await expect(page.getByRole("table", { name: "Sound quality" })).toBeVisible();
      await inspect(page, "call", width);
    });

    test("dark", async ({ page, signIn }) => {
      await signIn("supervisor");
      await page.emulateMedia({ colorScheme: "dark" });
      await page.goto("/wall");
      await settled(page);
      await inspect(page, "wall-dark", width);
    });
  });
}
