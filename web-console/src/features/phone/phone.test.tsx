import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { keys } from "@/api/keys";
import type { MyAgent } from "@/api/types";
import { useMyAgent } from "@/features/agent/agent";
import { CallButtons } from "@/features/agent/CallButtons";
import { PhoneChooser } from "@/features/agent/PhoneChooser";
import { RingAnnouncer } from "@/features/agent/RingAnnouncer";
import { devices } from "@/phone/browser/devices";
import { fakePhone, invite, pretendMedia } from "../../../tests/fakePhone";
import { pretendHub, Refusal, show } from "../../../tests/render";
import { agentView, liveCall, myAgent, session } from "../../../tests/samples";
import { CallSound } from "./CallSound";
import { PhoneMark } from "./PhoneMark";
import { PhoneNotices } from "./PhoneNotices";
import { PhoneContextProvider } from "./PhoneProvider";
import { PhoneSettings } from "./PhoneSettings";

const browser = { id: "b", kind: "browser", label: "Browser", reachable: true } as const;
const byBrowser = (more: Partial<MyAgent> = {}): MyAgent =>
  myAgent({ phones: [browser], phone_id: "b", ...more });
const offered = byBrowser({
  agent: agentView({ state: "offered" }),
  current: liveCall({ state: "ringing" }),
});

beforeEach(() => {
  pretendMedia();
});

async function open(content: ReactNode, mine: MyAgent, made = fakePhone()) {
  const view = await show(
    <PhoneContextProvider value={made.phone}>{content}</PhoneContextProvider>,
    session(),
  );
  // The cache tells those who show it a moment later.
  const set = (next: MyAgent) =>
    act(async () => {
      view.cache.setQueryData(keys.agent, next);
      await made.settled();
    });
  await set(mine);
  return { ...view, ...made, set };
}

function Buttons() {
  const mine = useMyAgent();
  return mine ? <CallButtons mine={mine} /> : null;
}

describe("an offered call", () => {
  it("is answered and rejected in the phone itself, when this tab has it", async () => {
    const asked = pretendHub({});
    const { register, hear, endpoint, settled } = await open(<Buttons />, offered);
    await act(async () => {
      await register();
      hear(invite());
    });
    fireEvent.click(screen.getByRole("button", { name: "Answer" }));
    await act(settled);
    expect(endpoint.answer).toHaveBeenCalledWith("1", expect.anything(), []);
    expect(screen.queryByRole("button", { name: "Reject" })).toBeNull();

    await act(async () => {
      hear({ kind: "ended", call: "1" });
      hear(invite({ call: "2" }));
    });
    fireEvent.click(screen.getByRole("button", { name: "Reject" }));
    expect(endpoint.reject).toHaveBeenCalledWith("2", 603);
    expect(asked).toEqual([]);
  });

  it("in another tab can be rejected here, not answered", async () => {
    const asked = pretendHub({ "POST /calls/call/reject": {} });
    await open(<Buttons />, offered);
    expect(screen.queryByRole("button", { name: "Answer" })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Reject" }));
    await waitFor(() => expect(asked).toMatchObject([{ path: "/calls/call/reject" }]));
  });

  it("is said by name and answered by its key", async () => {
    const { register, hear, endpoint, settled } = await open(<RingAnnouncer />, offered);
    await act(async () => {
      await register();
      hear(invite());
    });
    expect(screen.getByRole("alert").textContent).toBe("+34 611 200 000 is calling");
    fireEvent.keyDown(document.body, { key: "a" });
    await act(settled);
    expect(endpoint.answer).toHaveBeenCalled();
  });

  it("is hung up by the phone itself when the hub does not hear us", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    const talking = byBrowser({
      agent: agentView({ state: "talking" }),
      current: liveCall({ state: "talking" }),
    });
    const { register, hear, endpoint, settled } = await open(<Buttons />, talking);
    await act(async () => {
      await register();
      hear(invite({ auto: true }));
      await settled();
      hear({ kind: "established", call: "1" });
    });
    fireEvent.click(screen.getByRole("button", { name: "Hang up" }));
    await waitFor(() => expect(endpoint.hangUp).toHaveBeenCalledWith("1"));
  });
});

describe("during a call", () => {
  async function talking() {
    const made = await open(
      <>
        <CallSound />
        <PhoneMark />
      </>,
      byBrowser(),
    );
    const insertDTMF = vi.fn();
    const dtmf = { canInsertDTMF: true, toneBuffer: "", insertDTMF };
    const peer = { getSenders: () => [{ track: { kind: "audio" }, dtmf }], getStats: vi.fn() };
    await act(async () => {
      await made.register();
      made.hear(invite({ auto: true }));
      await made.settled();
      made.hear({
        kind: "sound",
        call: "1",
        stream: {} as MediaStream,
        peer: peer as unknown as RTCPeerConnection,
      });
      made.hear({ kind: "established", call: "1" });
    });
    return { ...made, insertDTMF };
  }

  it("mutes by press and by key, in words, and says where the phone stands", async () => {
    const { endpoint } = await talking();
    fireEvent.click(screen.getByRole("button", { name: "Mute" }));
    expect(endpoint.mute).toHaveBeenLastCalledWith("1", true);
    expect(screen.getByRole("button", { name: "Muted: unmute" })).toBeTruthy();
    expect(screen.queryByLabelText("Level of the microphone")).toBeNull();
    fireEvent.keyDown(document.body, { key: "M" });
    expect(endpoint.mute).toHaveBeenLastCalledWith("1", false);
    expect(screen.getByLabelText("Level of the microphone")).toBeTruthy();
    expect(screen.getByText("In a call")).toBeTruthy();
  });

  it("plays digits by press and by keyboard, while the keypad is open", async () => {
    const { insertDTMF } = await talking();
    fireEvent.keyDown(document.body, { key: "7" });
    expect(insertDTMF).not.toHaveBeenCalled();
    fireEvent.keyDown(document.body, { key: "k" });
    fireEvent.click(await screen.findByRole("button", { name: "Key 4" }));
    fireEvent.keyDown(document.body, { key: "#" });
    expect(insertDTMF.mock.calls.map(([digit]) => digit)).toEqual(["4", "#"]);
    expect(screen.getByText("4#")).toBeTruthy();
  });
});

describe("what keeps the phone from working", () => {
  it("is said with its remedy: another tab, and a call there", async () => {
    const { phone, tabs } = await open(<PhoneNotices />, byBrowser());
    act(() => {
      phone.want(true);
      phone.feed({ kind: "lock_taken" });
    });
    fireEvent.click(screen.getByRole("button", { name: "Use here" }));
    expect(tabs.askHolder).toHaveBeenCalled();
    act(() => phone.feed({ kind: "holder_answered", busy: true }));
    await screen.findByText("Take the call over?");
    expect(tabs.steal).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Leave it there" }));
    expect(tabs.steal).not.toHaveBeenCalled();
    act(() => phone.feed({ kind: "holder_answered", busy: true }));
    const take = await screen.findAllByRole("button", { name: "Use here" });
    fireEvent.click(take.at(-1) as HTMLElement);
    expect(tabs.steal).toHaveBeenCalled();
  });

  it("is said: the microphone is not allowed", async () => {
    pretendMedia(() => Promise.reject(new DOMException("no", "NotAllowedError")));
    const { register, hear, phone, settled } = await open(<PhoneNotices />, byBrowser());
    await act(async () => {
      await register();
      hear(invite());
      phone.feed({ kind: "answer" });
      await settled();
    });
    expect(screen.getByText("The microphone is not allowed")).toBeTruthy();
    expect(screen.getByText(/answer again/)).toBeTruthy();
  });

  it("is said: a page that is not secure, and only to whom it concerns", async () => {
    const { set } = await open(
      <PhoneContextProvider value={null}>
        <PhoneNotices />
      </PhoneContextProvider>,
      byBrowser(),
    );
    expect(screen.getByText("The browser phone needs a secure page")).toBeTruthy();
    await set(myAgent());
    expect(screen.queryByText("The browser phone needs a secure page")).toBeNull();
  });
});

describe("the choice of a phone", () => {
  it("has this browser made into a phone when it is chosen for the first time", async () => {
    const asked = pretendHub({
      "POST /me/phone": { id: "new" },
      "PUT /agent/phone": myAgent(),
    });
    await open(<PhoneChooser mine={myAgent()} />, myAgent());
    fireEvent.click(screen.getByRole("combobox", { name: "Phone that rings" }));
    fireEvent.click(await screen.findByText("This browser"));
    await waitFor(() =>
      expect(asked).toMatchObject([
        { path: "/me/phone" },
        { path: "/agent/phone", body: { phone_id: "new" } },
      ]),
    );
  });

  it("stays as it was when the hub makes none", async () => {
    const asked = pretendHub({ "POST /me/phone": new Refusal(403, { code: "not_allowed" }) });
    const { settled } = await open(<PhoneChooser mine={myAgent()} />, myAgent());
    fireEvent.click(screen.getByRole("combobox", { name: "Phone that rings" }));
    fireEvent.click(await screen.findByText("This browser"));
    await waitFor(() => expect(asked).toHaveLength(1));
    await act(settled);
    expect(asked).toMatchObject([{ path: "/me/phone" }]);
  });

  it("and of devices is kept in this browser; a microphone is tried before the call", async () => {
    const { opened } = pretendMedia();
    await open(
      <StrictMode>
        <PhoneSettings />
      </StrictMode>,
      byBrowser(),
    );
    fireEvent.click(await screen.findByRole("combobox", { name: "Microphone" }));
    fireEvent.click(await screen.findByText("Headset"));
    expect(devices.get().microphone).toBe("headset");
    expect(localStorage.getItem("centralita-devices")).toContain('"microphone":"headset"');
    fireEvent.click(screen.getByRole("button", { name: "Test the microphone" }));
    await screen.findByText("Speak: the bar should move.");
    fireEvent.click(screen.getByRole("button", { name: "End the test" }));
    expect(opened.at(-1)?.getAudioTracks()[0]?.stop).toHaveBeenCalled();
  });
});
