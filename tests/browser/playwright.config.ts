import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";
import { writeTone } from "./sound.ts";

// The browser of the distribution; Playwright's own download is never used.
const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env.CENTRALITA_CHROMIUM ?? chromium.find((path) => existsSync(path));
const artefacts = fileURLToPath(new URL("../../artefacts/", import.meta.url));

/** What the browser's microphone hears, found again at the other end. */
export const MICROPHONE_HZ = 1_000;
const microphone = `${artefacts}microphone.wav`;
mkdirSync(artefacts, { recursive: true });
// It is played over and over; longer than any call, so that no seam is heard.
if (!existsSync(microphone)) writeTone(microphone, MICROPHONE_HZ, 60);

export default defineConfig({
  testDir: ".",
  outputDir: `${artefacts}browser`,
  // One hub and one browser at a time: the machine has two cores, and the hub needs one.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  // Long, for a shared machine: a test walks many pages.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: [["list"], ["json", { outputFile: `${artefacts}test/playwright.json` }]],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Madrid",
    actionTimeout: 30_000,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-background-networking",
        "--autoplay-policy=no-user-gesture-required",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        `--use-file-for-fake-audio-capture=${microphone}`,
      ],
    },
  },
});
