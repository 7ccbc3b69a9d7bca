import { createStore, useStore } from "@/ui/store";

const STORAGE_KEY = "centralita-ring-sound";

function remembered(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== "off";
  } catch {
    return true;
  }
}

const on = createStore(remembered());

/** Whether a ringing call is heard from the computer as well as from the phone. */
export function useRingSound(): { on: boolean; toggle: () => void } {
  return {
    on: useStore(on),
    toggle: () => {
      on.set(!on.get());
      try {
        localStorage.setItem(STORAGE_KEY, on.get() ? "on" : "off");
      } catch {
        // Forgotten with the page, then.
      }
    },
  };
}

/** A soft double note, quiet enough for an open office. */
const NOTES_HZ = [659.25, 783.99];
const NOTE_S = 0.22;
const PERIOD_MS = 2_400;
const LOUDEST = 0.06;

/** An audio context's `setSinkId`, which not every browser has. */
type Sinkable = AudioContext & { setSinkId?: (id: string) => Promise<void> };

/**
 * Rings on a device (`null`: the system's own) until the returned function is called. Browsers stay
 * silent before the first click: so do we.
 */
export function startRinging(device: string | null): () => void {
  if (typeof AudioContext === "undefined") return () => undefined;
  const audio: Sinkable = new AudioContext();
  // One that is unplugged leaves the ringing where it was: on the system's own.
  if (device !== null) void audio.setSinkId?.(device).catch(() => undefined);
  const ring = () => {
    if (audio.state !== "running") return;
    for (const [at, hz] of NOTES_HZ.entries()) playNote(audio, hz, audio.currentTime + at * NOTE_S);
  };
  void audio.resume().then(ring, () => undefined);
  const timer = setInterval(ring, PERIOD_MS);
  return () => {
    clearInterval(timer);
    void audio.close();
  };
}

function playNote(audio: AudioContext, hz: number, at: number): void {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = "sine";
  tone.frequency.value = hz;
  // Up and down gently: a jump in level is a click.
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDEST, at + 0.03);
  volume.gain.linearRampToValueAtTime(0, at + NOTE_S * 1.6);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + NOTE_S * 1.7);
}
