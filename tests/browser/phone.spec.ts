// The console as a telephone: the agent speaks and listens in the page.

import type { Page } from "@playwright/test";
import { expect, test } from "./hub.ts";
import { MICROPHONE_HZ } from "./playwright.config.ts";
import { heardSeconds } from "./sound.ts";
import { agent, finish, goReady, takeTestCall } from "./steps.ts";

/** Nothing is asserted about its length. */
const TALK_MS = 5_000;

async function recordingOf(page: Page, call: string): Promise<Buffer> {
  await expect.poll(async () => (await (await page.request.get(`/api/v1/calls/${call}`)).json()).state).toBe("ended");
  const detail = await (await page.request.get(`/api/v1/calls/${call}`)).json();
  const audio = await page.request.get(`/api/v1/recordings/${detail.recording_ids[0]}/audio`);
  return audio.body();
}

/** The page's own account of what it has played: the energy of the sound that came in. */
function heardEnergy(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let energy = 0;
    for (const connection of (window as unknown as { connections: RTCPeerConnection[] }).connections) {
      for (const [, stat] of await connection.getStats()) {
        if (stat.type === "inbound-rtp") energy += stat.totalAudioEnergy ?? 0;
      }
    }
    return energy;
  });
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const connections: RTCPeerConnection[] = [];
    Object.assign(window, { connections });
    const Plain = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Plain {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    };
  });
});

test("an agent answers in the browser, is heard and hears", async ({ page, signIn }) => {
  await signIn("agent");
  await goReady(page);
  const call = await takeTestCall(page);
  await page.waitForTimeout(TALK_MS);
  expect(await heardEnergy(page), "the page hears the customer").toBeGreaterThan(0.001);
  await page.getByRole("button", { name: "Hang up" }).first().click();
  await finish(page);
  const wav = await recordingOf(page, call);
  const own = heardSeconds(wav, 1, MICROPHONE_HZ);
  expect(own.tone, "the microphone is on the right channel").toBeGreaterThan(1);
  expect(heardSeconds(wav, 0, MICROPHONE_HZ).tone, "and on no other").toBeLessThan(0.3);
  expect(heardSeconds(wav, 0, 0).any, "the customer is on the left channel").toBeGreaterThan(0.5);
});

test("a reload in mid-call keeps the customer, and the call comes back by itself", async ({ page, signIn }) => {
  await signIn("agent");
  await goReady(page);
  const call = await takeTestCall(page);
  await page.waitForTimeout(2_000);
  await page.reload();
  await expect.poll(async () => (await agent(page)).current?.state, { timeout: 30_000 }).toBe("talking");
  expect((await agent(page)).current.id, "the same call").toBe(call);
  await page.waitForTimeout(TALK_MS);
  await page.getByRole("button", { name: "Hang up" }).first().click();
  await finish(page);
  const wav = await recordingOf(page, call);
  const half = wav.subarray(0, Math.floor(wav.length / 2 / 4) * 4);
  expect(heardSeconds(half, 1, MICROPHONE_HZ).tone, "heard before").toBeGreaterThan(0.3);
  expect(heardSeconds(wav, 1, MICROPHONE_HZ).tone, "heard after").toBeGreaterThan(
    heardSeconds(half, 1, MICROPHONE_HZ).tone + 0.3,
  );
});
