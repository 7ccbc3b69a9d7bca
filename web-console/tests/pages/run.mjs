// Every page of the built console at two widths, photographed and examined by axe.
//     npm run pages [-- NAME…]         pictures go to ../artefacts/console-pages
// Fails on a serious violation, an error in the browser's console, or a page wider than its screen.

import { mkdir } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "@playwright/test";
import * as aurora from "./company.mjs";
import { ORIGIN, serve } from "./hub.mjs";

const OUT = new URL("../../../artefacts/console-pages/", import.meta.url).pathname;
const WIDTHS = [
  ["1440", { width: 1440, height: 900 }],
  ["390", { width: 390, height: 844 }],
];
const dark = { theme: "dark" };
const play = (page) =>
  page
    .getByRole("button", { name: /Listen|Escuchar|收听/ })
    .first()
    .click();

const press = (name) => (page) => page.getByRole("button", { name }).first().click();
/** One after the other. */
const presses =
  (...names) =>
  async (page) => {
    for (const name of names) await press(name)(page);
  };

/** name, path, scene, and what to do before the picture. */
const PAGES = [
  ["sign-in", "/", {}],
  ["desk-idle", "/desk", { role: "agent" }],
  ["desk-offered", "/desk", { role: "agent", desk: "offered" }],
  ["desk-maybe", "/desk", { role: "agent", desk: "maybe" }],
  ["desk-unknown", "/desk", { role: "agent", desk: "unknown" }],
  ["desk-talking-dark", "/desk", { role: "agent", desk: "talking", look: dark }],
  ["desk-consulting", "/desk", { role: "agent", desk: "consulting", look: { locale: "es" } }],
  ["desk-conference", "/desk", { role: "agent", desk: "conference" }],
  ["desk-no-phone", "/desk", { role: "agent", desk: "elsewhere" }],
  ["transfer", "/desk", { role: "agent", desk: "talking" }, (page) => page.keyboard.press("t")],
  [
    "keypad",
    "/desk",
    { role: "agent", desk: "talking", look: { locale: "zh" } },
    (page) => page.keyboard.press("k"),
  ],
  ["desk-wrap-up", "/desk", { role: "agent", desk: "wrap_up" }],
  ["desk-wrap-up-zh", "/desk", { role: "agent", desk: "wrap_up", look: { locale: "zh" } }],
  ["wall", "/wall", { role: "supervisor" }],
  [
    "wall-dark-compact-es",
    "/wall",
    { role: "supervisor", look: { ...dark, density: "compact", locale: "es" } },
  ],
  ["contacts", "/contacts", { role: "agent", desk: "talking" }],
  ["contact", `/contacts/${aurora.contacts[0].id}`, { role: "supervisor" }, play],
  ["contact-dark", `/contacts/${aurora.contacts[0].id}`, { role: "supervisor", look: dark }, play],
  [
    "contact-new",
    "/contacts",
    { role: "agent" },
    (page) => page.getByRole("button", { name: "New contact" }).click(),
  ],
  ["companies", "/companies", { role: "agent" }],
  ["company", `/companies/${aurora.companies[0].id}`, { role: "agent" }],
  ["tickets", "/tickets", { role: "agent" }],
  ["ticket", `/tickets/${aurora.tickets[0].id}`, { role: "agent" }],
  ["leads", "/leads", { role: "agent" }],
  ["lead", `/leads/${aurora.leads[0].id}`, { role: "agent" }],
  ["calls", "/calls", { role: "supervisor" }],
  ["call", `/calls/${aurora.calls[0].id}`, { role: "supervisor" }],
  ["queues", "/queues", { role: "admin" }],
  ["queues-es", "/queues", { role: "admin", look: { locale: "es" } }],
  ["queues-none", "/queues", { role: "admin", empty: true }],
  ["queue-new", "/queues", { role: "admin" }, press("New queue")],
  ["numbers", "/numbers", { role: "admin" }],
  ["numbers-none", "/numbers", { role: "admin", empty: true }],
  ["number-new", "/numbers", { role: "admin" }, press("New number")],
  ["number-remove", "/numbers", { role: "admin" }, press(/^Remove/)],
  ["users", "/users", { role: "admin" }],
  ["user-phones", "/users", { role: "admin" }, press(/^Phones of Nuria/)],
  ["user-phones-none", "/users", { role: "admin", empty: true }, press(/^Phones of Nuria/)],
  ["user-phone-new", "/users", { role: "admin" }, presses(/^Phones of Nuria/, "New desk phone")],
  [
    "user-phone-remove",
    "/users",
    { role: "admin" },
    presses(/^Phones of Nuria/, "Remove Desk phone"),
  ],
  [
    "user-phone-secret-dark",
    "/users",
    { role: "admin", look: dark },
    presses(/^Phones of Nuria/, /^New password for/, "New password"),
  ],
  ["holds", "/holds", { role: "admin" }],
  ["audit", "/audit", { role: "admin" }],
  ["preferences", "/preferences", { role: "agent" }],
  [
    "search",
    "/contacts",
    { role: "agent" },
    async (page) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("mar");
    },
  ],
  ["shortcuts", "/contacts", { role: "agent" }, (page) => page.keyboard.press("Shift+?")],
  [
    "reconnecting",
    "/wall",
    { role: "supervisor", silent: true },
    (page) => page.waitForTimeout(2000),
  ],
];

const wanted = process.argv.slice(2);
const faults = [];
await mkdir(OUT, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking"],
});
for (const [width, viewport] of WIDTHS) {
  for (const [name, path, scene, prepare] of PAGES) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const context = await browser.newContext({
      viewport,
      locale: "en-GB",
      timezoneId: "Europe/Madrid",
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    const fault = (text) => faults.push(`${name} at ${width}: ${text}`);
    page.on("pageerror", (error) => fault(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !/401/.test(message.text())) fault(message.text());
    });
    await serve(page, scene);
    try {
      await page.goto(ORIGIN + path);
      await page.locator("h1").first().waitFor({ timeout: 10_000 });
      await page.waitForTimeout(500);
      await prepare?.(page);
      await page.waitForTimeout(prepare ? 700 : 200);
      await page.screenshot({ path: `${OUT}${name}-${width}.png` });
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      if (wide > 1) fault(`${wide} px wider than the screen`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, impact, nodes } of violations) {
        if (impact !== "serious" && impact !== "critical") continue;
        fault(
          `axe ${id}: ${nodes
            .map((node) => `${node.target} ${node.failureSummary?.split("\n")[1]?.trim() ?? ""}`)
            .slice(0, 4)
            .join(" | ")}`,
        );
      }
    } catch (error) {
      fault(error.message.split("\n")[0]);
      await page.screenshot({ path: `${OUT}${name}-${width}.png` });
    }
    await context.close();
  }
}
await browser.close();
for (const text of faults) console.error(text);
console.log(faults.length === 0 ? "No faults." : `${faults.length} faults.`);
process.exitCode = faults.length === 0 ? 0 : 1;
