import { useComputedColorScheme } from "@mantine/core";
import { useElementSize, useMergedRef } from "@mantine/hooks";
import { type PointerEvent, useEffect, useRef } from "react";
import type { Waveform } from "@/api/types";
import { drawWaveform } from "./drawWaveform";
import { seekByPointer } from "./playerLogic";
import classes from "./RecordingPlayer.module.css";

/** Played and still ahead, for each side; the lanes are told apart by place and word as well. */
const COLOURS = {
  light: { customer: ["#8a5c10", "#d9b777"], agent: ["#1a545d", "#8fbac1"] },
  dark: { customer: ["#f0c470", "#7d6333"], agent: ["#8fcbd4", "#3f6a72"] },
} as const;

interface Props {
  waveform: Waveform | null;
  atMs: number;
  durationMs: number;
  onSeek: (ms: number) => void;
}

/** The picture of the sound, and the needle. */
export function WaveformView({ waveform, atMs, durationMs, onSeek }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { ref: sized, width } = useElementSize<HTMLCanvasElement>();
  const ref = useMergedRef(canvas, sized);
  const scheme = useComputedColorScheme("light");
  const progress = durationMs > 0 ? atMs / durationMs : 0;

  useEffect(() => {
    if (canvas.current === null || width === 0) return;
    const { customer, agent } = COLOURS[scheme];
    drawWaveform(
      canvas.current,
      [
        { peaks: waveform?.left ?? [], played: customer[0], ahead: customer[1] },
        { peaks: waveform?.right ?? [], played: agent[0], ahead: agent[1] },
      ],
      progress,
    );
  }, [waveform, progress, scheme, width]);

  const press = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.type === "pointermove" && event.buttons === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    onSeek(seekByPointer(event.clientX - box.left, box.width, durationMs));
  };
  return (
    <>
      <canvas ref={ref} className={classes.canvas} onPointerDown={press} onPointerMove={press} />
      <div className={classes.needle} style={{ left: `${Math.min(100, progress * 100)}%` }} />
    </>
  );
}
