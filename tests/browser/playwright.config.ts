import { defineConfig } from "@playwright/test";
import { ARTEFACTS, chromiumThatSays } from "./chromium.ts";

/** What the browser's microphone hears, found again at the other end. */
export const MICROPHONE_HZ = 1_000;

export default defineConfig({
  testDir: ".",
  outputDir: `${ARTEFACTS}browser`,
  // One hub and one browser at a time: the machine has two cores, and the hub needs one.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  // Long, for a shared machine: a test walks many pages.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: [["list"], ["json", { outputFile: `${ARTEFACTS}test/playwright.json` }]],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Madrid",
    actionTimeout: 30_000,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: chromiumThatSays(MICROPHONE_HZ),
  },
});
