import type { Segment } from "@/api/types";
import type { ShapeName } from "@/ui/Shape";
import type { Tone } from "@/ui/tones";

export type SegmentKind = Segment["kind"];

/** How each kind is marked, beside its word. */
export const MARKS: Record<SegmentKind, { shape: ShapeName; tone: Tone }> = {
  talk: { shape: "disc", tone: "busy" },
  hold: { shape: "note", tone: "after" },
  consult: { shape: "half", tone: "good" },
  conference: { shape: "square", tone: "busy" },
  transfer: { shape: "arrow", tone: "good" },
  queue: { shape: "hourglass", tone: "alert" },
  park: { shape: "bar", tone: "alert" },
  pause: { shape: "pause", tone: "off" },
};

/** Whoever goes back this soon after a segment's beginning means the one before it. */
export const BACK_WITHIN_MS = 1_500;

/** A player lands a little beside the place that it was sent to. */
const BESIDE_MS = 20;

/** Which segment a position lies in; `-1` where nothing is marked. */
export function segmentAt(segments: readonly Segment[], atMs: number): number {
  const at = atMs + BESIDE_MS;
  return segments.findIndex(({ from_ms, to_ms }) => from_ms <= at && at < to_ms);
}

/** Where the segment before begins, or this one if it has been heard for a while. */
export function previousSegment(segments: readonly Segment[], atMs: number): number {
  const begun = segments.filter(({ from_ms }) => from_ms + BACK_WITHIN_MS < atMs);
  return begun.at(-1)?.from_ms ?? 0;
}

/** Where the next segment begins; none after the last. */
export function nextSegment(segments: readonly Segment[], atMs: number): number | null {
  return segments.find(({ from_ms }) => from_ms > atMs + BESIDE_MS)?.from_ms ?? null;
}

/** Where a key leads, or `null` if it is none of these. Known to the position's slider alone. */
export function segmentByKey(
  key: string,
  segments: readonly Segment[],
  atMs: number,
): number | null {
  if (segments.length === 0) return null;
  switch (key.toLowerCase()) {
    case "p":
      return previousSegment(segments, atMs);
    case "n":
      return nextSegment(segments, atMs);
    default:
      return null;
  }
}
