// A browser whose network lets nothing through but TCP to one relay: it talks and listens all the same.

import { randomBytes } from "node:crypto";
import type { BrowserContext, Page } from "@playwright/test";
import { Api } from "./api.ts";
import { Coturn } from "./coturn.ts";
import { expect, test } from "./floor.ts";
import { freePorts } from "./process.ts";
import { TONES } from "./seat.ts";
import { heardSeconds } from "./sound.ts";

const { customer: CUSTOMER, ana: ANA } = TONES;

// This file is read by each process of the runner, and all of them have to mean the same relay.
process.env.TESTS_TURN_PORT ??= String(await freePorts(2));
process.env.TESTS_TURN_SECRET ??= randomBytes(16).toString("hex");
const port = Number(process.env.TESTS_TURN_PORT);
const secret = process.env.TESTS_TURN_SECRET;
const RELAY = `turn:127.0.0.1:${port}?transport=tcp`;
test.use({
  hubVariables: {
    CENTRALITA_TURN__URLS: JSON.stringify([RELAY]),
    CENTRALITA_TURN__SECRET: secret,
  },
});

/** No way but through a relay, for every page of the context. */
async function throughRelaysOnly(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const Free = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Free {
      constructor(configuration?: RTCConfiguration) {
        super({ ...configuration, iceTransportPolicy: "relay" });
      }
    };
  });
}

/** The page's own end of the way that its voice takes. */
function ownEnd(page: Page): Promise<{ type?: string; relayProtocol?: string } | null> {
  return page.evaluate(async () => {
    for (const connection of window.connections.filter(({ connectionState }) => connectionState === "connected")) {
      const stats = await connection.getStats();
      for (const [, transport] of stats) {
        const pair = transport.type === "transport" ? stats.get(transport.selectedCandidatePairId) : undefined;
        const own = pair ? stats.get(pair.localCandidateId) : undefined;
        if (own) return { type: own.candidateType, relayProtocol: own.relayProtocol };
      }
    }
    return null;
  });
}

test("a page behind a wall is heard and hears by a relay, with credentials that run out", async ({ floor, hub }) => {
  const relay = await Coturn.start(port, secret);
  try {
    const ana = await floor.seat(0, ANA, { url: hub.url, leadVoice: throughRelaysOnly });
    await ana.wants("ready");
    const customer = await floor.customer();
    const call = await ana.answers();
    await ana.hears(CUSTOMER);
    await expect.poll(() => heardSeconds(customer.heard(), 0, ANA).tone, { timeout: 60_000 }).toBeGreaterThan(1);
    expect(await ownEnd(ana.page)).toEqual({ type: "relay", relayProtocol: "tcp" });

    // The relay lets a call back in after the page was loaded anew.
    await ana.page.reload();
    await ana.reachable();
    await ana.hears(CUSTOMER);
    expect((await ana.mine()).current.id, "still the call").toBe(call);
    await ana.hangsUp();
    const wav = await ana.api.recordingOf(call);
    expect(heardSeconds(wav, 0, CUSTOMER).tone, "the customer is on the left").toBeGreaterThan(1);
    expect(heardSeconds(wav, 1, ANA).tone, "the agent is on the right").toBeGreaterThan(1);
  } finally {
    await relay.remove();
  }
});

test("only who takes calls is told the relay, and nobody its secret", async ({ hub }) => {
  const told: string[] = [];
  for (const role of new Set(hub.logins.map(({ role }) => role))) {
    const login = hub.logins.find((one) => one.role === role);
    if (!login) continue;
    const api = await Api.signIn(hub.url, login);
    const { status, body } = await api.ask("POST", "/me/phone");
    expect(JSON.stringify(body)).not.toContain(secret);
    if (status === 200) {
      told.push(role);
      const [server] = body.ice_servers;
      expect(server.urls).toEqual([RELAY]);
      // They outlive the phone's own secret, which the page renews: a call goes on for as long as it may.
      const ends = Number(server.username.split(":")[0]) * 1_000;
      expect(ends).toBeGreaterThan(Date.parse(body.expires_at));
    } else {
      expect(status, role).toBe(403);
      expect(body.ice_servers).toBeUndefined();
    }
  }
  expect(told).toContain("agent");
});
