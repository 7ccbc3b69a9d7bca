import { vi } from "vitest";
import type { PhoneCredentials } from "@/api/types";
import { BrowserPhone } from "@/phone/browser/BrowserPhone";
import type { Endpoint, EndpointEvent } from "@/phone/browser/endpoint";
import { fakeMicrophone } from "./fakeSip";
import { phoneCredentials } from "./samples";

/** What the browser's media devices answer; each microphone that was opened is kept. */
export function pretendMedia(open: () => Promise<MediaStream> = async () => fakeMicrophone()) {
  const opened: MediaStream[] = [];
  const media = Object.assign(new EventTarget(), {
    getUserMedia: vi.fn(async () => {
      const stream = await open();
      opened.push(stream);
      return stream;
    }),
    enumerateDevices: async (): Promise<Partial<MediaDeviceInfo>[]> => [
      { kind: "audioinput", deviceId: "headset", label: "Headset" },
      { kind: "audiooutput", deviceId: "speaker", label: "Loudspeaker" },
    ],
  });
  Object.defineProperty(navigator, "mediaDevices", { value: media, configurable: true });
  Object.defineProperty(HTMLMediaElement.prototype, "play", {
    value: vi.fn(async () => undefined),
    configurable: true,
  });
  Object.defineProperty(HTMLMediaElement.prototype, "pause", {
    value: vi.fn(),
    configurable: true,
  });
  return { opened, media };
}

/** A browser phone whose endpoint, hub and tabs are the test's. */
export function fakePhone(
  askCredentials: () => Promise<PhoneCredentials> = async () => phoneCredentials(),
) {
  const endpoint = {
    start: vi.fn(),
    renew: vi.fn(),
    answer: vi.fn(),
    reject: vi.fn(),
    hangUp: vi.fn(),
    mute: vi.fn(),
    stop: vi.fn(),
    abandon: vi.fn(),
  } satisfies Endpoint;
  let hear: (event: EndpointEvent) => void = () => undefined;
  const tabs = {
    lock: vi.fn(),
    unlock: vi.fn(),
    steal: vi.fn(),
    askHolder: vi.fn(),
    close: vi.fn(),
  };
  const phone = new BrowserPhone({
    askCredentials,
    loadEndpoint: async () => (_credentials, tell) => {
      hear = tell;
      return endpoint;
    },
    tabs: () => tabs,
    now: () => 0,
  });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
  return {
    phone,
    endpoint,
    tabs,
    settled,
    hear: (event: EndpointEvent) => hear(event),
    /** Chosen, in this tab, and registered. */
    register: async () => {
      phone.want(true);
      phone.feed({ kind: "lock_granted" });
      await settled();
      hear({ kind: "registered" });
    },
    line: () => {
      const { phone: state } = phone.view.get();
      return state.kind === "here" ? state.line : null;
    },
  };
}

export const invite = (
  more: Partial<EndpointEvent & { kind: "invite" }> = {},
): EndpointEvent & { kind: "invite" } => ({
  kind: "invite",
  call: "1",
  caller: "+34611200000",
  auto: false,
  ...more,
});
