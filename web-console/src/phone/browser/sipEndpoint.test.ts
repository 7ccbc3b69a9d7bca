import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type FakeSocket,
  fakeMicrophone,
  header,
  OFFER,
  pretendPeers,
  pretendSockets,
  reply,
  request,
} from "../../../tests/fakeSip";
import { phoneCredentials } from "../../../tests/samples";
import type { EndpointEvent } from "./endpoint";
import { sipEndpoint, sipUrl } from "./sipEndpoint";
import { KEEPALIVE_MS } from "./sipSocket";
import { BETWEEN_MS, HICCUP_MS } from "./wayBack";

const CHALLENGE = 'WWW-Authenticate: Digest realm="aurora.example", nonce="n", qop="auth"';

let sockets: FakeSocket[];
beforeEach(() => {
  vi.useFakeTimers();
  sockets = pretendSockets();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function socket(at = -1): FakeSocket {
  const found = sockets.at(at);
  if (!found) throw new Error("no socket was made");
  return found;
}

/** A real user agent whose hub is the test, registered. */
function phone() {
  const told: EndpointEvent[] = [];
  const endpoint = sipEndpoint(phoneCredentials(), (event) => told.push(event));
  endpoint.start();
  const peers = pretendPeers();
  const register = () => {
    socket().opens();
    const asked = socket().last("REGISTER");
    socket().hears(reply(asked, "401 Unauthorized", [CHALLENGE]));
    const answered = socket().last("REGISTER");
    const contact = header(answered, "Contact");
    socket().hears(reply(answered, "200 OK", [`Contact: ${contact}`]));
    return answered;
  };
  return { endpoint, told, register, peers };
}

const contactOf = (register: string) => /<(.*?)>/.exec(header(register, "Contact"))?.[1] ?? "";

describe("the SIP endpoint", () => {
  it("registers by name, password and the instance that this browser always has", () => {
    const first = phone();
    const register = first.register();
    expect(first.told).toEqual([{ kind: "registered" }]);
    expect(socket().protocol).toBe("sip");
    expect(header(register, "To")).toContain("sip:b-nuria@aurora.example");
    expect(header(register, "Authorization")).toContain('username="b-nuria"');
    const instance = /\+sip\.instance="<urn:uuid:(.*?)>"/.exec(header(register, "Contact"))?.[1];
    expect(instance).toMatch(/^[0-9a-f-]{36}$/);
    expect(header(register, "Contact")).toContain("reg-id=1");
    const again = phone().register();
    expect(header(again, "Contact")).toContain(instance);
  });

  it("tells a refusal with its status, and registers again with a new password", () => {
    const { endpoint, told, register } = phone();
    register();
    endpoint.renew(phoneCredentials({ password: "fresh" }));
    const asked = socket().last("REGISTER");
    socket().hears(reply(asked, "403 Forbidden"));
    expect(told.slice(1)).toContainEqual({ kind: "unregistered", status: 403 });
  });

  it("rings with the caller's name, answers with our sound, and tells the end", async () => {
    const { endpoint, told, register, peers } = phone();
    const contact = contactOf(register());
    socket().hears(request("INVITE", contact, { body: OFFER }));
    const invite = told.at(-1);
    expect(invite).toMatchObject({ kind: "invite", caller: "Lucía Ortega", auto: false });
    if (invite?.kind !== "invite") return;
    expect(socket().last("SIP/2.0 180")).toContain("CSeq: 1 INVITE");

    const microphone = fakeMicrophone();
    endpoint.answer(invite.call, microphone, [
      { urls: ["turn:turn.aurora.example"], username: "u", credential: null },
    ]);
    await vi.advanceTimersByTimeAsync(0);
    expect(peers[0]?.config).toMatchObject({
      iceServers: [{ urls: ["turn:turn.aurora.example"] }],
    });
    const answer = socket().last("SIP/2.0 200");
    expect(answer).toContain("m=audio");
    expect(told.at(-1)).toEqual({ kind: "established", call: invite.call });

    const toTag = /tag=(.*)$/.exec(header(answer, "To"))?.[1] ?? "";
    socket().hears(request("ACK", contact, { toTag }));
    endpoint.mute(invite.call, true);
    expect(microphone.getAudioTracks()[0]?.enabled).toBe(false);
    endpoint.mute(invite.call, false);
    expect(microphone.getAudioTracks()[0]?.enabled).toBe(true);

    socket().hears(request("BYE", contact, { toTag, cseq: 2 }));
    expect(told.at(-1)).toEqual({ kind: "ended", call: invite.call });
    expect(peers[0]?.closed).toBe(true);
    // What comes late finds no call.
    endpoint.hangUp(invite.call);
    expect(told.filter(({ kind }) => kind === "ended")).toHaveLength(1);
  });

  it("goes on when the hub refuses the offer of another way, and offers it again", async () => {
    const { endpoint, told, register, peers } = phone();
    const contact = contactOf(register());
    socket().hears(request("INVITE", contact, { body: OFFER }));
    const invite = told.at(-1);
    if (invite?.kind !== "invite") throw new Error("it does not ring");
    endpoint.answer(invite.call, fakeMicrophone(), []);
    await vi.advanceTimersByTimeAsync(0);
    const toTag = /tag=(.*)$/.exec(header(socket().last("SIP/2.0 200"), "To"))?.[1] ?? "";
    socket().hears(request("ACK", contact, { toTag }));
    const offers = () => socket().sent.filter((text) => text.startsWith("INVITE "));

    const refuses = async (status: string) => {
      socket().hears(reply(offers().at(-1) ?? "", status));
      await vi.advanceTimersByTimeAsync(0);
    };

    peers[0]?.becomes("disconnected");
    await vi.advanceTimersByTimeAsync(HICCUP_MS + 10);
    expect(offers()).toHaveLength(1);
    await refuses("491 Request Pending");
    // The library itself tries once more before it calls that a failure.
    await vi.advanceTimersByTimeAsync(1_010);
    expect(offers()).toHaveLength(2);
    await refuses("491 Request Pending");
    expect(peers[0]?.localDescription).toEqual({ type: "rollback" });
    await vi.advanceTimersByTimeAsync(BETWEEN_MS);
    expect(offers()).toHaveLength(3);
    await refuses("500 Server Internal Error");
    expect(peers[0]?.localDescription).toEqual({ type: "rollback" });
    expect(told.filter(({ kind }) => kind === "ended")).toEqual([]);
    expect(socket().sent.some((text) => text.startsWith("BYE "))).toBe(false);

    endpoint.hangUp(invite.call);
    expect(socket().last("BYE ")).toContain("Call-ID: call-1");
    expect(told.at(-1)).toEqual({ kind: "ended", call: invite.call });
  });

  it("marks the call that its person has asked for", () => {
    const { told, register } = phone();
    const contact = contactOf(register());
    const more = ["X-Centralita-Answer: auto"];
    socket().hears(request("INVITE", contact, { body: OFFER, more }));
    expect(told.at(-1)).toMatchObject({ kind: "invite", auto: true });
  });

  it("refuses with the status it is given, and hears when the caller gives up", () => {
    const { endpoint, told, register } = phone();
    const contact = contactOf(register());
    socket().hears(request("INVITE", contact, { body: OFFER }));
    const invite = told.at(-1);
    if (invite?.kind === "invite") endpoint.reject(invite.call, 603);
    expect(socket().last("SIP/2.0 603")).toContain("Call-ID: call-1");

    socket().hears(request("INVITE", contact, { body: OFFER, call: "call-2" }));
    const cancel = request("CANCEL", contact, { call: "call-2" });
    socket().hears(cancel.replace("z9hG4bKCANCEL", "z9hG4bKINVITE"));
    expect(socket().last("SIP/2.0 487")).toContain("Call-ID: call-2");
    expect(told.filter(({ kind }) => kind === "ended")).toHaveLength(2);
  });

  it("comes back after a lost connection, and tells both", async () => {
    const { told, register } = phone();
    register();
    socket().breaks();
    expect(told.at(-1)).toEqual({ kind: "unregistered", status: null });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(sockets).toHaveLength(2);
    register();
    expect(told.at(-1)).toEqual({ kind: "registered" });
  });

  it("notices that the hub went away without a word", async () => {
    const { told, register } = phone();
    register();
    await vi.advanceTimersByTimeAsync(KEEPALIVE_MS);
    expect(socket().sent.at(-1)).toBe("\r\n\r\n");
    socket().hears("\r\n");
    await vi.advanceTimersByTimeAsync(KEEPALIVE_MS);
    expect(told).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(KEEPALIVE_MS);
    expect(told).toContainEqual({ kind: "unregistered", status: null });
  });

  it("unregisters when it stops, and says nothing when it abandons", () => {
    const stopped = phone();
    stopped.register();
    stopped.endpoint.stop();
    expect(header(socket().last("REGISTER"), "Expires")).toBe("0");

    const abandoned = phone();
    const contact = contactOf(abandoned.register());
    socket().hears(request("INVITE", contact, { body: OFFER }));
    const before = socket().sent.length;
    abandoned.endpoint.abandon();
    expect(socket().sent).toHaveLength(before);
    expect(socket().readyState).toBe(3);
    expect(abandoned.told.at(-1)).toMatchObject({ kind: "invite" });
  });
});

describe("the way to the hub", () => {
  it.each([
    ["https://hub.example/desk", "wss://hub.example/sip"],
    ["http://127.0.0.1:8080/desk", "ws://127.0.0.1:8080/sip"],
    ["http://[::1]:8080/", "ws://[::1]:8080/sip"],
  ])("from %s is %s", (page, url) => expect(sipUrl("/sip", new URL(page))).toBe(url));
});
