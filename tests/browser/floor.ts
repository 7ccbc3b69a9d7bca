// A floor of agents at their browsers and phones, cleared after each test.

import { Api } from "./api.ts";
import { Baresip, type PhoneSetup } from "./baresip.ts";
import { test as base, expect, type Hub, type Login } from "./hub.ts";
import { Seat, TONES, type Way } from "./seat.ts";

/** The number that leads to the queue Support in the demo. */
const SUPPORT_NUMBER = "+34910000100";
const SUPPORT = "Support";

interface Floor {
  /** An agent of the queue Support sits down at a browser, by another way than directly where one is given. */
  seat: (which: number, hz: number, way?: Way) => Promise<Seat>;
  phone: (setup: Omit<PhoneSetup, "hub">) => Promise<Baresip>;
  /** Such an agent sits at a desk phone that picks up by itself, not ready for calls. */
  desk: (which: number, hz: number) => Promise<{ phone: Baresip; name: string }>;
  /** A customer calls the queue. */
  customer: (number?: string) => Promise<Baresip>;
}

/** The demo's agents in its own order; all of the first serve Support. */
function agent(hub: Hub, which: number): Login {
  const login = hub.logins.filter((one) => one.role === "agent")[which];
  if (!login) throw new Error(`the demo has no agent ${which}`);
  return login;
}

export const test = base.extend<{ floor: Floor }>({
  floor: async ({ hub }, use) => {
    const seats: Seat[] = [];
    const phones: Baresip[] = [];
    const apis: Api[] = [];
    const phone = async (setup: Omit<PhoneSetup, "hub">) => {
      const started = await Baresip.start({ ...setup, hub: hub.sip });
      phones.push(started);
      return started;
    };
    await use({
      seat: async (which, hz, way) => {
        const seat = await Seat.take(hub, agent(hub, which), hz, way);
        seats.push(seat);
        const { queues } = await seat.mine();
        expect(queues.map((queue: { name: string }) => queue.name), "the test is about").toContain(SUPPORT);
        return seat;
      },
      phone,
      desk: async (which, hz) => {
        const login = agent(hub, which);
        const device = hub.devices.find((one) => one.email === login.email);
        if (!device) throw new Error(`${login.email} has no desk phone`);
        const { username, password } = device;
        const plugged = await phone({ username, password, answers: true, hz });
        const api = await Api.signIn(hub.url, login);
        apis.push(api);
        const { agent: person, phones: all } = await api.get("/agent");
        const desk = all.find((one: { kind: string }) => one.kind === "desk");
        await api.ask("PUT", "/agent/phone", { phone_id: desk.id });
        await expect.poll(async () => (await api.get("/agent")).agent.phone_reachable).toBe(true);
        await api.ask("PUT", "/agent/state", { state: "not_ready", reason: "break" });
        return { phone: plugged, name: person.display_name };
      },
      customer: (number = "+34600444001") =>
        phone({ username: number, dials: SUPPORT_NUMBER, hz: TONES.customer }),
    });
    for (const one of phones) await one.hangUp();
    for (const seat of seats) await seat.leave();
    for (const api of apis) await api.logOut();
    for (const one of phones) await one.remove();
  },
});

export { expect };
