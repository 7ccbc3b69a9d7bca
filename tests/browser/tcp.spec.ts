// A browser that sends no UDP at all, in a network without a relay: it talks over TCP with the hub itself.

import type { Page } from "@playwright/test";
import { expect, test } from "./floor.ts";
import { TONES, type Way } from "./seat.ts";
import { heardSeconds } from "./sound.ts";
import { Wire } from "./wire.ts";

const { customer: CUSTOMER, ana: ANA } = TONES;

/** What administrators set where only the proxy may use UDP; there is no proxy here. */
const NO_UDP = "--webrtc-ip-handling-policy=disable_non_proxied_udp";

function withoutUdp(url: string): Way {
  return { url, leadVoice: () => Promise.resolve(), switches: [NO_UDP] };
}

/** Both ends of the ways that the page's voice takes now. */
function waysTaken(page: Page): Promise<{ own: string; hub: string; type: string }[]> {
  return page.evaluate(async () => {
    const taken = [];
    for (const connection of window.connections.filter(({ connectionState }) => connectionState === "connected")) {
      const stats = await connection.getStats();
      for (const [, transport] of stats) {
        const pair = transport.type === "transport" ? stats.get(transport.selectedCandidatePairId) : undefined;
        if (!pair) continue;
        const [own, hub] = [stats.get(pair.localCandidateId), stats.get(pair.remoteCandidateId)];
        taken.push({ own: own.protocol, hub: hub.protocol, type: hub.candidateType });
      }
    }
    return taken;
  });
}

test("a page without UDP is heard and hears over TCP, on hold and after a reload too", async ({ floor, hub }) => {
  const ana = await floor.seat(0, ANA, withoutUdp(hub.url));
  await ana.wants("ready");
  const customer = await floor.customer();
  const call = await ana.answers();
  await ana.hears(CUSTOMER);
  const heard = () => heardSeconds(customer.heard(), 0, ANA).tone;
  await expect.poll(heard, { timeout: 60_000 }).toBeGreaterThan(1);
  expect(await waysTaken(ana.page)).toEqual([{ own: "tcp", hub: "tcp", type: "host" }]);

  // The hub offers anew in the same dialog: the way stays.
  await ana.press("Hold");
  await ana.hears();
  await ana.press("Back from hold");
  await ana.hears(CUSTOMER);
  expect(await waysTaken(ana.page)).toEqual([{ own: "tcp", hub: "tcp", type: "host" }]);

  // Its connections break with the page; the new page's are found.
  await ana.page.reload();
  await ana.reachable();
  await ana.hears(CUSTOMER);
  const before = heard();
  await expect.poll(heard, { timeout: 60_000 }).toBeGreaterThan(before + 1);
  expect((await ana.mine()).current.id, "still the call").toBe(call);
  expect(await waysTaken(ana.page)).toEqual([{ own: "tcp", hub: "tcp", type: "host" }]);
  await ana.hangsUp();
  const wav = await ana.api.recordingOf(call);
  expect(heardSeconds(wav, 0, CUSTOMER).tone, "the customer is on the left").toBeGreaterThan(1);
  expect(heardSeconds(wav, 1, ANA).tone, "the agent is on the right").toBeGreaterThan(1);
});

test("a page that has UDP talks over UDP though the hub takes TCP, too", async ({ floor }) => {
  const ana = await floor.seat(0, ANA);
  await ana.wants("ready");
  const customer = await floor.customer();
  await ana.answers();
  await ana.hears(CUSTOMER);
  await expect.poll(() => heardSeconds(customer.heard(), 0, ANA).tone, { timeout: 60_000 }).toBeGreaterThan(1);
  expect(await waysTaken(ana.page)).toEqual([{ own: "udp", hub: "udp", type: "host" }]);
  await ana.hangsUp();
});

test("a wall goes up in mid-call, then its connection breaks: each time the call finds a way", async ({ floor, hub }) => {
  const wire = await Wire.to(hub.url);
  try {
    const ana = await floor.seat(0, ANA, wire);
    await ana.wants("ready");
    const customer = await floor.customer();
    const call = await ana.answers();
    await ana.hears(CUSTOMER);
    const heard = () => heardSeconds(customer.heard(), 0, ANA).tone;
    expect(await waysTaken(ana.page)).toEqual([{ own: "udp", hub: "udp", type: "host" }]);

    wire.wallOffDatagrams();
    const taken = async () => (await waysTaken(ana.page)).map(({ own }) => own);
    await expect.poll(taken, { message: "over TCP instead", timeout: 60_000 }).toEqual(["tcp"]);
    await ana.hears(CUSTOMER);
    let before = heard();
    await expect.poll(heard, { timeout: 60_000 }).toBeGreaterThan(before + 1);

    wire.breakVoice();
    await ana.page.waitForTimeout(1_000); // the break itself
    await expect.poll(taken, { message: "by a new connection", timeout: 60_000 }).toEqual(["tcp"]);
    await ana.hears(CUSTOMER);
    before = heard();
    await expect.poll(heard, { timeout: 60_000 }).toBeGreaterThan(before + 1);
    expect((await ana.mine()).current.id, "the same call").toBe(call);
    await ana.hangsUp();
  } finally {
    wire.close();
  }
});

test("a network cut of five seconds, for a page without UDP: the call goes on over a new connection", async ({
  floor,
  hub,
}) => {
  const wire = await Wire.to(hub.url);
  try {
    const way = { url: wire.url, leadVoice: wire.leadVoice.bind(wire), switches: [NO_UDP] };
    const ana = await floor.seat(0, ANA, way);
    await ana.wants("ready");
    const customer = await floor.customer();
    const call = await ana.answers();
    await ana.hears(CUSTOMER);

    wire.cut();
    await ana.page.waitForTimeout(5_000); // as long as a cable is out
    const before = heardSeconds(customer.heard(), 0, ANA).tone;
    expect((await ana.mine()).current.id, "the hub keeps the call").toBe(call);
    wire.mend();
    await ana.reachable();
    await ana.hears(CUSTOMER);
    await expect.poll(() => heardSeconds(customer.heard(), 0, ANA).tone).toBeGreaterThan(before + 1);
    expect((await ana.mine()).current.id, "the same call").toBe(call);
    expect((await waysTaken(ana.page)).map(({ own }) => own)).toEqual(["tcp"]);
    await ana.hangsUp();
  } finally {
    wire.close();
  }
});
