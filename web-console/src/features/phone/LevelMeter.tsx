import { FULL, useLevel } from "@/phone/browser/useLevel";
import classes from "./LevelMeter.module.css";

interface Props {
  stream: MediaStream | null;
  label: string;
  widthPx?: number;
}

/** How loud a microphone is just now. */
export function LevelMeter({ stream, label, widthPx }: Props) {
  const level = useLevel(stream);
  return (
    <meter
      className={classes.meter}
      style={widthPx === undefined ? undefined : ({ "--meter-width": `${widthPx}px` } as object)}
      aria-label={label}
      min={0}
      max={FULL}
      value={level}
    />
  );
}
