/** Why there is no microphone, each with its own words and its own remedy. */
export type MicrophoneTrouble = "denied" | "none" | "busy" | "insecure" | "unknown";

export class MicrophoneError extends Error {
  constructor(readonly trouble: MicrophoneTrouble) {
    super(trouble);
    this.name = "MicrophoneError";
  }
}

/** The browser's own names (Media Capture and Streams, section 10.2), and some older ones. */
const TROUBLES: Readonly<Record<string, MicrophoneTrouble>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  DevicesNotFoundError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** By name alone: not every browser's errors about media are an `Error`. */
function nameOf(error: unknown): string {
  return typeof error === "object" && error !== null && "name" in error ? String(error.name) : "";
}

export function troubleOf(error: unknown): MicrophoneTrouble {
  return TROUBLES[nameOf(error)] ?? "unknown";
}

/** Speech, not music: what the browser can do about echo, noise and level. */
const SPEECH: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: 1,
};

/**
 * Opens the chosen microphone; one that has been unplugged gives way to the system's own.
 * Throws [`MicrophoneError`].
 */
export async function openMicrophone(deviceId: string | null): Promise<MediaStream> {
  // Absent on plain http (Secure Contexts), loopback excepted.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new MicrophoneError("insecure");
  try {
    if (deviceId === null) return await devices.getUserMedia({ audio: SPEECH });
    return await devices
      .getUserMedia({ audio: { ...SPEECH, deviceId: { exact: deviceId } } })
      .catch((error: unknown) => {
        const gone = nameOf(error) === "OverconstrainedError" || troubleOf(error) === "none";
        if (!gone) throw error;
        return devices.getUserMedia({ audio: SPEECH });
      });
  } catch (error) {
    throw new MicrophoneError(troubleOf(error));
  }
}

export function stopTracks(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
