import { startRinging } from "@/features/agent/ringSound";

/** The double note once, with its end. */
const SOUND_MS = 1_200;

/** Plays the ring's note once on a device (`null`: the system's own). */
export function playTestSound(device: string | null): void {
  setTimeout(startRinging(device), SOUND_MS);
}
