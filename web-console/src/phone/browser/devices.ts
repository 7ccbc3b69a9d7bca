import { useEffect, useState } from "react";
import { createStore, useStore } from "@/ui/store";

/** Chosen devices by their id; `null` is the system's own choice. */
export interface DeviceChoice {
  microphone: string | null;
  speaker: string | null;
  /** Where it rings: the loudspeaker of the desk, say, while talking is in the headset. */
  ringer: string | null;
}

export type DevicePurpose = keyof DeviceChoice;

const STORAGE_KEY = "centralita-devices";
const SYSTEM_CHOICE: DeviceChoice = { microphone: null, speaker: null, ringer: null };

/** Ids differ from browser to browser, so the choice stays in this one. */
function remembered(): DeviceChoice {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "null");
    if (typeof stored !== "object" || stored === null) return SYSTEM_CHOICE;
    const id = (purpose: DevicePurpose) => {
      const value = (stored as Record<string, unknown>)[purpose];
      return typeof value === "string" ? value : null;
    };
    return { microphone: id("microphone"), speaker: id("speaker"), ringer: id("ringer") };
  } catch {
    return SYSTEM_CHOICE;
  }
}

export const devices = createStore(remembered());

export function chooseDevice(purpose: DevicePurpose, id: string | null): void {
  devices.set({ ...devices.get(), [purpose]: id });
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(devices.get()));
  } catch {
    // Forgotten with the page, then.
  }
}

export function useDeviceChoice(): DeviceChoice {
  return useStore(devices);
}

export interface Device {
  id: string;
  /** Empty until the microphone has been allowed: browsers tell no names before. */
  label: string;
}

export interface DeviceLists {
  microphones: readonly Device[];
  speakers: readonly Device[];
}

const NONE: DeviceLists = { microphones: [], speakers: [] };

export async function listDevices(): Promise<DeviceLists> {
  // Absent on plain http (Secure Contexts), loopback excepted.
  const media = navigator.mediaDevices as MediaDevices | undefined;
  if (!media) return NONE;
  const all = await media.enumerateDevices();
  const of = (kind: MediaDeviceKind) =>
    all
      // `default` and `communications` are second names of devices that are in the list themselves.
      .filter(
        (device) =>
          device.kind === kind && !["", "default", "communications"].includes(device.deviceId),
      )
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { microphones: of("audioinput"), speakers: of("audiooutput") };
}

/** Whether sound can be sent to a chosen device at all; not every browser can. */
export function canChooseSpeaker(): boolean {
  return "setSinkId" in HTMLMediaElement.prototype;
}

/** Those plugged in now; `again` reads them anew, as after the microphone was allowed. */
export function useDevices(): DeviceLists & { again: () => void } {
  const [lists, setLists] = useState(NONE);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is a new reading
  useEffect(() => {
    let gone = false;
    const read = () =>
      void listDevices().then(
        (found) => !gone && setLists(found),
        () => undefined,
      );
    read();
    const media = navigator.mediaDevices as MediaDevices | undefined;
    media?.addEventListener("devicechange", read);
    return () => {
      gone = true;
      media?.removeEventListener("devicechange", read);
    };
  }, [round]);
  return { ...lists, again: () => setRound(round + 1) };
}
