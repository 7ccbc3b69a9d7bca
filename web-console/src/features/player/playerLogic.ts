/** Everything about the player that is arithmetic. Positions and durations in ms. */

/** One press of an arrow. */
export const STEP_MS = 5_000;
/** With Shift, or Page up and down. */
export const BIG_STEP_MS = 30_000;

export const SPEEDS = [1, 1.25, 1.5, 2] as const;

export function clampMs(ms: number, durationMs: number): number {
  return Math.min(Math.max(0, ms), Math.max(0, durationMs));
}

/** Where a key leads from a position, or `null` if the slider does not know the key. */
export function seekByKey(
  key: string,
  shift: boolean,
  atMs: number,
  durationMs: number,
): number | null {
  const small = shift ? BIG_STEP_MS : STEP_MS;
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return clampMs(atMs + small, durationMs);
    case "ArrowLeft":
    case "ArrowDown":
      return clampMs(atMs - small, durationMs);
    case "PageUp":
      return clampMs(atMs + BIG_STEP_MS, durationMs);
    case "PageDown":
      return clampMs(atMs - BIG_STEP_MS, durationMs);
    case "Home":
      return 0;
    case "End":
      return durationMs;
    default:
      return null;
  }
}

/** Where a press on the waveform leads. */
export function seekByPointer(x: number, width: number, durationMs: number): number {
  return width > 0 ? clampMs((x / width) * durationMs, durationMs) : 0;
}

/** Fits `peaks` (0–255) to `columns`; a column keeps the loudest of what it stands for. */
export function columnsOf(peaks: readonly number[], columns: number): number[] {
  if (columns <= 0 || peaks.length === 0) return [];
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * peaks.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * peaks.length) / columns));
    let loudest = 0;
    for (let at = from; at < to && at < peaks.length; at += 1)
      loudest = Math.max(loudest, peaks[at] ?? 0);
    return loudest;
  });
}

export function nextSpeed(speed: number): number {
  const at = SPEEDS.indexOf(speed as (typeof SPEEDS)[number]);
  return SPEEDS[(at + 1) % SPEEDS.length] ?? 1;
}
