// The console by the hub's own https: page, live events and the phone's websocket, all of it encrypted.

import { expect, test } from "./floor.ts";
import { TONES } from "./seat.ts";
import { heardSeconds } from "./sound.ts";

const { customer: CUSTOMER, ana: ANA } = TONES;

test("an agent at a page by https is heard and hears, also after the page was loaded anew", async ({ floor, hub }) => {
  const sockets: string[] = [];
  const ana = await floor.seat(0, ANA, {
    url: hub.secureUrl,
    leadVoice: async (context) => {
      context.on("page", (page) => page.on("websocket", (socket) => sockets.push(socket.url())));
    },
  });
  const wss = hub.secureUrl.replace("https:", "wss:");
  await expect.poll(() => sockets).toEqual(expect.arrayContaining([`${wss}/ws`, `${wss}/sip`]));
  const [cookie] = await ana.context.cookies();
  expect(cookie).toMatchObject({ name: "centralita_session", secure: true, httpOnly: true });
  const spoken = await ana.page.evaluate(() => {
    const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    return entry?.nextHopProtocol;
  });
  expect(spoken, "pages come by HTTP/2").toBe("h2");

  await ana.wants("ready");
  const customer = await floor.customer();
  const call = await ana.answers();
  await ana.hears(CUSTOMER);
  await expect.poll(() => heardSeconds(customer.heard(), 0, ANA).tone, { timeout: 60_000 }).toBeGreaterThan(1);
  await ana.page.reload();
  await ana.reachable();
  await ana.hears(CUSTOMER);
  expect((await ana.mine()).current.id, "still the call").toBe(call);
  await ana.hangsUp();
  const wav = await ana.api.recordingOf(call);
  expect(heardSeconds(wav, 0, CUSTOMER).tone, "the customer is on the left").toBeGreaterThan(1);
  expect(heardSeconds(wav, 1, ANA).tone, "the agent is on the right").toBeGreaterThan(1);
});
