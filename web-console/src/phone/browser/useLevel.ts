import { useEffect, useState } from "react";

/** Often enough to follow a voice, seldom enough to cost nothing. */
const EVERY_MS = 100;
const WINDOW_SAMPLES = 512;
/** Silence in a quiet room, and a loud voice, in dB below full scale: the ends of the scale. */
const QUIET_DB = -55;
const LOUD_DB = -10;
export const FULL = 100;

/** From samples between -1 and 1 to 0 … 100, by their power as the ear counts it. */
export function levelOf(samples: Float32Array): number {
  let power = 0;
  for (const sample of samples) power += sample * sample;
  const db = 10 * Math.log10(power / samples.length);
  const share = (db - QUIET_DB) / (LOUD_DB - QUIET_DB);
  return Math.round(FULL * Math.min(1, Math.max(0, share)));
}

/** How loud a stream is just now, 0 … 100. */
export function useLevel(stream: MediaStream | null): number {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    setLevel(0);
    if (stream === null || typeof AudioContext === "undefined") return;
    const audio = new AudioContext();
    const analyser = audio.createAnalyser();
    analyser.fftSize = WINDOW_SAMPLES;
    audio.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(WINDOW_SAMPLES);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      setLevel(levelOf(samples));
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      void audio.close();
    };
  }, [stream]);
  return level;
}
