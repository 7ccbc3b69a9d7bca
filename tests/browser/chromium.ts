// How the tests' Chromium is started: the browser of the distribution, with a tone as its microphone.

import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeTone } from "./sound.ts";

export const ARTEFACTS = fileURLToPath(new URL("../../artefacts/", import.meta.url));
mkdirSync(ARTEFACTS, { recursive: true });

// Playwright's own download is never used.
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env.CENTRALITA_CHROMIUM ?? PLACES.find((path) => existsSync(path));

/** Played over and over; a whole number of waves, so that no seam is heard. */
const TONE_S = 20;

function microphone(hz: number): string {
  const path = `${ARTEFACTS}microphone-${hz}.wav`;
  if (!existsSync(path)) writeTone(path, hz, TONE_S);
  return path;
}

/** Chromium whose microphone hears one tone. The fake device is one for the whole browser. */
export function chromiumThatSays(
  hz: number,
  switches: string[] = [],
): { executablePath: string | undefined; args: string[] } {
  return {
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--autoplay-policy=no-user-gesture-required",
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-audio-capture=${microphone(hz)}`,
      ...switches,
    ],
  };
}
