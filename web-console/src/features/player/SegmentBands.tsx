import type { Segment } from "@/api/types";
import { MARKS } from "./segments";
import classes from "./segments.module.css";

interface Props {
  segments: readonly Segment[];
  durationMs: number;
}

/** The segments below the sound; the list says the same in words. */
export function SegmentBands({ segments, durationMs }: Props) {
  if (segments.length === 0 || durationMs <= 0) return null;
  const share = (ms: number) => `${Math.min(100, (ms / durationMs) * 100)}%`;
  return (
    <div className={classes.bands} aria-hidden>
      {segments.map(({ kind, from_ms, to_ms }) => (
        <div
          key={from_ms}
          className={classes.band}
          data-kind={kind}
          style={{
            left: share(from_ms),
            width: share(to_ms - from_ms),
            color: `var(--tone-${MARKS[kind].tone})`,
          }}
        />
      ))}
    </div>
  );
}
