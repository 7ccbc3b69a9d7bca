import { useSyncExternalStore } from "react";
import { serverClock } from "./serverClock";

/** Twice a second: a clock never shows a second late by more than half of it. */
const TICK_MS = 500;

let current = serverClock.now();
let timer: ReturnType<typeof setInterval> | null = null;
const listeners = new Set<() => void>();

function listen(listener: () => void): () => void {
  if (timer === null) current = serverClock.now();
  listeners.add(listener);
  timer ??= setInterval(() => {
    current = serverClock.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  };
}

const read = () => current;

/** The hub's time, ms; one timer for all clocks on the screen. */
export function useNow(): number {
  return useSyncExternalStore(listen, read);
}
