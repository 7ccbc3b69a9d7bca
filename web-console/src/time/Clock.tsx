import { Text, type TextProps } from "@mantine/core";
import { clock, countdown, isoDuration } from "./format";
import { useNow } from "./useNow";

interface Props extends TextProps {
  /** Counts up from this moment of the hub's time. */
  since?: string;
  /** Counts down to this one instead. */
  until?: string;
}

/** A running clock. Not announced: a screen reader would speak every second. */
export function Clock({ since, until, ...text }: Props) {
  const now = useNow();
  const ms = until ? Date.parse(until) - now : now - Date.parse(since ?? "");
  return (
    <Text span inherit {...text} className="tabular" aria-live="off">
      <time dateTime={isoDuration(ms)}>
        {until ? countdown(ms) : clock(Number.isNaN(ms) ? 0 : ms)}
      </time>
    </Text>
  );
}
