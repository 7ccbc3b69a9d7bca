import { columnsOf } from "./playerLogic";

/** A bar and the gap beside it, CSS pixels. */
const BAR_PX = 2;
const PITCH_PX = 3;
/** Silence is still a line: one sees that the channel is there. */
const SILENCE_PX = 1;
const LOUDEST = 255;

export interface Lane {
  peaks: readonly number[];
  /** Drawn up to the playing position, and beyond it. */
  played: string;
  ahead: string;
}

/** Draws each lane as bars about its own middle line. `progress` is 0 to 1. */
export function drawWaveform(
  canvas: HTMLCanvasElement,
  lanes: readonly Lane[],
  progress: number,
): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  context.clearRect(0, 0, width, height);

  const laneHeight = height / Math.max(1, lanes.length);
  const bars = Math.floor(width / PITCH_PX);
  for (const [index, lane] of lanes.entries()) {
    const middle = laneHeight * (index + 0.5);
    for (const [bar, peak] of columnsOf(lane.peaks, bars).entries()) {
      const tall = Math.max(SILENCE_PX, (peak / LOUDEST) * (laneHeight - 6));
      context.fillStyle = bar / bars < progress ? lane.played : lane.ahead;
      context.fillRect(bar * PITCH_PX, middle - tall / 2, BAR_PX, tall);
    }
  }
}
