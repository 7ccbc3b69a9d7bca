// Click-to-dial from the browser: to telephones of two makes.

import { expect, test } from "./floor.ts";
import { freePorts } from "./process.ts";
import { TONES } from "./seat.ts";
import { Sipp } from "./sipp.ts";
import { heardSeconds } from "./sound.ts";

const { customer: CUSTOMER, ana: ANA } = TONES;
const CALLED = "+34600444081";

// The hub's way out leads to one telephone; the file has a hub of its own. This file is read by each
// process of the runner, and all of them have to mean the same port.
process.env.TESTS_CARRIER_PORT ??= String(await freePorts(2));
const port = Number(process.env.TESTS_CARRIER_PORT);
test.use({
  hubVariables: {
    CENTRALITA_TRUNKS__CARRIER__SOURCES: "[]",
    CENTRALITA_TRUNKS__CARRIER__OUTBOUND__ADDR: `127.0.0.1:${port}`,
    CENTRALITA_TRUNKS__CARRIER__OUTBOUND__TRANSPORT: "udp",
    CENTRALITA_TRUNKS__CARRIER__OUTBOUND__CALLER_ID: "+34910000100",
  },
});

test("a number clicked in the console: both are heard at both ends, each on the own channel", async ({ floor }) => {
  const phone = await floor.phone({ username: CALLED, answers: true, hz: CUSTOMER, port });
  const ana = await floor.seat(0, ANA);
  await ana.wants("not_ready");
  const made = await ana.api.ask("POST", "/contacts", {
    first_name: "Tono",
    last_name: "Clicked",
    phones: [{ kind: "mobile", number: CALLED }],
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  await ana.page.goto(`/contacts/${made.body.id}`);
  await ana.reachable();
  await ana.page.getByRole("button", { name: /^Call \+34 600/ }).first().click();
  // The own phone rings first and picks up by itself: its agent asked for the call.
  await ana.is("talking");
  const call = (await ana.mine()).current.id;
  await ana.hears(CUSTOMER);
  await expect.poll(() => heardSeconds(phone.heard(), 0, ANA).tone).toBeGreaterThan(1);
  expect(heardSeconds(phone.heard(), 0, CUSTOMER).tone, "nobody hears the own voice").toBeLessThan(0.3);
  await ana.page.goto("/desk");
  await ana.hears(CUSTOMER);
  await ana.hangsUp();

  const wav = await ana.api.recordingOf(call);
  expect(heardSeconds(wav, 0, CUSTOMER).tone, "the customer is on the left").toBeGreaterThan(1);
  expect(heardSeconds(wav, 1, ANA).tone, "the agent is on the right").toBeGreaterThan(1);
  expect(heardSeconds(wav, 0, ANA).tone, "and on no other").toBeLessThan(0.3);
  expect(heardSeconds(wav, 1, CUSTOMER).tone).toBeLessThan(0.3);
});

test("a number called through a carrier that is SIPp: its sound arrives, and its scenario is satisfied", async ({
  floor,
  hub,
}) => {
  const carrier = await Sipp.start("carrier_answers", hub.sip, port, CUSTOMER);
  try {
    const ana = await floor.seat(0, ANA);
    await ana.wants("not_ready");
    const dialled = await ana.api.ask("POST", "/calls", { number: "+34600444082" });
    expect(dialled.status, JSON.stringify(dialled.body)).toBeLessThan(300);
    await ana.is("talking");
    await ana.hears(CUSTOMER);
    await ana.hangsUp();
    expect(await carrier.ends(), "the carrier was surprised").toBe(0);
    const wav = await ana.api.recordingOf(dialled.body.id);
    expect(heardSeconds(wav, 0, CUSTOMER).tone, "the customer is on the left").toBeGreaterThan(0.5);
    expect(heardSeconds(wav, 1, ANA).tone, "the agent is on the right").toBeGreaterThan(0.5);
  } finally {
    await carrier.remove();
  }
});
