import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/api/problem";
import { fakePhone, invite, pretendMedia } from "../../../tests/fakePhone";
import { fakeMicrophone } from "../../../tests/fakeSip";
import { phoneCredentials } from "../../../tests/samples";

beforeEach(() => sessionStorage.clear());

const track = (stream: MediaStream | undefined) => stream?.getAudioTracks()[0];
const refusal = (name: string) => Promise.reject(new DOMException("no", name));

async function inCall() {
  const { opened, media } = pretendMedia();
  const made = fakePhone();
  await made.register();
  made.hear(invite());
  made.phone.feed({ kind: "answer" });
  await made.settled();
  made.hear({ kind: "established", call: "1" });
  return { ...made, opened, media };
}

describe("the browser phone", () => {
  it("opens the microphone only when a call is answered, and closes it after", async () => {
    const { opened } = pretendMedia();
    const { register, hear, phone, settled, endpoint } = fakePhone();
    await register();
    hear(invite());
    await settled();
    expect(opened).toHaveLength(0);
    phone.feed({ kind: "answer" });
    await settled();
    expect(endpoint.answer).toHaveBeenCalledWith("1", opened[0], []);
    expect(phone.view.get().microphone).toBe(opened[0]);
    hear({ kind: "ended", call: "1" });
    expect(track(opened[0])?.stop).toHaveBeenCalled();
    expect(phone.view.get().microphone).toBeNull();
  });

  it.each([
    ["NotAllowedError", "denied"],
    ["NotFoundError", "none"],
    ["NotReadableError", "busy"],
    ["WeirdError", "unknown"],
  ])("says on %s that the microphone is %s, and rings on", async (name, trouble) => {
    pretendMedia(() => refusal(name));
    const { register, hear, phone, settled, line, endpoint } = fakePhone();
    await register();
    hear(invite());
    phone.feed({ kind: "answer" });
    await settled();
    expect(line()).toMatchObject({ kind: "ringing", trouble });
    expect(endpoint.answer).not.toHaveBeenCalled();
  });

  it("has no microphone on a page that is not secure", async () => {
    pretendMedia();
    Object.defineProperty(navigator, "mediaDevices", { value: undefined, configurable: true });
    const { register, hear, phone, settled, line } = fakePhone();
    await register();
    hear(invite());
    phone.feed({ kind: "answer" });
    await settled();
    expect(line()).toMatchObject({ trouble: "insecure" });
  });

  it("lets go of a microphone that opened for a caller who gave up", async () => {
    let allow: (stream: MediaStream) => void = () => undefined;
    pretendMedia(() => new Promise((resolve) => (allow = resolve)));
    const { register, hear, phone, settled, endpoint } = fakePhone();
    await register();
    hear(invite());
    phone.feed({ kind: "answer" });
    hear({ kind: "ended", call: "1" });
    const late = fakeMicrophone();
    allow(late);
    await settled();
    expect(endpoint.answer).not.toHaveBeenCalled();
    expect(track(late)?.stop).toHaveBeenCalled();
  });

  it("mutes the track and tells the endpoint; a reload keeps it", async () => {
    const { phone, opened, endpoint, line } = await inCall();
    phone.feed({ kind: "set_muted", muted: true });
    expect(track(opened[0])?.enabled).toBe(false);
    expect(endpoint.mute).toHaveBeenLastCalledWith("1", true);
    window.dispatchEvent(new Event("pagehide"));
    expect(line()).toMatchObject({ kind: "talking", muted: true });

    const { opened: after } = pretendMedia();
    const next = fakePhone();
    await next.register();
    next.hear(invite({ call: "2", auto: true }));
    await next.settled();
    expect(track(after[0])?.enabled).toBe(false);
    expect(next.endpoint.mute).toHaveBeenLastCalledWith("2", true);
    next.hear({ kind: "ended", call: "2" });
    next.hear(invite({ call: "3", auto: true }));
    await next.settled();
    expect(track(after[1])?.enabled).toBe(true);
  });

  it("takes another microphone into the call when one is unplugged", async () => {
    const { phone, opened, media, hear, settled } = await inCall();
    const replaceTrack = vi.fn();
    const peer = { getSenders: () => [{ track: { kind: "audio" }, replaceTrack }] };
    hear({
      kind: "sound",
      call: "1",
      stream: fakeMicrophone(),
      peer: peer as unknown as RTCPeerConnection,
    });
    phone.feed({ kind: "set_muted", muted: true });
    Object.assign(track(opened[0]) ?? {}, { readyState: "ended" });
    media.dispatchEvent(new Event("devicechange"));
    await settled();
    expect(opened).toHaveLength(2);
    expect(replaceTrack).toHaveBeenCalledWith(track(opened[1]));
    expect(track(opened[1])?.enabled).toBe(false);
    // Nothing of ours has changed the second time.
    media.dispatchEvent(new Event("devicechange"));
    await settled();
    expect(opened).toHaveLength(2);
  });

  it("plays digits into the sound, after those still playing", async () => {
    const { phone, hear } = await inCall();
    expect(phone.digit("5")).toBe(false);
    const insertDTMF = vi.fn();
    const dtmf = { canInsertDTMF: true, toneBuffer: "12", insertDTMF };
    const peer = { getSenders: () => [{ track: { kind: "audio" }, dtmf }] };
    hear({
      kind: "sound",
      call: "1",
      stream: fakeMicrophone(),
      peer: peer as unknown as RTCPeerConnection,
    });
    expect(phone.digit("#")).toBe(true);
    expect(insertDTMF).toHaveBeenCalledWith("12#", 100, 70);
  });

  it("says when the browser keeps the far side silent, and sounds after a press", async () => {
    const { phone, hear, settled } = await inCall();
    const play = vi.mocked(HTMLMediaElement.prototype.play);
    play.mockImplementationOnce(() => refusal("NotAllowedError"));
    hear({
      kind: "sound",
      call: "1",
      stream: fakeMicrophone(),
      peer: { getSenders: () => [] } as unknown as RTCPeerConnection,
    });
    await settled();
    expect(phone.view.get().playback).toBe("blocked");
    phone.hear();
    await settled();
    expect(phone.view.get().playback).toBe("playing");
  });

  it("falls silent for another tab in mid-call, and closes the microphone", async () => {
    const { phone, endpoint, opened, tabs } = await inCall();
    phone.feed({ kind: "lock_lost" });
    expect(endpoint.abandon).toHaveBeenCalled();
    expect(endpoint.stop).not.toHaveBeenCalled();
    expect(track(opened[0])?.stop).toHaveBeenCalled();
    expect(tabs.lock).toHaveBeenCalledTimes(2);
  });

  it("says why the hub gave no credentials", async () => {
    const ask = vi.fn(async () => phoneCredentials());
    ask.mockRejectedValueOnce(new ApiError("not_allowed", 403));
    const { phone, settled } = fakePhone(ask);
    phone.want(true);
    phone.feed({ kind: "lock_granted" });
    await settled();
    expect(phone.view.get()).toMatchObject({
      problem: "not_allowed",
      phone: { link: { kind: "resting" } },
    });
  });

  it("unregisters and gives the phone back when its page is signed out", async () => {
    pretendMedia();
    const { register, phone, endpoint, tabs } = fakePhone();
    await register();
    phone.close();
    expect(endpoint.stop).toHaveBeenCalled();
    expect(tabs.unlock).toHaveBeenCalled();
    expect(tabs.close).toHaveBeenCalled();
  });
});
